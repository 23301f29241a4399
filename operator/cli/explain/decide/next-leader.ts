/** Who would lead next, and when. */
import { QUIET_PERIODS } from '../../../decide/election/failover-times.ts';
import { podOfHolder } from '../../../decide/observed/holder.ts';
import type { ExplainView } from './explain-view.ts';
import { rehearseDeath } from './rehearsed-death.ts';
import { inSeconds } from './sentences.ts';

/** Sentences for people. None where nobody is elected. */
export function nextSentences(view: ExplainView): readonly string[] {
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
