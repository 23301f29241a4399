/** `tokenFile` of a kubeconfig user: kubectl knows it, the library drops it. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { isObject } from '../../base/read.ts';

/** Where the user's token is, relative to the first of `files` that names the user; undefined without one. */
export function findTokenFile(files: readonly string[], userName: string): string | undefined {
  for (const file of files) {
    const config: unknown = parse(readFileSync(file, 'utf8'), { logLevel: 'error' });
    const users = field(config, 'users');
    if (!Array.isArray(users)) continue;
    const entry: unknown = users.find((user: unknown) => field(user, 'name') === userName);
    if (entry === undefined) continue;
    const path = field(field(entry, 'user'), 'tokenFile');
    return typeof path === 'string' ? resolve(dirname(file), path) : undefined;
  }
  return undefined;
}

function field(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}
