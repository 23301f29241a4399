/** Where leaders are taken down: one resource in one cluster, and how it is looked at. */
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
import { type DrillSnapshot, drillSnapshot } from './decide/safety.ts';

export interface DrillContext {
  readonly namespace: string;
  readonly name: string;
  readonly connection: Connection;
  readonly io: CommandIo;
  readonly clock: Surroundings['clock'];
  /** Of each request, in ms. */
  readonly requestTimeout: number;
}

/** What both commands are asked. */
export interface LeaderCommandRequest {
  readonly name: string;
  readonly flags: ConnectionFlags & { readonly namespace?: string };
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
}

/** Connects, does the work there, and closes the connection; 2 where there is no connection to be had. */
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

export type ReadResult =
  | { readonly kind: 'seen'; readonly snapshot: DrillSnapshot }
  /** Too little could be read to judge. */
  | { readonly kind: 'unseen'; readonly why: string; readonly failure: KubeFailure };

/** One look at everything; nothing is judged by half of it. */
export async function readForDrill(context: DrillContext): Promise<ReadResult> {
  const { connection, clock, namespace, name } = context;
  const options = { timeoutMs: context.requestTimeout, signal: context.io.interrupted };
  try {
    const seen = await readInstance(connection.client, { namespace, name }, options);
    const [gap] = seen.gaps;
    if (gap !== undefined) {
      return { kind: 'unseen', why: gapText(gap, seen), failure: gap.failure };
    }
    return { kind: 'seen', snapshot: drillSnapshot(seen, clock.wallClock().getTime()) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'not-found') {
      const why = await unknownNameText(connection.client, { namespace, name }, options);
      return { kind: 'unseen', why, failure };
    }
    return { kind: 'unseen', why: explained(context, failure), failure };
  }
}

/** A failure as a sentence, with the right that a drill needs. */
export function explained(
  context: Pick<DrillContext, 'namespace' | 'connection'>,
  failure: KubeFailure,
) {
  return failureText(failure, {
    server: context.connection.server,
    ifForbidden: `${grant(context.namespace)}`,
    ifMissing: 'It has gone meanwhile: look with ingress-ha status.',
  });
}

/** What the command needs in all, by method and options: docs/drills.md lists it one by one. */
export function grant(namespace: string): string {
  const { plural } = IngressControllerHAKind;
  const others = [DeploymentKind, DisruptionBudgetKind].map((kind) => kind.plural).join(' and ');
  return `In namespace "${namespace}" a drill needs "get" on ${plural}.${API_GROUP}, ${others}; "get" and "watch" on ${LeaseKind.plural}; "get", "list", "watch" and "patch" on ${PodKind.plural}; and "delete" on ${PodKind.plural}, or "create" on ${PodKind.plural}/eviction.`;
}

/** An instant of the monotonic clock as the calendar has it, in ms since 1970. */
export function wallMsAt({ clock }: Pick<DrillContext, 'clock'>, atMs: number): number {
  return clock.wallClock().getTime() - (clock.nowMs() - atMs);
}
