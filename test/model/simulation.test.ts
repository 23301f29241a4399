/**
 * Proof by model: the real decisions in a world of virtual time, in which everything goes wrong that may
 * go wrong around the end of a leader. `simulation/story.ts` tells what a schedule is, and
 * `simulation/invariants.ts` what must hold in each. Electors keep to client-go's algorithm, the loop of
 * the operator to `operator/control/failover/loop.ts`, in their own words.
 *
 * A kubelet that reports a living process as ended, in the words of a seen exit, deceives failover until
 * the process renews: such clears are counted, and each renewal must end the deception. Two processes in
 * one pod of which the elder is told as ended cannot be told apart; that is counted too.
 *
 * Kept out of all stories is what nothing in a cluster would tell, and failover does not claim to see: a
 * node whose calendar goes back between two runs in one pod; a third run beside one that was lost; two
 * pods of one name on nodes whose calendars differ.
 *
 *   node --test test/model/simulation.test.ts                                100,000 schedules
 *   MODEL_SCHEDULES=1000000 node --test test/model/simulation.test.ts        a million
 *   MODEL_SEED=4711 node --test test/model/simulation.test.ts                one, with its trace
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { RefuseReason } from '../../operator/decide/failover/types.ts';
import { type Campaign, runCampaign } from './simulation/campaign.ts';
import { ENDINGS } from './simulation/endings.ts';
import { INVARIANTS, type Invariant } from './simulation/invariants.ts';
import { type FaultName, tellStory } from './simulation/story.ts';
import { TROUBLES } from './simulation/troubles.ts';

const SEED = Number(process.env.MODEL_SEED ?? 1);
const SCHEDULES = process.env.MODEL_SEED ? 1 : Number(process.env.MODEL_SCHEDULES ?? 100_000);

/** For a model with a guard less: what it is to break. */
const SOUGHT = process.env.MODEL_INVARIANT as Invariant | undefined;

/** Not in the model: it has one Lease, which is ours, and a forced deletion leaves no object. */
const REFUSALS: readonly RefuseReason[] = [
  ...(['disabled', 'observe-only', 'holder-unknown', 'holder-unbound'] as const),
  ...([
    'death-unproven',
    'death-contradicted',
    'pod-shape',
    'version-unsafe',
    'incarnation-unclear',
  ] as const),
  ...(['already-cleared', 'suspended', 'node-not-ready', 'lease-foreign'] as const),
];

describe('in every schedule', () => {
  let campaign: Campaign;

  before(() => {
    if (process.env.MODEL_SEED) process.stdout.write(`${traceOf(SEED)}\n`);
    campaign = runCampaign({
      firstSeed: SEED,
      count: SCHEDULES,
      ...(SOUGHT && { sought: SOUGHT }),
    });
  });

  for (const invariant of Object.keys(INVARIANTS) as Invariant[]) {
    test(INVARIANTS[invariant], () => {
      const { broken } = campaign;
      const found = broken?.violations.find((it) => it.invariant === invariant);

      assert.ok(found === undefined, broken && `${found?.text}\n\n${replayOf(broken.seed)}`);
    });
  }

  test('much goes wrong, and much is helped', { skip: SCHEDULES < 10_000 }, (t) => {
    const { stories, counts, helped, refusals, faults, leaderlessMs, tookMs } = campaign;
    const leaderless = `${seconds(leaderlessMs.assisted)}, and ${seconds(leaderlessMs.plain)} plain`;
    t.diagnostic(`${stories} schedules in ${seconds(tookMs)}; ${helped} had a clear`);
    t.diagnostic(`a dead leader was replaced after ${leaderless} on average`);
    t.diagnostic(listed(Object.entries(counts)));
    t.diagnostic(`refusals: ${listed(refusals)}`);
    for (const fault of [...Object.keys(ENDINGS), ...Object.keys(TROUBLES)]) {
      assert.ok(faults.has(fault as FaultName), `never struck: ${fault}`);
    }
    for (const reason of REFUSALS) assert.ok(refusals.has(reason), `never refused: ${reason}`);
    for (const [name, count] of Object.entries(counts)) assert.ok(count > 0, `never: ${name}`);
    assert.ok(helped > 0.4 * stories);
    assert.ok(leaderlessMs.assisted < leaderlessMs.plain / 2);
  });
});

test('the same seed tells the same story', () => {
  for (let seed = 1; seed <= 50; seed += 1) assert.equal(traceOf(seed), traceOf(seed));
});

function replayOf(seed: number): string {
  return `${traceOf(seed)}\n\nMODEL_SEED=${seed} node --test test/model/simulation.test.ts`;
}

function traceOf(seed: number): string {
  const trace: string[] = [];
  const { casting, faults } = tellStory(seed, trace);
  const { policy, settings, ...others } = casting;
  const head = JSON.stringify({ seed, ...settings, mode: policy.mode, ...others, faults });
  return [head, ...trace].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function listed(counts: Iterable<readonly [string, number]>): string {
  return [...counts].map(([name, count]) => `${name} ${Math.round(count)}`).join(', ');
}
