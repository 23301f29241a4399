/** What was found about one rule of failover. */
import type { ExplainedRule } from './view.ts';

export type Found = Pick<ExplainedRule, 'holds' | 'found'>;

export function yes(found: string): Found {
  return { holds: 'yes', found };
}

export function no(found: string): Found {
  return { holds: 'no', found };
}

export function unknown(found: string): Found {
  return { holds: 'unknown', found };
}
