/** A command of the bundle, run to its end in a process of its own. */
import { execFile } from 'node:child_process';
import { PROGRAM_HANG_MS } from '../../support/hang-limits.ts';
import { bundle } from './operator.ts';

export interface CommandEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nothing of our environment but PATH reaches it, so it has the credentials that `args` name and no others. */
export function runBundle(args: readonly string[]): Promise<CommandEnd> {
  const { promise, resolve: end, reject } = Promise.withResolvers<CommandEnd>();
  const options = { env: { PATH: process.env.PATH }, timeout: PROGRAM_HANG_MS };
  execFile(process.execPath, [bundle(), ...args], options, (error, stdout, stderr) => {
    const exitCode = error === null ? 0 : error.code;
    if (typeof exitCode === 'number') end({ exitCode, stdout, stderr });
    else reject(new Error(`ingress-ha ${args.join(' ')} did not end by itself`, { cause: error }));
  });
  return promise;
}
