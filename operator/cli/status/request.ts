/** What `status` was asked, for the files that answer it. */
import type { Connection, Surroundings } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import type { CommandIo } from '../io.ts';
import type { Output } from '../view/output.ts';

/** The values of the flags. */
export interface StatusFlags extends ConnectionFlags {
  readonly namespace?: string;
  readonly allNamespaces?: true;
  readonly output?: Output;
  readonly verbose?: true;
  readonly watch?: true;
  readonly wait?: true;
  /** How long `--wait` waits, in ms. */
  readonly timeout: number;
}

/** 0 every resource that was asked for is Ready, 1 one is not, 2 it could not be told. */
export type ExitCode = 0 | 1 | 2;

/** The flags, and where they lead. */
export interface StatusRequest {
  readonly flags: StatusFlags;
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
  readonly connection: Connection;
  /** Of the resources; '' is all. */
  readonly namespace: string;
}

/** Writes the sentence to stderr and gives the exit code. */
export function couldNotTell(io: CommandIo, sentence: string): 2 {
  io.stderr.write(`${sentence}\n`);
  return 2;
}
