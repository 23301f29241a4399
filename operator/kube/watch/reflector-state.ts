/**
 * What a reflector does next, as a pure function of what it does now and how that ended.
 *
 *     listing ──► watching ──► listing: the version expired, or the watch is refused
 *       │ ▲         │ ▲
 *       ▼ │         ▼ │  broken, throttled: from the same version, without a new list
 *     backing off   backing off      stopped: final, from every state
 */
import type { KubeFailure } from '../../base/failure.ts';

/** What the reflector does now, each state with only its own data. */
export type ReflectorState =
  /** Not started yet. */
  | { readonly kind: 'idle' }
  | ActiveState
  /** Waits `forMs` milliseconds after a failure. */
  | { readonly kind: 'backing-off'; readonly forMs: number; readonly then: ActiveState }
  | { readonly kind: 'stopped' };

/** A state in which the API server is asked. */
export type ActiveState =
  /** From version "0" (any that the server has), the last one seen (not older than that), or "" (the newest). */
  | { readonly kind: 'listing'; readonly version: string }
  /** Every event after that version. */
  | { readonly kind: 'watching'; readonly version: string };

/** Failures after which a watch may resume from the version that it had. */
const VERSION_HOLDS: ReadonlySet<string> = new Set(['unreachable', 'timeout', 'throttled']);

/** After a failed watch: from the same version if the stream broke or was put off, else only a list can tell. */
export function afterWatchFailure(failure: KubeFailure, version: string): ActiveState {
  return { kind: VERSION_HOLDS.has(failure.kind) ? 'watching' : 'listing', version };
}

/** After a watch that the server closed within a second: one that delivers nothing may hold a bad version. */
export function afterShortWatch(version: string, events: number): ActiveState {
  return { kind: events > 0 ? 'watching' : 'listing', version };
}

/**
 * After a failed list: the newest version, at once, if the one asked for cannot be served (too old, or from a server
 * that was ahead of this one); undefined: the same list again, after a pause.
 */
export function afterListFailure(failure: KubeFailure, version: string): ActiveState | undefined {
  return failure.kind === 'expired' && version !== ''
    ? { kind: 'listing', version: '' }
    : undefined;
}
