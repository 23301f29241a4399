/** What speaks against taking a leader down, one sentence each. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drillSnapshot, type Method } from '../../../operator/cli/drill/decide/drill-snapshot.ts';
import { safetyOf } from '../../../operator/cli/drill/decide/safety.ts';
import type { InstanceSnapshot } from '../../../operator/cli/view/decide/instance-snapshot.ts';
import { CAUSE_ANNOTATION } from '../../../operator/decide/observed/pod.ts';
import {
  aBudget,
  aControllerPod,
  aDeployment,
  aHeldLease,
  aLedInstance,
  aLedResource,
  identityOf,
  podName,
} from '../../support/a-led-instance.ts';

const NOW_MS = Date.parse('2026-01-01T00:00:01Z');
const RENEWED = '2026-01-01T00:00:00.000000Z';

function judge(changes: Partial<InstanceSnapshot> = {}, method: Method = 'delete') {
  return safetyOf(drillSnapshot({ ...aLedInstance(), ...changes }, NOW_MS), method);
}

test('a system in which all is in order may lose its leader, and nobody need be warned', () => {
  const safety = judge();

  assert.equal(safety.kind, 'safe');
  assert.deepEqual(safety.kind === 'safe' && safety.cautions, []);
  const target = safety.kind === 'safe' ? safety.target : undefined;
  assert.equal(target?.identity, identityOf('a'));
  assert.deepEqual(
    target?.standbys.map(({ name }) => name),
    [podName('b')],
  );
});

test('without a budget there is none to ask', () => {
  const { budget: _, ...objects } = aLedInstance();

  assert.equal(safetyOf(drillSnapshot(objects, NOW_MS), 'delete').kind, 'safe');
});

const against: Record<string, { changes: Partial<InstanceSnapshot>; reason: RegExp }> = {
  'it is not Ready': {
    changes: { resource: aLedResource({}, { Ready: 'False NoLeader Nobody leads' }) },
    reason: /^It is not Ready: Ready=False NoLeader: Nobody leads\.$/,
  },
  'it is paused': {
    changes: { resource: aLedResource({ paused: true }) },
    reason: /^It is paused \(spec\.paused\)/,
  },
  'it has one replica': {
    changes: {
      resource: aLedResource({ replicas: 1 }),
      deployment: aDeployment({ replicas: 1, updatedReplicas: 1, readyReplicas: 1 }),
    },
    reason: /^It has 1 replica: nobody would lead until that one is back\.$/,
  },
  'no leader is elected': {
    changes: { resource: aLedResource({}, { LeaderElected: 'False LeaseUnheld Nobody holds it' }) },
    reason: /^No leader is elected: Nobody holds it\.$/,
  },
  'nobody holds the Lease': {
    changes: { lease: aHeldLease('', RENEWED) },
    reason: /^Nobody holds its Lease\.$/,
  },
  'a stranger holds the Lease': {
    changes: { lease: aHeldLease('x', RENEWED) },
    reason: /^Its Lease is held by "apisix-icha-7d9f-x_.*", which is no pod of it\.$/,
  },
  'a rollout goes on': {
    changes: { deployment: aDeployment({ updatedReplicas: 1 }) },
    reason: /^Something is rolling: of 2 wanted replicas 2 exist, 1 updated and 2 ready\.$/,
  },
  'the Deployment has not seen its newest spec': {
    changes: { deployment: aDeployment({ observedGeneration: 0 }) },
    reason: /^Something is rolling/,
  },
  'the standby is not Ready': {
    changes: { pods: [aControllerPod('a'), aControllerPod('b', {}, 'False')] },
    reason: /^No standby is Ready\.$/,
  },
  'the leader is not Ready': {
    changes: { pods: [aControllerPod('a', {}, 'False'), aControllerPod('b')] },
    reason: /^Pod "apisix-icha-7d9f-a", which leads, is not Ready\.$/,
  },
  'a pod is going already': {
    changes: {
      pods: [
        aControllerPod('a'),
        aControllerPod('b'),
        aControllerPod('c', { deletionTimestamp: RENEWED }),
      ],
    },
    reason: /^Pod "apisix-icha-7d9f-c" is being deleted\.$/,
  },
  'another drill has announced itself': {
    changes: {
      pods: [
        aControllerPod('a', { annotations: { [CAUSE_ANNOTATION]: 'Drill' } }),
        aControllerPod('b'),
      ],
    },
    reason:
      /^Pod "apisix-icha-7d9f-a" is announced for a Drill: .*\(kubectl annotate pod apisix-icha-7d9f-a -n prod .*-\)\.$/,
  },
  'the budget allows none': {
    changes: { budget: aBudget(0) },
    reason: /^PodDisruptionBudget "apisix-icha" allows no disruption now\.$/,
  },
};

for (const [what, { changes, reason }] of Object.entries(against)) {
  test(`no leader is taken down while ${what}`, () => {
    const safety = judge(changes);

    assert.ok(safety.kind === 'unsafe');
    assert.equal(safety.reasons.length, 1, safety.reasons.join('\n'));
    assert.match(safety.reasons[0] ?? '', reason);
  });
}

test('all reasons are told at once', () => {
  const safety = judge(
    { budget: aBudget(0), deployment: aDeployment({ readyReplicas: 1 }) },
    'evict',
  );

  assert.ok(safety.kind === 'unsafe');
  assert.equal(safety.reasons.length, 2);
  assert.match(safety.reasons[1] ?? '', /, so the API server would refuse\.$/);
});

test('a failover that the operator would not shorten is warned of, with its longest time', () => {
  const resource = aLedResource({}, { FailoverAssistReady: 'False Disabled It is disabled' });

  const safety = judge({ resource });

  assert.deepEqual(safety.kind === 'safe' && safety.cautions, [
    'The operator would not free the Lease (It is disabled), so it must expire, in 14.4 s at the latest.',
  ]);
});
