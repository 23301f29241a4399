/**
 * What the server sends to the page: everything once, when it connects, and then changes only. Both sides read these
 * types. Instants (`…AtMs`, `nowMs`) are on the calendar of the serving machine, in ms since 1970; durations are in ms.
 */
import type { ConditionStatus, ElectionStatus, FailoverRecord } from '../../api/types.generated.ts';
import type { PodView } from '../view/decide/pod-view.ts';
import type { Standing } from '../view/decide/standing.ts';

/** The first message of a stream, and of each stream that follows a broken one. */
export interface PageState {
  readonly nowMs: number;
  readonly scope: Scope;
  /** False until the resources have been listed for the first time. */
  readonly synced: boolean;
  readonly problems: readonly Problem[];
  /** Sorted by namespace and name. */
  readonly instances: readonly PageInstance[];
}

/** Which part of which cluster is shown. */
interface Scope {
  /** Missing: all of them. */
  readonly namespace?: string;
  /** Host and port of the API server. */
  readonly server: string;
}

/** What cannot be read now. */
export interface Problem {
  /** Plural of the kind. */
  readonly what: string;
  /** `rights`: a right is missing; `login`: the credentials are not accepted; `lost`: no answer, or a bad one. */
  readonly kind: 'rights' | 'login' | 'lost';
  /** One sentence: what, and what to do. */
  readonly text: string;
}

/** A change of leader; what only the operator knows is missing until its status has it. */
export type Handover = Pick<
  FailoverRecord,
  'time' | 'fromIdentity' | 'toIdentity' | 'leaderlessMilliseconds'
> &
  Partial<Pick<FailoverRecord, 'cause' | 'winner' | 'assist' | 'assistReason'>>;

/** An instance as the page shows it. */
export interface PageInstance {
  /** `namespace/name`. */
  readonly key: string;
  readonly name: string;
  readonly namespace: string;
  readonly standing: Standing;
  readonly paused: boolean;
  readonly replicas: { readonly wanted: number; readonly ready: number };
  readonly version?: string;
  readonly pods: readonly Omit<PodView, 'uid' | 'ageMs'>[];
  readonly leader?: {
    readonly identity: string;
    readonly podName?: string;
    readonly nodeName?: string;
    readonly sinceAtMs?: number;
  };
  readonly lease?: PageLease;
  readonly election?: ElectionStatus;
  /** Newest first, at most 10. */
  readonly handovers: readonly Handover[];
  readonly conditions: readonly ConditionStatus[];
}

/** Durations count from the moment of the message. */
export interface PageLease {
  readonly name: string;
  /** Empty: nobody. */
  readonly holder: string;
  readonly transitions: number;
  readonly durationMs?: number;
  /** Until standbys may take it; negative: they may since then. */
  readonly expiresInMs?: number;
  /** Nobody holds it: since the last sign of whoever held it before; missing when that was not seen. */
  readonly vacant?: { readonly forMs?: number; readonly after?: string };
}

/** New values of the fields of one instance, which may be new itself. */
export interface InstanceChange {
  readonly nowMs: number;
  readonly key: string;
  readonly set: Partial<PageInstance>;
  /** Fields that it no longer has. */
  readonly unset: readonly string[];
}

/** Names of the events in the stream, and what each carries. */
export type FeedEvent =
  | { readonly event: 'state'; readonly data: PageState }
  | { readonly event: 'change'; readonly data: InstanceChange }
  | { readonly event: 'gone'; readonly data: { readonly key: string } }
  | { readonly event: 'health'; readonly data: Pick<PageState, 'synced' | 'problems'> };

/** What turns `before` into `after`; undefined when they are the same. Both must be of the same instant `nowMs`. */
export function changeBetween(
  before: PageInstance | undefined,
  after: PageInstance,
  nowMs: number,
): InstanceChange | undefined {
  const old: Readonly<Record<string, unknown>> = { ...before };
  const set = Object.entries(after).filter(([field, value]) => !isSame(old[field], value));
  const unset = Object.keys(old).filter((field) => !Object.hasOwn(after, field));
  if (set.length === 0 && unset.length === 0) return undefined;
  return { nowMs, key: after.key, set: Object.fromEntries(set), unset };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
