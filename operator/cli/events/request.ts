/** What `events` was asked, for the files that answer it. */
import { failureOf } from '../../base/failure.ts';
import { RESOURCE_KIND } from '../../base/resource-kinds.ts';
import type { Connection, Surroundings } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import { failureText } from '../failure-text.ts';
import type { CommandIo } from '../io.ts';
import type { Output } from '../view/output.ts';

/** The values of the flags. */
export interface EventsFlags extends ConnectionFlags {
  readonly namespace?: string;
  readonly allNamespaces?: true;
  readonly output?: Output;
  readonly watch?: true;
}

/** The flags, and where they lead. */
export interface EventsRequest {
  /** Absent: of all resources. */
  readonly name: string | undefined;
  readonly flags: EventsFlags;
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
  readonly connection: Connection;
  /** '' is all. */
  readonly namespace: string;
}

/** Selects events of our resources, or of the one that was named. */
export function selectorOf({ name }: EventsRequest): string {
  const kind = `involvedObject.kind=${RESOURCE_KIND}`;
  return name === undefined ? kind : `${kind},involvedObject.name=${name}`;
}

/** Why events cannot be read, and what to grant: one line. */
export function failureSentence(
  { connection, namespace, flags }: EventsRequest,
  error: unknown,
): string {
  const where = namespace === '' ? 'all namespaces, or name one by -n' : `namespace "${namespace}"`;
  const verbs = flags.watch ? '"list" and "watch"' : '"list"';
  return failureText(failureOf(error), {
    server: connection.server,
    ifForbidden: `Grant ${verbs} on events in ${where}.`,
    ifMissing: 'This API server has no events.',
  });
}
