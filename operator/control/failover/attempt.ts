/**
 * One attempt of the failover loop: live reads, a decision on what was read, and at most one write. Its
 * result is a value; the loop alone changes what it holds.
 */
import { isDeepStrictEqual } from 'node:util';
import { unreachable } from '../../base/failure.ts';
import type { KubeObject, ObjectKey } from '../../base/kube-object.ts';
import type {
  DeathEvidence,
  FailoverDecision,
  FailoverMemory,
} from '../../decide/failover/types.ts';
import { hostNameOf } from '../../decide/observed/holder-name.ts';
import type { LeadingTerm } from './leading-term.ts';
import type { LiveRead } from './live-read.ts';
import type { Trouble } from './report.ts';
import { type RequestOptions, readIntoCaches, writeFreed } from './requests.ts';
import type { FailoverSnapshot, TakeSnapshot } from './snapshot.ts';

/** Dependencies of an attempt. */
export interface AttemptOptions extends RequestOptions {
  readonly snapshot: TakeSnapshot;
}

/** What an attempt is about, and the term within which it may write. */
export interface Attempted {
  readonly key: ObjectKey;
  readonly memory: FailoverMemory;
  readonly term: LeadingTerm;
}

/** How an attempt ended. */
export type AttemptResult =
  /** The Lease has no holder any more: our write succeeded. */
  | {
      readonly kind: 'freed';
      readonly snapshot: FailoverSnapshot;
      readonly evidence: DeathEvidence;
      /** The Lease as the API server holds it now. */
      readonly written: KubeObject;
    }
  /** What was read live leads to another decision. */
  | {
      readonly kind: 'decided-otherwise';
      readonly snapshot: FailoverSnapshot;
      readonly decision: FailoverDecision;
    }
  /** The caches hold another state of the Lease than the API server: nothing was written. */
  | { readonly kind: 'outdated' }
  /** What was read is in the caches now. */
  | { readonly kind: 'refreshed' }
  /** A request failed; `what` it was for. */
  | {
      readonly kind: 'failed';
      readonly snapshot: FailoverSnapshot;
      readonly what: string;
      readonly trouble: Trouble;
    }
  /** There is nothing to do any more: the resource, its pod or the term is gone. */
  | { readonly kind: 'dropped' };

/** Reads live, decides anew by `decide`, and writes if the answer is still to clear. */
export async function tryToFree(
  options: AttemptOptions,
  attempted: Attempted,
  decide: (snapshot: FailoverSnapshot) => FailoverDecision,
): Promise<AttemptResult> {
  const { key, memory, term } = attempted;
  const nodeName = memory.binding?.nodeName;
  const read = await readLive(options, attempted, nodeName === undefined ? {} : { nodeName });
  if (read.kind !== 'read') return read;
  const snapshot = options.snapshot(key, read.node);
  if (snapshot === undefined) return DROPPED;
  const decision = decide(snapshot);
  const { lease } = snapshot;
  if (decision.kind !== 'clear' || lease === undefined) {
    return { kind: 'decided-otherwise', snapshot, decision };
  }
  if (!isSameState(read.lease, lease)) return { kind: 'outdated' };
  if (!term.isLeading()) return DROPPED;
  const answer = await writeFreed(options, lease, term.signal);
  switch (answer.kind) {
    case 'freed':
      return { kind: 'freed', snapshot, evidence: decision.evidence, written: answer.written };
    case 'failed':
      return { kind: 'failed', snapshot, what: 'free the Lease', trouble: answer.trouble };
    default:
      return unreachable(answer);
  }
}

/**
 * For a Lease that does not change although its holder seems to live: a watch of ours may be silent. Reads
 * only.
 */
export async function poll(options: AttemptOptions, attempted: Attempted): Promise<AttemptResult> {
  const read = await readLive(options, attempted, {});
  return read.kind === 'read' ? { kind: 'refreshed' } : read;
}

async function readLive(
  options: AttemptOptions,
  { key, memory, term }: Attempted,
  node: { readonly nodeName?: string },
): Promise<
  Extract<LiveRead, { kind: 'read' }> | Extract<AttemptResult, { kind: 'failed' | 'dropped' }>
> {
  const snapshot = options.snapshot(key);
  const podName = memory.binding?.podName ?? hostNameOf(memory.holder?.identity ?? '');
  if (snapshot === undefined || podName === undefined) return DROPPED;
  const { leaseName } = snapshot.ha.election;
  const subject = { namespace: key.namespace, podName, leaseName, ...node };
  const read = await readIntoCaches(options, subject, term.signal);
  return read.kind === 'failed'
    ? { kind: 'failed', snapshot, what: 'look at Pod, Lease and Node', trouble: read }
    : read;
}

const DROPPED = { kind: 'dropped' } as const;

/**
 * Whether the API server has the state that was decided on. After a restore of the cluster versions are
 * assigned again, so the record has to be equal too.
 */
function isSameState(read: KubeObject | undefined, cached: KubeObject): boolean {
  return (
    read?.metadata.resourceVersion === cached.metadata.resourceVersion &&
    isDeepStrictEqual(read?.spec, cached.spec)
  );
}
