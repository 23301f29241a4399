/**
 * The rules of failover one by one, each as a statement and what was found: in the order in which a person would check
 * them. The decision itself is decide/failover/failover.ts, and the words of refusals are its.
 */
import { REFUSALS } from '../../../decide/failover/refusals.ts';
import { nameOfHolder } from '../../../decide/observed/holder-name.ts';
import type { ExplainedRule, ExplainView } from './explain-view.ts';
import {
  calm,
  container,
  first,
  holderKnown,
  node,
  podShape,
  rights,
  version,
  watched,
} from './leader-rules.ts';
import { no, type RuleResult, unknown, yes } from './rule-result.ts';

/** Every rule that applies; with election disabled only the first one does. */
export function explainedRules(view: ExplainView): readonly ExplainedRule[] {
  const { ha } = view;
  const election = fromCluster('election', 'Leader election is on', {
    holds: ha.election.mode === 'Lease' ? 'yes' : 'no',
    found: `\`leaderElection.mode\` is ${ha.election.mode}`,
  });
  if (ha.election.mode === 'Disabled') return [election];
  return [
    election,
    fromCluster('mode', 'Assist is switched on', mode(view)),
    fromCluster('kept', 'The resource stays', kept(view)),
    fromCluster('operator', 'An operator leads', operatorLeads(view)),
    fromCluster('generation', 'The operator has seen the newest settings', generation(view)),
    fromCluster('lease', 'The Lease exists', leaseExists(view)),
    fromCluster('lease-ours', 'The Lease is ours', leaseOurs(view)),
    fromCluster('uncoordinated', 'Nobody else assigns the Lease', uncoordinated(view)),
    ...leaderRules(view),
    fromCluster('version', 'Leadership may return to a crashed pod', version(view)),
    fromOperator('calm', 'Leaders do not crash in a loop', calm(view)),
    fromOperator('rights', 'The operator has the rights', rights(view)),
  ];
}

/** None while nobody leads. */
function leaderRules(view: ExplainView): readonly ExplainedRule[] {
  if (view.facts.lease?.holder === '') return [];
  return [
    fromCluster('renewed', 'The holder renews the Lease', renewed(view)),
    fromCluster('holder', 'The holder is a pod of this resource', holderKnown(view)),
    fromCluster('pod-shape', 'Its end can be told by its container', podShape(view)),
    fromCluster('container', 'The container that took the Lease runs', container(view)),
    fromOperator('watched', 'The operator watches that container', watched(view)),
    fromCluster('node', 'Its kubelet can be trusted, so its node is Ready', node(view)),
    fromCluster('first', 'The Lease was never freed of this holder', first(view)),
  ];
}

function mode({ ha }: ExplainView): RuleResult {
  switch (ha.failover.mode) {
    case 'Assisted':
      return yes('`failover.mode` is Assisted');
    case 'Observe':
      return no(REFUSALS['observe-only']);
    case 'Disabled':
      return no(REFUSALS.disabled);
  }
}

function kept({ ha }: ExplainView): RuleResult {
  return ha.deleting ? no('The resource is being deleted') : yes('it is not being deleted');
}

function operatorLeads({ operator }: ExplainView): RuleResult {
  const clock = 'by the clock of this machine';
  switch (operator.kind) {
    case 'leads':
      return yes(
        `${nameOfHolder(operator.identity)} renewed its own Lease ${ago(operator.ageMs)}, ${clock}`,
      );
    case 'silent':
      // Only by this machine's clock, which may be wrong.
      return unknown(
        `Perhaps no operator leads: the last one, ${operator.identity}, renewed its own Lease ${ago(operator.ageMs)}, ${clock}`,
      );
    case 'vacant':
      return no(`No operator leads: nobody holds their ${operator.lease}`);
    case 'unread':
      return unknown(operator.why);
  }
}

function generation({ ha, status }: ExplainView): RuleResult {
  const { observedGeneration = -1 } = status;
  if (observedGeneration < 0) return no('No operator has looked at the resource yet');
  return observedGeneration === ha.generation
    ? yes(`generation ${ha.generation}`)
    : unknown(
        `The operator has not seen generation ${ha.generation} yet, only ${observedGeneration}`,
      );
}

function leaseExists({ ha, facts: { lease }, unread }: ExplainView): RuleResult {
  const { leaseName } = ha.election;
  if (lease !== undefined) return yes(leaseName);
  return unread.lease === undefined
    ? no(`There is no Lease "${leaseName}"`)
    : unknown(unread.lease);
}

function leaseOurs({ facts: { lease } }: ExplainView): RuleResult {
  if (lease === undefined) return unknown('There is no Lease to look at');
  return lease.ours
    ? yes('it carries our labels, and has no owner')
    : no(REFUSALS['lease-foreign']);
}

function uncoordinated({ facts: { lease } }: ExplainView): RuleResult {
  if (lease === undefined) return unknown('There is no Lease to look at');
  return lease.coordinated
    ? no(REFUSALS['coordinated-election'])
    : yes('it has neither `strategy` nor `preferredHolder`');
}

function ago(ms: number): string {
  return `${Math.round(ms / 1000)} s ago`;
}

/** Only by this machine's clock: the operator goes by its own, and by what it has seen. */
function renewed({ renewal }: ExplainView): RuleResult {
  if (renewal === undefined) return unknown('The Lease does not tell when it was renewed');
  const { ageMs, durationMs } = renewal;
  const when = `${ago(ageMs)}, by the clock of this machine`;
  return ageMs <= durationMs
    ? yes(when)
    : unknown(`The Lease was last renewed ${when}, and so has expired`);
}

function fromCluster(id: string, rule: string, found: RuleResult): ExplainedRule {
  return { id, rule, source: 'live', ...found };
}

function fromOperator(id: string, rule: string, found: RuleResult): ExplainedRule {
  return { id, rule, source: 'operator', ...found };
}
