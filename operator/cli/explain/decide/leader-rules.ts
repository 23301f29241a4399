/** The rules of failover about the leader: its pod, its node, and what the operator has written about it. */
import { tookLease } from '../../../decide/failover/binding.ts';
import { CALM_MS, CRASH_CLEARS } from '../../../decide/failover/memory.ts';
import { REFUSALS } from '../../../decide/failover/refusals.ts';
import { holderAmong, podOfHolder } from '../../../decide/observed/holder.ts';
import type { ExplainView } from './explain-view.ts';
import { no, type RuleResult, unknown, yes } from './rule-result.ts';

/** The holder is exactly one pod of this resource. */
export function holderKnown({ facts: { lease, pods }, unread }: ExplainView): RuleResult {
  if (lease === undefined || lease.holder === '') return unknown('Nobody holds the Lease');
  const found = holderAmong(lease.holder, pods);
  if (found.kind === 'pod') return yes(lease.holder);
  if (unread.pods !== undefined) return unknown(unread.pods);
  return found.kind === 'one-of'
    ? no(`"${lease.holder}" may be any of ${found.pods.length} pods with one host name`)
    : no(`"${lease.holder}" is no pod of this resource`);
}

/** The end of the container `manager` is the end of the process that holds the Lease. */
export function podShape(view: ExplainView): RuleResult {
  const pod = leaderPod(view);
  if (pod === undefined) return NO_POD;
  return pod.unsupported === undefined
    ? yes('host name and processes are its own')
    : no(`The end of the leader's container would prove nothing: ${pod.unsupported} in its pod`);
}

/** The container that took the Lease still runs. */
export function container(view: ExplainView): RuleResult {
  const pod = leaderPod(view);
  if (pod === undefined) return NO_POD;
  if (pod.forced) return no(REFUSALS['force-deleted']);
  const acquiredAtS = view.facts.lease?.acquiredAtS;
  if (acquiredAtS === undefined) return no('The Lease does not tell since when it is held');
  if (pod.current?.kind !== 'running') return unknown('Its container does not run at present');
  const { containerId, startedAtS } = pod.current;
  const started = `${shortId(containerId)} started ${took(acquiredAtS - startedAtS)} the Lease was taken`;
  if (tookLease(pod, acquiredAtS)) return yes(started);
  return isWatched(view)
    ? yes(`${started}, and the operator has seen it renew`)
    : no(`The holder was an earlier run of the container, whose end nobody reported: ${started}`);
}

/** The operator has seen the holder alive in that container, by its condition FailoverAssistReady. */
export function watched(view: ExplainView): RuleResult {
  const condition = assistCondition(view);
  if (condition === undefined) return unknown('it says nothing yet');
  const { reason, message } = condition;
  if (!isAboutHolder(view)) {
    return unknown(
      `its status still tells of the leader before, ${view.status.leader?.identity ?? 'nobody'}`,
    );
  }
  const evidence = `it says "${message}"`;
  if (reason === 'HolderUnbound') return no(`The operator says "${message}"`);
  return isWatched(view) ? yes(evidence) : unknown(evidence);
}

/** The kubelet of its node reports: the node is Ready. */
export function node(view: ExplainView): RuleResult {
  const pod = leaderPod(view);
  const name = pod?.nodeName ?? 'its node';
  switch (view.facts.node) {
    case 'ready':
      return yes(`${name} is Ready`);
    case 'not-ready':
      return no(`Node ${name} is not Ready, so its kubelet may not see what runs there`);
    case 'unasked':
      return pod === undefined ? NO_POD : unknown(view.unread.node ?? `${name} was not looked at`);
  }
}

/** The version of the controller leads again safely after a crash. */
export function version(view: ExplainView): RuleResult {
  const { ha, facts } = view;
  const release = leaderPod(view)?.version ?? ha.controller.version;
  const what = `${release} with provider ${ha.controller.config.provider.type}`;
  return facts.policy.isCrashSafe(release)
    ? yes(what)
    : no(`${REFUSALS['version-unsafe']} (${what})`);
}

/** Fewer crashes than the limit within ten minutes, by the operator's condition. */
export function calm(view: ExplainView): RuleResult {
  const condition = assistCondition(view);
  if (condition === undefined) return unknown('it says nothing yet');
  if (condition.message.includes(REFUSALS.suspended)) return no(REFUSALS.suspended);
  const { failovers = [] } = view.status;
  const crashes = failovers.filter(
    ({ assist, cause, time }) =>
      assist === 'Cleared' &&
      (cause === 'Crash' || cause === 'OOMKilled') &&
      view.nowMs - Date.parse(time) < CALM_MS,
  );
  return yes(
    `it does not say so; by its history it has freed the Lease after ${crashes.length} of at most ${CRASH_CLEARS} crashes within 10 minutes`,
  );
}

/** The Lease was not freed of this holder before, by the history in the status. */
export function first({ facts: { lease }, status: { failovers = [] } }: ExplainView): RuleResult {
  const before = failovers.some(
    ({ fromIdentity, assist }) => fromIdentity === lease?.holder && assist === 'Cleared',
  );
  return before ? no(REFUSALS['already-cleared']) : yes('no entry of `status.failovers` names it');
}

/** The operator's rehearsals of a failover have not found a missing right. */
export function rights(view: ExplainView): RuleResult {
  const condition = assistCondition(view);
  if (condition === undefined) return unknown('it says nothing yet');
  const lack = /The operator lacks the right to [^;]+/.exec(condition.message)?.[0];
  return lack === undefined ? yes('it does not say that one is missing') : no(lack);
}

const NO_POD: RuleResult = { holds: 'unknown', found: 'There is no pod of the holder to look at' };

function leaderPod({ facts: { lease, pods } }: ExplainView) {
  return podOfHolder(lease?.holder ?? '', pods);
}

function assistCondition({ status }: ExplainView) {
  return status.conditions?.find(({ type }) => type === 'FailoverAssistReady');
}

/** Right after a change of leader the status is still about the one before. */
function isAboutHolder({ facts, status }: ExplainView): boolean {
  return status.leader?.identity === facts.lease?.holder;
}

function isWatched(view: ExplainView): boolean {
  return assistCondition(view)?.status === 'True' && isAboutHolder(view);
}

function took(seconds: number): string {
  if (seconds === 0) return 'in the second in which';
  return seconds > 0 ? `${seconds} s before` : `${-seconds} s after`;
}

/** `containerd://` and twelve digits, as tools show it. */
function shortId(containerId: string): string {
  return containerId.replace(/^.*\/\//, '').slice(0, 12);
}
