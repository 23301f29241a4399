/** What `explain` concludes from, and the rules it tells: shared by the files of this folder. */
import type { Ha } from '../../../api/ha.ts';
import type { HaStatus } from '../../../api/status.ts';
import type { FailoverFacts } from '../../../decide/failover/types.ts';

/** The Lease by which operators elect their leader. */
export type OperatorSight =
  | { readonly kind: 'leads'; readonly identity: string; readonly ageMs: number }
  | { readonly kind: 'silent'; readonly identity: string; readonly ageMs: number }
  | { readonly kind: 'vacant'; readonly lease: string }
  /** Not there, or not to be read. */
  | { readonly kind: 'unread'; readonly why: string };

export interface ExplainedRule {
  /** Stable: for scripts. */
  readonly id: string;
  readonly holds: 'yes' | 'no' | 'unknown';
  /** What must hold. */
  readonly rule: string;
  /** What was found, without a full stop. */
  readonly found: string;
  /** `operator`: only the operator's memory knows, and this is what it says. */
  readonly source: 'live' | 'operator';
}

/** What was found out, live. */
export interface ExplainView {
  readonly ha: Ha;
  /** As the operator wrote it last; empty: never. */
  readonly status: Partial<HaStatus>;
  readonly facts: FailoverFacts;
  readonly operator: OperatorSight;
  /** Of the Lease, by the calendar; missing: it does not tell, or nobody holds it. */
  readonly renewal?: { readonly ageMs: number; readonly durationMs: number };
  /** Why a part of the facts is missing although it may exist: one sentence each. */
  readonly unread: { readonly lease?: string; readonly pods?: string; readonly node?: string };
  /** The calendar, in ms since 1970. */
  readonly nowMs: number;
}
