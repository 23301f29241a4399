/**
 * What replaces pods while all goes well: a new template moves leadership exactly once, from the old
 * leader, which goes last, to a new pod; fewer replicas do not move it at all.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PassThrough } from '../../operator/api/ha.ts';
import { PodKind } from '../../operator/base/resource-kinds.ts';
import {
  DELETION_COST_ANNOTATION,
  LEADER_ROLE,
  ROLE_LABEL,
} from '../../operator/desired/pod/leader-mark.ts';
import { at, statusOf } from './support/an-object.ts';
import { deploymentOf, podsOf, podUids } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import { aLed, type Subject, sightsOf, startScene } from './support/failover-scene.ts';
import { assertFreed, assertSound, assertUntouched } from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';

const ROLLED = { within: 60_000 };
/** Ready at once, and three seconds later able to lead. */
const SLOW_TO_LEAD = { controller: { configOverrides: { candidate: { slow_start: '3s' } } } };

const rollouts: Readonly<Record<string, PassThrough>> = {
  'two replicas': { replicas: 2 },
  'three replicas': { replicas: 3 },
  'replicas that are Ready before they can lead': { replicas: 2, ...SLOW_TO_LEAD },
};

const e2e = await startHarness();
const scene = await startScene(e2e, await e2e.startOperator());

describe('a rollout moves leadership once, and the leader goes last', { concurrency: 2 }, () => {
  for (const [sentence, spec] of Object.entries(rollouts)) {
    test(sentence, async () => {
      const subject = await aLed(scene, spec);
      const { address } = subject;
      const before = await podUids(e2e.admin, address);
      const leaderUid = await uidOfLeader(subject);
      await marked(subject);

      await e2e.edit(address, { spec: { restartTrigger: 'once' } });
      await rolledOut(subject, before.length);

      await assertFreed(scene, subject, 'Rollout');
      assert.equal(statusOf(await resourceOf(subject)).failovers?.length, 1);
      const gone = leavingOrder(subject);
      assert.deepEqual(gone.toSorted(), before);
      assert.equal(gone.at(-1), leaderUid);
    });
  }
});

test('fewer replicas leave the leader and its pod alone', async () => {
  const subject = await aLed(scene, { replicas: 3 });
  const leaderUid = await uidOfLeader(subject);
  await marked(subject);

  await e2e.edit(subject.address, { spec: { replicas: 1 } });
  await eventually('one pod is left', async () => {
    return (await podsOf(e2e.admin, subject.address)).length === 1;
  });

  assert.deepEqual(await podUids(e2e.admin, subject.address), [leaderUid]);
  assert.deepEqual(statusOf(await resourceOf(subject)).failovers ?? [], []);
  assertUntouched(scene, subject);
  await assertSound(scene, subject, 0);
});

/** Waits until the leader's pod, and no other, costs more to delete. */
function marked({ address, leader }: Subject): Promise<unknown> {
  return eventually('the leader is marked', async () => {
    const pods = await podsOf(e2e.admin, address);
    const leading = pods.filter(({ metadata }) => metadata.labels?.[ROLE_LABEL] === LEADER_ROLE);
    const [only] = leading;
    return (
      leading.length === 1 &&
      only?.metadata.name === leader.pod &&
      Number(only.metadata.annotations?.[DELETION_COST_ANNOTATION]) > 0
    );
  });
}

function rolledOut({ address }: Subject, replicas: number): Promise<unknown> {
  return eventually(
    `${address.name} is rolled out`,
    async () => {
      const { metadata, status } = await deploymentOf(e2e.admin, address);
      assert.equal(metadata.generation, at(status, 'observedGeneration'));
      assert.deepEqual(
        [at(status, 'updatedReplicas'), at(status, 'replicas'), at(status, 'readyReplicas')],
        [replicas, replicas, replicas],
      );
      return (await podsOf(e2e.admin, address)).length === replicas;
    },
    ROLLED,
  );
}

/** Uids of the pods that were told to go, in the order in which they were. */
function leavingOrder({ address }: Subject): readonly string[] {
  const leaving = sightsOf(scene, address, PodKind.kind)
    .map(({ object }) => object.metadata)
    .filter(({ deletionTimestamp }) => deletionTimestamp !== undefined);
  return [...new Set(leaving.map(({ uid }) => uid ?? ''))];
}

async function uidOfLeader({ address, leader }: Subject): Promise<string | undefined> {
  const pods = await podsOf(e2e.admin, address);
  return pods.find(({ metadata }) => metadata.name === leader.pod)?.metadata.uid;
}

function resourceOf({ address: { namespace, name } }: Subject) {
  return e2e.resource(namespace, name);
}
