/**
 * Reads our own CustomResourceDefinition now and then: when it is older than this program, every
 * resource says so, and statuses are cut to what it declares. Its absence is told by the watches, which
 * find nothing to list. Whoever has reason to think that it has changed asks for another look: a
 * watch that was cut short, as the API server does with all of a CRD that changes, or a refused status.
 */
import { isDeepStrictEqual } from 'node:util';
import { CRD_NAME } from '../api/crd.ts';
import type { SchemaNode } from '../api/fit-value.ts';
import { statusSchemaOf } from '../api/live-crd.ts';
import type { Advice } from '../api/status.ts';
import { failureOf } from '../base/failure.ts';
import { CustomResourceDefinitionKind, refTo } from '../base/resource-kinds.ts';
import type { Cancel, Clock } from '../base/time.ts';
import type { OwnCrd } from '../control/reconcile/context.ts';
import { crdAdvice } from '../decide/status/crd-outdated.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Log } from '../telemetry/log.ts';

/** A change cuts the watches short, so this is only for one that nobody noticed. */
const LOOK_EVERY_MS = 600_000;
/** While it is outdated, or could not be read, somebody is about to mend it. */
const LOOK_SOON_MS = 60_000;
/** Many resources may ask at once: one look is for all who ask within that time. */
const FRESH_FOR_MS = 1_000;

/** What the last successful look at our own CRD found, kept up to date between `start` and `stop`. */
export interface CrdCheck extends OwnCrd {
  /** Begins with a first look. */
  start(): void;
  /** Gives up a look on its way; no look begins after it. */
  stop(): void;
}

/** `client` needs the right to get one CustomResourceDefinition; without it nothing is found, which is logged once. */
export interface CrdCheckOptions {
  readonly client: Pick<KubeClient, 'get'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Told after a look that found something else than the one before, the first one included. */
  readonly onChange?: () => void;
}

interface Found {
  readonly advice: readonly Advice[];
  readonly statusSchema: SchemaNode | undefined;
}

/**
 * Does nothing before `start`, and holds one timer from then on. Until the first look has succeeded there is no
 * advice and no schema. Requests that fail are repeated after `LOOK_SOON_MS`, and never thrown.
 */
export function watchOwnCrd({ client, clock, log, onChange }: CrdCheckOptions): CrdCheck {
  const stopping = new AbortController();
  let found: Found = { advice: [], statusSchema: undefined };
  /** Why the last look failed, which is logged once. */
  let unread: string | undefined;
  let looking: { readonly atMs: number; readonly done: Promise<void> } | undefined;
  let dueAtMs = Number.POSITIVE_INFINITY;
  let cancel: Cancel = () => {};

  async function look(): Promise<void> {
    const ref = refTo(CustomResourceDefinitionKind, { name: CRD_NAME });
    try {
      const live = await client.get(ref, { signal: stopping.signal });
      const next = { advice: crdAdvice(live), statusSchema: statusSchemaOf(live) };
      const changed = !isDeepStrictEqual(found, next);
      found = next;
      unread = undefined;
      if (changed) onChange?.();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'aborted') return;
      if (failure.message !== unread) log.warn('Own CRD not read', { ...failure });
      unread = failure.message;
    }
  }

  /** Who asks in vain, since a look has just begun, has the next one when that is stale: it may tell more. */
  function refresh(): Promise<void> {
    if (stopping.signal.aborted) return Promise.resolve();
    const freshForMs = looking === undefined ? 0 : looking.atMs + FRESH_FOR_MS - clock.nowMs();
    if (looking !== undefined && freshForMs > 0) {
      due(freshForMs);
      return looking.done;
    }
    looking = { atMs: clock.nowMs(), done: look().then(() => due(interval())) };
    cancel();
    dueAtMs = Number.POSITIVE_INFINITY;
    return looking.done;
  }

  const interval = () =>
    found.advice.length > 0 || unread !== undefined ? LOOK_SOON_MS : LOOK_EVERY_MS;

  /** One timer, for the earliest. */
  function due(inMs: number): void {
    const atMs = clock.nowMs() + inMs;
    if (stopping.signal.aborted || atMs >= dueAtMs) return;
    cancel();
    dueAtMs = atMs;
    cancel = clock.schedule(inMs, () => {
      dueAtMs = Number.POSITIVE_INFINITY; // a timer may be a little early, and is then set again
      void refresh();
    });
  }

  return {
    start: () => void refresh(),
    stop() {
      stopping.abort();
      cancel();
    },
    advice: () => found.advice,
    statusSchema: () => found.statusSchema,
    refresh,
  };
}
