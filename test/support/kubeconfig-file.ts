/** Kubeconfigs in a folder that goes with its test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A new folder; it is removed when the test has ended. */
export function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'credentials-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** What a kubeconfig says beside its names. */
export interface Config {
  readonly server?: string;
  readonly cluster?: object;
  readonly user?: object;
  readonly namespace?: string;
}

/** Writes a kubeconfig whose one context is called like the file. */
export function kubeconfig(dir: string, name: string, config: Config): string {
  const { server = 'https://api.example:6443', cluster = {}, user = {}, namespace } = config;
  const file = join(dir, name);
  const content = {
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    clusters: [{ name, cluster: { server, ...cluster } }],
    users: [{ name, user }],
  };
  writeFileSync(file, JSON.stringify(content));
  return file;
}
