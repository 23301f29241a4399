/**
 * Why the operator would free the Lease if the leader died now, or why not: every rule of failover with
 * what was found, and one conclusion. Made from one live look and from what the operator has written
 * into the status; what only its memory knows is repeated and marked so.
 */

import type { Problem } from '../../../api/parse.ts';
import { failoverTimes, QUIET_PERIODS } from '../../../decide/election/failover-times.ts';
import { REFUSALS } from '../../../decide/failover/refusals.ts';
import { podOfHolder } from '../../../decide/observed/holder.ts';
import { rehearseDeath } from './rehearsed-death.ts';
import { explainedRules } from './rules.ts';
import type { ExplainedRule, ExplainView } from './view.ts';

export type Conclusion =
  | { readonly kind: 'freed'; readonly text: string }
  | { readonly kind: 'left-to-expire'; readonly text: string }
  /** Nothing to free: nobody leads, or nobody is elected. */
  | { readonly kind: 'nobody-leads'; readonly text: string }
  /** A failover is under way, or too little could be read. */
  | { readonly kind: 'unclear'; readonly text: string };

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

/** Time without a leader, in ms. */
export interface ExpectedTimes {
  /** At most, with the operator's help. */
  readonly assistedMs: number;
  /** Usually, without it. */
  readonly expectedMs: number;
  /** At most, without it. */
  readonly worstCaseMs: number;
}

export function explainFailover(view: ExplainView): FailoverExplanation {
  const { lease, pods } = view.facts;
  const identity = lease?.holder ?? '';
  const pod = podOfHolder(identity, pods);
  const rules = explainedRules(view);
  const times = expectedTimes(view);
  return {
    conclusion: concludeFrom(view, rules, times),
    rules,
    times,
    next: nextSentences(view),
    ...(identity !== '' && {
      leader: {
        identity,
        ...(pod !== undefined && { podName: pod.name }),
        ...(pod?.nodeName !== undefined && { nodeName: pod.nodeName }),
      },
    }),
  };
}

/** The operator leaves a resource alone that it cannot read. */
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

function concludeFrom(
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

/** The operator's own decision, in case that no rule told here is the one that does not hold. */
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
  const told = status.conditions?.find(({ type }) => type === 'LeaderElected');
  if (told?.status === 'False') return lowered(withoutStop(told.message));
  return `Lease "${ha.election.leaseName}" is free`;
}

function nextSentences(view: ExplainView): readonly string[] {
  const { ha, facts, unread } = view;
  if (ha.election.mode === 'Disabled') return [];
  if (unread.pods !== undefined) return [`Who could lead next could not be read: ${unread.pods}.`];
  const holder = facts.lease?.holder ?? '';
  const leader = podOfHolder(holder, facts.pods);
  const others = facts.pods.filter((pod) => pod !== leader && !pod.deleting);
  const ready = others.filter((pod) => pod.ready);
  const asks = `${ready.length > 1 ? 'ask' : 'asks'} for the Lease every ${inSeconds(ha.election.retryPeriodMs)} to ${inSeconds(2.2 * ha.election.retryPeriodMs)}`;
  const who =
    ready.length > 0
      ? `${ready.map((pod) => `${pod.name} (${pod.nodeName ?? 'no node'})`).join(', ')}: Ready, ${asks}.`
      : undefined;
  if (holder === '') return [who ?? vacantNext(view, others.length)];
  return [
    who === undefined
      ? 'No other replica is Ready: the next leader is the restarted one, so the time that its start takes comes on top.'
      : `Next: ${who}`,
    ...(facts.policy.mode === 'Assisted' ? [restSentence(view), ...deletionSentence(view)] : []),
  ];
}

function vacantNext({ ha }: ExplainView, starting: number): string {
  if (ha.replicas === 0) return 'Nobody will lead until `spec.replicas` is at least 1.';
  if (starting === 0) return 'No pod runs: the first one that starts takes the Lease.';
  return 'No replica is Ready: the first one whose caches are filled takes the Lease.';
}

/** What only the operator can measure, when the time comes. */
function restSentence({ facts: { policy } }: ExplainView): string {
  const delay =
    policy.clearDelayMs === 0
      ? ''
      : `, and ${inSeconds(policy.clearDelayMs)} after the report of its end (\`failover.clearDelay\`)`;
  return `After a crash the Lease must first rest for ${inSeconds(QUIET_PERIODS * policy.retryPeriodMs)} without a renewal${delay}: known to the operator only, by its own clock.`;
}

/** A pod that is deleted is helped in two cases in which a crash is not. */
function deletionSentence({ facts, status }: ExplainView): readonly string[] {
  const reason = status.conditions?.find(({ type }) => type === 'FailoverAssistReady')?.reason;
  const crashed = rehearseDeath(facts, { path: 'crashed', suspended: reason === 'Suspended' });
  const stopped = rehearseDeath(facts, { path: 'stopped', suspended: reason === 'Suspended' });
  const only = stopped?.kind === 'clear' && crashed?.kind !== 'clear';
  return only ? ['If its pod is deleted or evicted instead, the Lease is freed all the same.'] : [];
}

function expectedTimes({ ha, status: { election } }: ExplainView): ExpectedTimes {
  const calculated = failoverTimes(ha.election, ha.replicas);
  return {
    assistedMs:
      (election?.assistedFailoverMilliseconds ?? calculated.assistedMs) + ha.failover.clearDelayMs,
    expectedMs: election?.expectedFailoverMilliseconds ?? calculated.expectedMs,
    worstCaseMs: election?.worstCaseFailoverMilliseconds ?? calculated.worstCaseMs,
  };
}

/** `6.9 s`, `30 s`. */
export function inSeconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`;
}

function withoutStop(sentence: string): string {
  return sentence.replace(/[.\s]+$/, '');
}

/** For the middle of a sentence; a name or a field keeps its capitals. */
function lowered(sentence: string): string {
  return /^[A-Z][a-z]* /.test(sentence) && !/^(Lease|Pod) "/.test(sentence)
    ? `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`
    : sentence;
}
