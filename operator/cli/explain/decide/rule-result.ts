/** Whether one rule of failover holds, and what that was concluded from. */
import type { ExplainedRule } from './explain-view.ts';

/** `found`: what was found, without a full stop. */
export type RuleResult = Pick<ExplainedRule, 'holds' | 'found'>;

/** It holds. */
export function yes(found: string): RuleResult {
  return { holds: 'yes', found };
}

/** It does not hold, so the Lease would not be freed. */
export function no(found: string): RuleResult {
  return { holds: 'no', found };
}

/** Too little could be read, or only the operator knows and has not written it. */
export function unknown(found: string): RuleResult {
  return { holds: 'unknown', found };
}
