/**
 * Whether the operator would free the Lease if the leader died now, and why: every rule of failover with what was found,
 * and one conclusion. Made from what was read now and from what the operator has written into the status; what only its
 * memory knows is repeated from there and marked so.
 */
import type { Problem } from '../../../api/parse.ts';
import { defined } from '../../../base/defined.ts';
import { podOfHolder } from '../../../decide/observed/holder.ts';
import { type Conclusion, concludeFrom } from './conclusion.ts';
import type { ExplainedRule, ExplainView } from './explain-view.ts';
import { nextSentences } from './next-leader.ts';
import { explainedRules } from './rules.ts';
import { type ExpectedTimes, expectedTimes } from './times.ts';

/** What `explain` prints. */
export interface FailoverExplanation {
  readonly conclusion: Conclusion;
  /** Missing: nobody holds the Lease. */
  readonly leader?: {
    readonly identity: string;
    readonly podName?: string;
    readonly nodeName?: string;
  };
  readonly rules: readonly ExplainedRule[];
  /** Sentences about who would lead next, and when. */
  readonly next: readonly string[];
  /** Missing: the settings cannot be used. */
  readonly times?: ExpectedTimes;
}

/** Every rule, the conclusion from them, and who would lead next. */
export function explainFailover(view: ExplainView): FailoverExplanation {
  const { lease, pods } = view.facts;
  const identity = lease?.holder ?? '';
  const pod = podOfHolder(identity, pods);
  const rules = explainedRules(view);
  const times = expectedTimes(view);
  return defined({
    conclusion: concludeFrom(view, rules, times),
    rules,
    times,
    next: nextSentences(view),
    leader:
      identity === ''
        ? undefined
        : defined({ identity, podName: pod?.name, nodeName: pod?.nodeName }),
  });
}

/** The operator does nothing for a resource whose settings are invalid, so the Lease would not be freed. */
export function explainInvalid(problems: readonly Problem[]): FailoverExplanation {
  const found = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  const text = 'The operator cannot use the settings of this resource, so it frees no Lease.';
  const rule = 'The settings are valid';
  return {
    conclusion: { kind: 'left-to-expire', text },
    rules: [{ id: 'settings', holds: 'no', rule, found, source: 'live' }],
    next: [],
  };
}
