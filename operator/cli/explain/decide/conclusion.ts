/** The one conclusion of an explanation, as a sentence for people and a kind for scripts. */
import { REFUSALS } from '../../../decide/failover/refusals.ts';
import { podOfHolder } from '../../../decide/observed/holder.ts';
import type { ExplainedRule, ExplainView } from './explain-view.ts';
import { rehearseDeath } from './rehearsed-death.ts';
import { inSeconds, lowered, withoutStop } from './sentences.ts';
import type { ExpectedTimes } from './times.ts';

/** What would happen to the Lease if the leader died now. */
export type Conclusion =
  | { readonly kind: 'freed'; readonly text: string }
  | { readonly kind: 'left-to-expire'; readonly text: string }
  /** Nothing to free: nobody leads, or nobody is elected. */
  | { readonly kind: 'nobody-leads'; readonly text: string }
  /** A failover is under way, or too little could be read. */
  | { readonly kind: 'unclear'; readonly text: string };

/** The first rule that does not hold decides, else the first doubt, else the operator's own decision. */
export function concludeFrom(
  view: ExplainView,
  rules: readonly ExplainedRule[],
  times: ExpectedTimes,
): Conclusion {
  const { ha, facts, unread } = view;
  const { lease } = facts;
  if (ha.election.mode === 'Disabled') {
    const text = 'Nobody is elected, so there is no Lease to free: the one replica always leads.';
    return { kind: 'nobody-leads', text };
  }
  if (lease === undefined && unread.lease !== undefined) {
    return { kind: 'unclear', text: `Who leads could not be read: ${unread.lease}.` };
  }
  if (lease === undefined || lease.holder === '') {
    return { kind: 'nobody-leads', text: `Nobody leads now: ${vacancy(view)}.` };
  }
  const leader = podOfHolder(lease.holder, facts.pods)?.name ?? lease.holder;
  const ended = underWay(view);
  if (ended !== undefined) return { kind: 'unclear', text: ended };

  const broken = rules.find(({ holds }) => holds === 'no')?.found ?? refusalOf(view);
  if (broken !== undefined) {
    const text = `If ${leader} died now, its Lease would NOT be freed: ${lowered(broken)}. It would expire: nobody would lead for ${inSeconds(times.expectedMs)}, and ${inSeconds(times.worstCaseMs)} at worst.`;
    return { kind: 'left-to-expire', text };
  }
  const doubt = rules.find(({ holds }) => holds === 'unknown');
  if (doubt !== undefined) {
    const text = `Whether the Lease would be freed if ${leader} died now could not be told: ${lowered(doubt.found)}.`;
    return { kind: 'unclear', text };
  }
  const text = `If ${leader} died now, its Lease would be freed: nobody would lead for ${inSeconds(times.assistedMs)} at most, instead of ${inSeconds(times.expectedMs)} (${inSeconds(times.worstCaseMs)} at worst).`;
  return { kind: 'freed', text };
}

/** The operator's own decision, in case that it refuses for a reason that no rule here checks. */
function refusalOf({ facts }: ExplainView): string | undefined {
  const decision = rehearseDeath(facts, { path: 'crashed', suspended: false });
  return decision?.kind === 'refuse' ? REFUSALS[decision.because] : undefined;
}

/** The sentence when the leader's container does not run any more. */
function underWay({ facts }: ExplainView): string | undefined {
  const pod = podOfHolder(facts.lease?.holder ?? '', facts.pods);
  if (pod === undefined || pod.current === undefined || pod.current.kind === 'running')
    return undefined;
  const how =
    pod.current.kind === 'ended'
      ? `has ended already (${pod.current.exit.reason || 'no reason'}, exit code ${pod.current.exit.code})`
      : 'does not run at present';
  return `A failover is under way: the leader's container in ${pod.name} ${how}. Look again in some seconds.`;
}

function vacancy({ ha, facts, status }: ExplainView): string {
  if (ha.replicas === 0) return '`spec.replicas` is 0';
  if (facts.lease === undefined) return `there is no Lease "${ha.election.leaseName}"`;
  const elected = status.conditions?.find(({ type }) => type === 'LeaderElected');
  if (elected?.status === 'False') return lowered(withoutStop(elected.message));
  return `Lease "${ha.election.leaseName}" is free`;
}
