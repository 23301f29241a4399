/** A connection for one command: made, used and closed, and a failure printed once. */
import { failureOf } from '../base/failure.ts';
import type { Connection, Surroundings } from './connection.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { type Circumstances, failureText } from './failure-text.ts';
import type { CommandIo } from './io.ts';

/** What a command was asked, as far as its connection depends on it. */
export interface ConnectionRequest {
  readonly flags: ConnectionFlags & {
    readonly namespace?: string;
    readonly allNamespaces?: true;
  };
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
}

/** An open connection. */
export interface Connected {
  readonly connection: Connection;
  /** Where the command reads, by its flags, else by the connection; '' is all namespaces. */
  readonly namespace: string;
}

/** How a command ends that fails. */
interface FailureOptions<Code> {
  readonly exitCode: Code;
  /** What to grant and what to do, in the line about a connection that cannot be made. Default: nothing. */
  readonly circumstances?: Pick<Circumstances, 'ifForbidden' | 'ifMissing'>;
  /**
   * One line about whatever goes wrong; `connected` is missing when no connection came about. Default: a line about that
   * alone, and what `work` throws is thrown on, since a command's work prints its own failures.
   */
  readonly sentence?: (error: unknown, connected?: Connected) => string | Promise<string>;
}

const NOTHING_TO_DO = { ifForbidden: '', ifMissing: '' } as const;

/**
 * Connects, does the work and closes the connection, however the work ends. A failure goes to stderr as one line, and
 * the exit code is that of `failure`.
 */
export async function withConnection<Code extends 0 | 1 | 2>(
  { flags, io, surroundings }: ConnectionRequest,
  work: (connected: Connected) => Promise<Code>,
  { exitCode, circumstances = NOTHING_TO_DO, sentence }: FailureOptions<Code>,
): Promise<Code> {
  let connected: Connected | undefined;
  try {
    const connection = await surroundings.connect(flags, surroundings.clock);
    connected = { connection, namespace: namespaceOf(flags, connection) };
    return await work(connected);
  } catch (error) {
    if (sentence === undefined && connected !== undefined) throw error;
    const line = sentence?.(error, connected) ?? failureText(failureOf(error), circumstances);
    io.stderr.write(`${await line}\n`);
    return exitCode;
  } finally {
    connected?.connection.close();
  }
}

function namespaceOf(flags: ConnectionRequest['flags'], connection: Connection): string {
  return flags.allNamespaces ? '' : (flags.namespace ?? connection.namespace);
}
