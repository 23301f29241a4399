/**
 * What failover has seen and the cluster does not keep: in which container a holder lives, how it
 * ended, and what was done about it. A value; the next memory follows from the last one and one look.
 *
 * Losing it costs speed and never safety: a new process binds the holder again at its next renewal,
 * and one that died unbound is left to expire.
 */

import { isNewerVersion } from '../../base/resource-version.ts';
import { podNamedBy as podOf } from '../observed/holder.ts';
import type { Pod } from '../observed/pod.ts';
import { hasLostRun, noteDeath } from './death-evidence.ts';
import type {
  Binding,
  Clear,
  FailoverFacts,
  FailoverMemory,
  GuardedLease,
  HolderMemory,
} from './types.ts';

export const noFailoverMemory: FailoverMemory = { clears: [], suspended: false };

/** More crashes than this within `CALM_MS` are a crash loop: freeing the Lease faster only feeds it. */
export const CRASH_CLEARS = 3;
/** The window in which crashes are counted, and how long one holder must stay to end a suspension. */
export const CALM_MS = 600_000;
/**
 * A runtime notes the start of a container when its process runs already, and so perhaps after the
 * process has taken the Lease: seen on a busy machine, by less than a second.
 */
export const START_NOTED_LATE_S = 1;
/** A holder that was cleared, or has left, must not be forgotten while it could come back: a few suffice. */
const REMEMBERED_HOLDERS = 32;

/** The next memory after one more look. */
export function rememberFailover(
  memory: FailoverMemory,
  facts: FailoverFacts,
  nowMs: number,
): FailoverMemory {
  const { lease } = facts;
  if (lease === undefined) return memory; // deleted, or without our labels: it comes back as it was
  const left = depart(memory, lease);
  if (lease.holder === '') return withoutHolder(left, nowMs);

  const holder = nextHolder(memory.holder, lease, nowMs);
  const isRenewal = memory.holder !== undefined && holder.record !== memory.holder.record;
  const known = memory.binding?.identity === lease.holder ? left : succeed(left);
  const renewed = isRenewal && memory.holder?.identity === lease.holder;
  const { vacantSinceMs: _, ...bound } = renewed ? bind(known, lease, facts) : known;
  const look = { facts, isRenewed: renewed, nowMs };
  return suspend(noteDeath({ ...bound, holder }, look), nowMs);
}

/** Memory after the Lease was freed of `evidence`'s process. */
export function rememberClear(
  memory: FailoverMemory,
  { identity, path }: Pick<Clear, 'identity' | 'path'>,
  nowMs: number,
): FailoverMemory {
  if (memory.clears.some((clear) => clear.identity === identity)) return memory;
  const clears = [...memory.clears, { identity, path, atMs: nowMs }];
  return { ...memory, clears: clears.slice(-REMEMBERED_HOLDERS) };
}

/**
 * The holder is gone. If its process was known to be dead, somebody acted on that: this process, or
 * the operator that leads while this one follows, which keeps count this way.
 */
function withoutHolder(memory: FailoverMemory, nowMs: number): FailoverMemory {
  const { holder, ...rest } = memory;
  if (holder === undefined) return memory;
  const vacant = { ...rest, vacantSinceMs: nowMs };
  if (memory.death === undefined || memory.binding?.identity !== holder.identity) return vacant;
  return rememberClear(vacant, { identity: holder.identity, path: memory.death.path }, nowMs);
}

function nextHolder(
  before: HolderMemory | undefined,
  lease: GuardedLease,
  nowMs: number,
): HolderMemory {
  const sinceMs = before?.identity === lease.holder ? before.sinceMs : nowMs;
  const { holder: identity, record, resourceVersion: version } = lease;
  return { identity, sinceMs, record, version };
}

function succeed(memory: FailoverMemory): FailoverMemory {
  const { binding } = memory;
  if (binding === undefined) return memory;
  return { ...forgetBinding(memory), before: binding };
}

/**
 * A holder that comes back lives, whatever was reported of it, or stands in an old record, as a restored
 * cluster shows it: then the process that led last may live. Neither is to be cleared.
 */
function depart(memory: FailoverMemory, lease: GuardedLease): FailoverMemory {
  const { identity, version } = memory.holder ?? {};
  if (identity === undefined || identity === lease.holder) return memory;
  // A watch that lags behind what was read live shows an older state for a while: nobody has left.
  if (isNewerVersion(version, lease.resourceVersion)) return memory;
  const others = (memory.departed ?? []).filter((other) => other !== identity);
  return { ...memory, departed: [...others, identity].slice(-REMEMBERED_HOLDERS) };
}

function forgetBinding({
  binding: _,
  death: __,
  contradicted: ___,
  ...rest
}: FailoverMemory): FailoverMemory {
  return rest;
}

/**
 * The holder has just renewed, so it lives: in the container that runs in its pod. Not at an acquisition:
 * that can be the first word of a run of which the kubelet has told nothing. An identity stays with its pod for good; within the pod it may turn out to be a later run.
 */
function bind(memory: FailoverMemory, lease: GuardedLease, facts: FailoverFacts): FailoverMemory {
  const pod = podOf(lease.holder, facts.pods);
  if (pod === undefined || pod.nodeName === undefined || hasLostRun(pod)) return memory;
  if (memory.binding !== undefined && memory.binding.podUid !== pod.uid) return memory;
  if (pod.current?.kind !== 'running' || lease.acquiredAtS === undefined) return memory;
  const { containerId } = pod.current;
  if (containerId === memory.binding?.containerId) return memory;
  if (!tookLease(pod, lease.acquiredAtS, memory.before)) return memory;
  const binding: Binding = {
    identity: lease.holder,
    podName: pod.name,
    podUid: pod.uid,
    containerId,
    nodeName: pod.nodeName,
    acquiredAtS: lease.acquiredAtS,
    ...(pod.unsupported !== undefined && { unsupported: pod.unsupported }),
    ...(pod.version !== undefined && { version: pod.version }),
  };
  return { ...forgetBinding(memory), binding };
}

/**
 * Whether the present run, and no run before it, took the Lease: it started before, by the same
 * node's clock. Close to the start that is only certain if any run before had ended earlier, or was
 * that of the holder `before`.
 */
export function tookLease(
  { current, previous }: Pod,
  acquiredAtS: number,
  before?: Binding,
): boolean {
  if (current?.kind !== 'running') return false;
  if (current.startedAtS < acquiredAtS) return true;
  if (current.startedAtS > acquiredAtS + START_NOTED_LATE_S) return false;
  if (previous === undefined) return true;
  if (previous.kind !== 'ended' || previous.exit.finishedAtS === undefined) return false;
  return previous.exit.finishedAtS < acquiredAtS || previous.containerId === before?.containerId;
}

/** One crash more than may be helped suspends; a holder that stays ends it. */
function suspend(memory: FailoverMemory, nowMs: number): FailoverMemory {
  const calmSinceMs = memory.holder?.sinceMs ?? nowMs;
  if (memory.suspended) {
    const calm = memory.death === undefined && nowMs - calmSinceMs >= CALM_MS;
    return calm ? { ...memory, suspended: false } : memory;
  }
  const recent = memory.clears.filter(
    ({ path, atMs }) => path === 'crashed' && nowMs - atMs < CALM_MS,
  );
  const another =
    memory.death?.path === 'crashed' &&
    !memory.clears.some(({ identity }) => identity === memory.binding?.identity);
  return another && recent.length >= CRASH_CLEARS ? { ...memory, suspended: true } : memory;
}
