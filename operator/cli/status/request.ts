/** What `status` was asked, for the files that answer it. */
import type { Connection, Surroundings } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import type { CommandIo } from '../io.ts';
import type { Output } from '../view/output.ts';

export interface StatusFlags extends ConnectionFlags {
  readonly namespace?: string;
  readonly allNamespaces?: true;
  readonly output?: Output;
  readonly verbose?: true;
  readonly watch?: true;
  readonly wait?: true;
  readonly timeout: number;
}

/** 0 Ready, 1 not, 2 could not tell. */
export type ExitCode = 0 | 1 | 2;

export interface StatusRequest {
  readonly flags: StatusFlags;
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
  readonly connection: Connection;
  /** Of the resources; '' is all. */
  readonly namespace: string;
}

/** The sentence goes to stderr. */
export function couldNotTell(io: CommandIo, sentence: string): 2 {
  io.stderr.write(`${sentence}\n`);
  return 2;
}
