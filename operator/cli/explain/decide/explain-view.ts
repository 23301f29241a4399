/** What `explain` concludes from, and the rules that it checks: shared by the files of this folder. */
import type { Ha } from '../../../api/ha.ts';
import type { HaStatus } from '../../../api/status.ts';
import type { FailoverFacts } from '../../../decide/failover/types.ts';

/** Which operator leads, by the Lease that operators elect their leader with. `ageMs`: since its last renewal. */
export type OperatorState =
  | { readonly kind: 'leads'; readonly identity: string; readonly ageMs: number }
  /** It has not renewed for longer than its Lease lasts. */
  | { readonly kind: 'silent'; readonly identity: string; readonly ageMs: number }
  /** Nobody holds it. */
  | { readonly kind: 'vacant'; readonly lease: string }
  /** It is not there, or may not be read. */
  | { readonly kind: 'unread'; readonly why: string };

/** One rule of failover and whether it holds. */
export interface ExplainedRule {
  /** Stable: for scripts. */
  readonly id: string;
  readonly holds: 'yes' | 'no' | 'unknown';
  /** What must hold. */
  readonly rule: string;
  /** What was found, without a full stop. */
  readonly found: string;
  /** `live`: read from the cluster; `operator`: only the operator knows, and this is from the status that it wrote. */
  readonly source: 'live' | 'operator';
}

/** Everything that was read for an explanation. */
export interface ExplainView {
  readonly ha: Ha;
  /** As the operator wrote it last; empty: never. */
  readonly status: Partial<HaStatus>;
  readonly facts: FailoverFacts;
  readonly operator: OperatorState;
  /** Of the Lease, in ms by the calendar; missing: the Lease has no renewal, or no duration. */
  readonly renewal?: { readonly ageMs: number; readonly durationMs: number };
  /** Why a part of the facts is missing although it may exist: one sentence each. */
  readonly unread: { readonly lease?: string; readonly pods?: string; readonly node?: string };
  /** The calendar, in ms since 1970. */
  readonly nowMs: number;
}
