/**
 * What failover has observed and the cluster does not keep: in which container a holder runs, how that
 * ended, and what was done about it. A value; the next memory follows from the last one and one snapshot.
 *
 * Losing it costs speed and never safety: a new operator binds the holder again at its next renewal,
 * and the Lease of one that died unbound is left to expire.
 */

import { isNewerVersion } from '../../base/resource-version.ts';
import { bind, forgetBinding } from './binding.ts';
import { noteDeath } from './death-evidence.ts';
import type { Clear, FailoverFacts, FailoverMemory, GuardedLease, HolderMemory } from './types.ts';

/** Of a resource that was never observed. */
export const noFailoverMemory: FailoverMemory = { clears: [], suspended: false };

/**
 * More crashes than this within `CALM_MS` are a crash loop, which freeing the Lease faster would only speed
 * up.
 */
export const CRASH_CLEARS = 3;
/** The window in which crashes are counted, and how long one holder must stay to end a suspension, in ms. */
export const CALM_MS = 600_000;
/** How many holders that were cleared, or have left, are remembered in case they come back. */
const REMEMBERED_HOLDERS = 32;

/** The next memory after one more snapshot, taken at `nowMs` on our clock. */
export function rememberFailover(
  memory: FailoverMemory,
  facts: FailoverFacts,
  nowMs: number,
): FailoverMemory {
  const { lease } = facts;
  if (lease === undefined) return memory; // deleted, or without our labels: it comes back as it was
  const left = noteDeparture(memory, lease);
  if (lease.holder === '') return withoutHolder(left, nowMs);

  const holder = nextHolder(memory.holder, lease, nowMs);
  const isRenewal = memory.holder !== undefined && holder.record !== memory.holder.record;
  const known = memory.binding?.identity === lease.holder ? left : unbind(left);
  const renewed = isRenewal && memory.holder?.identity === lease.holder;
  const { vacantSinceMs: _, ...bound } = renewed ? bind(known, lease, facts) : known;
  const input = { facts, isRenewed: renewed, nowMs };
  return suspend(noteDeath({ ...bound, holder }, input), nowMs);
}

/** The memory after the Lease was freed of the holder `identity`. Once for each holder. */
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
 * The Lease has no holder any more. If its process was known to be dead, the Lease was freed: by this
 * operator, or by the one that leads while this one follows and counts the clears all the same.
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

/** Another holder has the Lease: the last binding is that of the holder before it. */
function unbind(memory: FailoverMemory): FailoverMemory {
  const { binding } = memory;
  if (binding === undefined) return memory;
  return { ...forgetBinding(memory), before: binding };
}

/**
 * Notes a holder that the Lease has left. If it comes back, it lives, whatever was reported of it; or a
 * restored cluster shows an old record of it, and the process that led last may live. Neither is cleared.
 */
function noteDeparture(memory: FailoverMemory, lease: GuardedLease): FailoverMemory {
  const { identity, version } = memory.holder ?? {};
  if (identity === undefined || identity === lease.holder) return memory;
  // A watch that lags behind a live read delivers an older state for a while: no holder has left.
  if (isNewerVersion(version, lease.resourceVersion)) return memory;
  const others = (memory.departed ?? []).filter((other) => other !== identity);
  return { ...memory, departed: [...others, identity].slice(-REMEMBERED_HOLDERS) };
}

/** More than `CRASH_CLEARS` crashes within `CALM_MS` suspend; a holder that stays for `CALM_MS` ends that. */
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
