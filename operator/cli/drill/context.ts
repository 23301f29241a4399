/** What drill and switchover work on: one resource in one cluster, and how it is read. */
import { failureOf, type KubeFailure } from '../../base/failure.ts';
import {
  API_GROUP,
  DeploymentKind,
  DisruptionBudgetKind,
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
} from '../../base/resource-kinds.ts';
import type { Connection, Surroundings } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import { failureText } from '../failure-text.ts';
import type { CommandIo } from '../io.ts';
import { readInstance } from '../live/read-instance.ts';
import { unknownNameText } from '../live/unknown-name.ts';
import { gapText } from '../view/decide/instance-snapshot.ts';
import { withConnection } from '../with-connection.ts';
import { type DrillSnapshot, drillSnapshot } from './decide/drill-snapshot.ts';

/** One resource, the connection to it, and what the command may do to the world. */
export interface DrillContext {
  readonly namespace: string;
  readonly name: string;
  readonly connection: Connection;
  readonly io: CommandIo;
  readonly clock: Surroundings['clock'];
  /** Of each request, in ms. */
  readonly requestTimeout: number;
}

/** What both commands were asked. */
export interface LeaderCommandRequest {
  readonly name: string;
  readonly flags: ConnectionFlags & { readonly namespace?: string };
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
}

/** Connects, does the work, and closes the connection. 2 when no connection can be made, or the work throws. */
export function withDrillContext(
  request: LeaderCommandRequest,
  work: (context: DrillContext) => Promise<0 | 1 | 2>,
): Promise<0 | 1 | 2> {
  const { name, flags, io, surroundings } = request;
  const { clock } = surroundings;
  const { requestTimeout } = flags;
  const circumstances = { ifForbidden: grant(flags.namespace ?? ''), ifMissing: '' };
  return withConnection<0 | 1 | 2>(
    request,
    (connected) => work({ ...connected, name, io, clock, requestTimeout }),
    { exitCode: 2, sentence: (error) => failureText(failureOf(error), circumstances) },
  );
}

/** What was read of a resource, or why it cannot be judged. */
export type ReadResult =
  | { readonly kind: 'read'; readonly snapshot: DrillSnapshot }
  /** Not everything could be read, and nothing is judged by a part of it. */
  | { readonly kind: 'unreadable'; readonly why: string; readonly failure: KubeFailure };

/** Reads everything once. Never rejects with a KubeError. */
export async function readForDrill(context: DrillContext): Promise<ReadResult> {
  const { connection, clock, namespace, name } = context;
  const options = { timeoutMs: context.requestTimeout, signal: context.io.interrupted };
  try {
    const instance = await readInstance(connection.client, { namespace, name }, options);
    const [gap] = instance.gaps;
    if (gap !== undefined) {
      return { kind: 'unreadable', why: gapText(gap, instance), failure: gap.failure };
    }
    return { kind: 'read', snapshot: drillSnapshot(instance, clock.wallClock().getTime()) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'not-found') {
      const why = await unknownNameText(connection.client, { namespace, name }, options);
      return { kind: 'unreadable', why, failure };
    }
    return { kind: 'unreadable', why: explained(context, failure), failure };
  }
}

/** A failure as a sentence, with the right that a drill needs. */
export function explained(
  context: Pick<DrillContext, 'namespace' | 'connection'>,
  failure: KubeFailure,
) {
  return failureText(failure, {
    server: context.connection.server,
    ifForbidden: grant(context.namespace),
    ifMissing: 'It has gone meanwhile: look with ingress-ha status.',
  });
}

/** What the command needs in all, by method and options: docs/drills.md lists it one by one. */
function grant(namespace: string): string {
  const { plural } = IngressControllerHAKind;
  const others = [DeploymentKind, DisruptionBudgetKind].map((kind) => kind.plural).join(' and ');
  return `In namespace "${namespace}" a drill needs "get" on ${plural}.${API_GROUP}, ${others}; "get" and "watch" on ${LeaseKind.plural}; "get", "list", "watch" and "patch" on ${PodKind.plural}; and "delete" on ${PodKind.plural}, or "create" on ${PodKind.plural}/eviction.`;
}

/** An instant of the monotonic clock as the calendar has it, in ms since 1970. */
export function wallMsAt({ clock }: Pick<DrillContext, 'clock'>, atMs: number): number {
  return clock.wallClock().getTime() - (clock.nowMs() - atMs);
}
