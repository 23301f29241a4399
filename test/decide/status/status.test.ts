/** The conditions table: each reason that the status can give, from the facts that call for it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Ha } from '../../../operator/api/ha.ts';
import type { ConditionType, HaStatus } from '../../../operator/api/status.ts';
import { failoverTimes } from '../../../operator/decide/election/failover-times.ts';
import { NOTHING_SEEN } from '../../../operator/decide/observed/failover-view.ts';
import { emptyMemory } from '../../../operator/decide/observed/memory.ts';
import type { Present } from '../../../operator/decide/observed/observation.ts';
import type { Outcome } from '../../../operator/decide/plan/outcome.ts';
import { nextStatus, type StatusInput } from '../../../operator/decide/status/status.ts';
import { renderConfig } from '../../../operator/desired/config-map.ts';
import { selectorText } from '../../../operator/desired/naming.ts';
import { identityOf } from '../../support/a-holder.ts';
import { anHa } from '../../support/an-ha.ts';
import {
  aLease,
  aPod,
  aRollout,
  NOW_MS,
  readyStatus,
  steady,
} from '../../support/an-observation.ts';

const ha = anHa();
const worstMs = failoverTimes(ha.election, ha.replicas).worstCaseMs;
const blocked: Outcome = {
  kind: 'terminal-error',
  terminalErrors: [{ reason: 'ObjectNotOwned', message: 'Service "x" exists and belongs to "y"' }],
};
const failed: Outcome = { kind: 'failed', failure: { kind: 'unreachable', message: 'no answer' } };

interface Case {
  readonly ha?: Ha;
  readonly given?: Partial<Present>;
  readonly outcome?: Outcome;
  readonly expected: Partial<Record<ConditionType, string>>;
}

const cases: Record<string, Case> = {
  'a steady resource is Ready, redundant and sound': {
    expected: {
      Ready: 'True/AsSpecified',
      LeaderElected: 'True/LeaseHeld',
      HighlyAvailable: 'True/Redundant',
      ElectionSettingsEffective: 'True/AsRendered',
      FailoverAssistReady: 'False/HolderUnbound',
      SettingsSound: 'True/NoAdvice',
      Reconciling: 'absent',
      Stalled: 'absent',
    },
  },
  'a Deployment that is not there yet is being rolled out': {
    given: { deployment: undefined, lease: aLease(''), pods: [], memory: emptyMemory } as never,
    expected: {
      Ready: 'False/RollingOut',
      Reconciling: 'True/RollingOut',
      LeaderElected: 'False/NoCandidate',
    },
  },
  'replicas that are not all available yet are a rollout': {
    given: { deployment: aRollout({ available: 1 }) },
    expected: { Ready: 'False/RollingOut', Reconciling: 'True/RollingOut' },
  },
  'a rollout past its deadline says so, and is not under way any more': {
    given: { deployment: aRollout({ updated: 1, deadlineExceeded: true }) },
    expected: { Ready: 'False/ReplicasUnavailable', Reconciling: 'absent' },
  },
  'new pods that somebody has paused are a rollout still': {
    given: { deployment: aRollout({ updated: 1, paused: true, progress: 'under-way' }) },
    expected: { Ready: 'False/RollingOut', Reconciling: 'True/RollingOut' },
  },
  'replicas without a first leader wait for one': {
    given: { lease: aLease(''), memory: emptyMemory },
    expected: {
      Ready: 'False/WaitingForLeader',
      Reconciling: 'True/WaitingForLeader',
      LeaderElected: 'False/LeaseUnheld',
      ElectionSettingsEffective: 'Unknown/NoLeader',
    },
  },
  'a leader silent for less than the worst case flips nothing': {
    given: {
      status: readyStatus(ha),
      deployment: aRollout({ ready: 1, available: 1 }),
      pods: [aPod('b')],
      memory: {
        ...emptyMemory,
        knownHolder: identityOf('a'),
        lastRenewalAtMs: NOW_MS - worstMs + 1,
        shortSinceMs: NOW_MS - worstMs + 1,
      },
    },
    expected: {
      Ready: 'True/AsSpecified',
      LeaderElected: 'True/LeaseHeld',
      HighlyAvailable: 'False/StandbyNotReady',
    },
  },
  'a leader silent for the worst case is lost': {
    given: {
      status: readyStatus(ha),
      memory: { ...emptyMemory, knownHolder: identityOf('a'), lastRenewalAtMs: NOW_MS - worstMs },
    },
    expected: { Ready: 'False/NoLeader', LeaderElected: 'False/LeaseExpired' },
  },
  'a holder that is no pod of ours is not a leader': {
    given: { lease: aLease(identityOf('foreign')), memory: emptyMemory },
    expected: { LeaderElected: 'False/HolderUnknown' },
  },
  'a holder that is no pod of ours and renews is no leader either': {
    given: {
      status: readyStatus(ha),
      lease: aLease(identityOf('foreign')),
      memory: {
        ...emptyMemory,
        knownHolder: identityOf('a'),
        lastRenewalAtMs: NOW_MS - worstMs,
        readyWithoutLeaderSinceMs: NOW_MS - 10 * worstMs - 60_000,
        foreignHolder: { holder: identityOf('foreign'), changedAtMs: NOW_MS },
      },
    },
    expected: { Ready: 'False/NoLeader', LeaderElected: 'False/HolderUnknown' },
  },
  'a holder that is no pod of ours flips nothing while a failover may be under way': {
    given: {
      status: readyStatus(ha),
      lease: aLease(identityOf('foreign')),
      memory: {
        ...emptyMemory,
        knownHolder: identityOf('a'),
        lastRenewalAtMs: NOW_MS - worstMs + 1,
        foreignHolder: { holder: identityOf('foreign'), changedAtMs: NOW_MS },
      },
    },
    expected: { Ready: 'True/AsSpecified', LeaderElected: 'True/LeaseHeld' },
  },
  'replicas that do not follow a foreign holder that has stopped are blocked': {
    given: {
      lease: aLease(identityOf('foreign')),
      memory: {
        ...emptyMemory,
        readyWithoutLeaderSinceMs: NOW_MS - worstMs - 60_000,
        foreignHolder: { holder: identityOf('foreign'), changedAtMs: NOW_MS - worstMs },
      },
    },
    expected: { LeaderElected: 'False/ElectionBlocked' },
  },
  'Ready replicas that never elect anybody are blocked': {
    given: {
      lease: aLease(''),
      memory: { ...emptyMemory, readyWithoutLeaderSinceMs: NOW_MS - worstMs - 60_000 },
    },
    expected: { LeaderElected: 'False/ElectionBlocked' },
  },
  'a replica missing for the worst case is unavailable': {
    given: {
      status: readyStatus(ha),
      deployment: aRollout({ ready: 1, available: 1 }),
      memory: { ...steady(ha).memory, shortSinceMs: NOW_MS - worstMs },
    },
    expected: { Ready: 'False/ReplicasUnavailable', Reconciling: 'absent' },
  },
  'a blocked resource is stalled, and what runs is still told': {
    outcome: blocked,
    expected: {
      Ready: 'False/ObjectNotOwned',
      Stalled: 'True/ObjectNotOwned',
      Reconciling: 'absent',
      LeaderElected: 'True/LeaseHeld',
    },
  },
  'a failed pass over a new specification is retried, and is not Ready whatever runs': {
    outcome: failed,
    expected: { Ready: 'False/RollingOut', Reconciling: 'True/Retrying', Stalled: 'absent' },
  },
  'something waited for is being applied': {
    outcome: { kind: 'progressing', waitingFor: 'Service "x" waits for its deletion to finish' },
    expected: { Ready: 'False/RollingOut', Reconciling: 'True/Applying' },
  },
  'a paused resource is Ready as Paused': {
    ha: anHa({ paused: true }),
    expected: { Ready: 'True/Paused', Reconciling: 'absent' },
  },
  'no replica at all is a steady state': {
    ha: anHa({ replicas: 0 }),
    given: { deployment: aRollout({ replicas: 0, updated: 0, ready: 0, available: 0 }), pods: [] },
    expected: {
      Ready: 'True/ScaledToZero',
      LeaderElected: 'False/NoCandidate',
      HighlyAvailable: 'False/SingleReplica',
    },
  },
  'one replica is Ready, but not highly available': {
    ha: anHa({ replicas: 1 }),
    given: { deployment: aRollout({ replicas: 1, updated: 1, ready: 1, available: 1 }) },
    expected: { Ready: 'True/AsSpecified', HighlyAvailable: 'False/SingleReplica' },
  },
  'disabled election is Ready without a leader': {
    ha: anHa({ replicas: 1, election: { mode: 'Disabled' } }),
    given: { deployment: aRollout({ replicas: 1, updated: 1, ready: 1, available: 1 }) },
    expected: {
      Ready: 'True/AsSpecified',
      LeaderElected: 'False/ElectionDisabled',
      HighlyAvailable: 'False/ElectionDisabled',
      ElectionSettingsEffective: 'True/AsRendered',
    },
  },
  'replicas on one node are not highly available': {
    given: { pods: [aPod('a', { nodeName: 'n' }), aPod('b', { nodeName: 'n' })] },
    expected: { HighlyAvailable: 'False/SingleNode' },
  },
  'a budget that never allows an eviction is told': {
    given: { budget: { disruptionsAllowed: 0, currentHealthy: 2, expectedPods: 2, current: true } },
    expected: { HighlyAvailable: 'False/EvictionBlocked' },
  },
  'standalone mode before 2.2.0 is not safe with standbys': {
    ha: anHa({
      controller: { version: '2.1.0', config: { provider: { type: 'APISIXStandalone' } } },
    }),
    expected: { HighlyAvailable: 'False/VersionUnsafe' },
  },
  'a Lease with another duration shows settings that are not in effect': {
    given: { lease: aLease(identityOf('a'), { durationSeconds: 15 }) },
    expected: { ElectionSettingsEffective: 'False/LeaseDurationDiffers' },
  },
  'a leader with another ConfigMap has not loaded the settings': {
    given: { pods: [aPod('a', { configMaps: ['apisix-icha-old'] }), aPod('b')] },
    expected: { ElectionSettingsEffective: 'False/ConfigNotLoaded' },
  },
  'during a rollout nobody can tell which settings hold': {
    given: { deployment: aRollout({ replicas: 3, updated: 1 }) },
    expected: { ElectionSettingsEffective: 'Unknown/RolloutInProgress' },
  },
};

function inputFor(given: Case, now = '2026-02-02T00:00:00Z'): StatusInput {
  const resource = given.ha ?? ha;
  return {
    ha: resource,
    observation: steady(resource, given.given),
    outcome: given.outcome ?? { kind: 'settled' },
    advice: [],
    selector: selectorText(resource),
    configMapName: renderConfig(resource).name,
    now,
  };
}

function statusFor(given: Case, now?: string): HaStatus {
  const change = nextStatus(inputFor(given, now));
  assert.equal(change.kind, 'changed');
  return change.status;
}

describe('the conditions', () => {
  for (const [sentence, given] of Object.entries(cases)) {
    test(sentence, () => {
      const { conditions = [] } = statusFor(given);

      for (const [type, expected] of Object.entries(given.expected)) {
        const found = conditions.find((condition) => condition.type === type);
        const said = found === undefined ? 'absent' : `${found.status}/${found.reason}`;
        assert.equal(said, expected, type);
      }
    });
  }
});

describe('what new pods wait for', () => {
  const told: Readonly<Record<string, readonly string[]>> = {
    'New pods wait until "a/x" has rolled out': ['a/x'],
    'New pods wait until "a/x", "b/y" have rolled out': ['a/x', 'b/y'],
    'New pods wait until "a/x", "b/y", "c/z", 2 more have rolled out': [
      ...['a/x', 'b/y', 'c/z'],
      ...['d/1', 'e/2'],
    ],
  };
  for (const [sentence, behind] of Object.entries(told)) {
    test(`is told as: ${sentence}`, () => {
      const outcome = { kind: 'queued', behind } as const;
      const { conditions } = statusFor({ outcome, expected: {} });
      const reconciling = conditions?.find(({ type }) => type === 'Reconciling');
      assert.equal(reconciling?.message, sentence);
    });
  }
});

describe('the status', () => {
  test('is unchanged, and so unwritten, when the next one says the same', () => {
    const status = statusFor({ expected: {} });

    const again = nextStatus(inputFor({ given: { status }, expected: {} }, '2026-03-03T00:00:00Z'));

    assert.equal(again.kind, 'unchanged');
  });

  test('says of a single replica that it leads, not that one of them does', () => {
    const given = { deployment: aRollout({ replicas: 1, updated: 1, ready: 1, available: 1 }) };

    const { conditions } = statusFor({ ha: anHa({ replicas: 1 }), given, expected: {} });

    const ready = conditions?.find(({ type }) => type === 'Ready');
    assert.equal(ready?.message, 'The replica is ready and leads');
  });

  test('leaves Ready to the facts when a pass fails over what was Ready before', () => {
    const status = statusFor({ expected: {} });

    const { conditions } = statusFor({ given: { status }, outcome: failed, expected: {} });

    const ready = conditions?.find(({ type }) => type === 'Ready');
    assert.equal(ready?.reason, 'AsSpecified');
  });

  test('moves a transition time only when that condition flips', () => {
    const before = statusFor({ expected: {} }, '2026-02-02T00:00:00Z');
    const given = { status: before, deployment: aRollout({ current: false }) };

    const after = statusFor({ given, expected: {} }, '2026-03-03T00:00:00Z');

    const times = new Map(after.conditions?.map((it) => [it.type, it.lastTransitionTime]));
    assert.equal(times.get('Ready'), '2026-03-03T00:00:00Z');
    assert.equal(times.get('LeaderElected'), '2026-02-02T00:00:00Z');
  });

  test('names leader and standbys by pod and node', () => {
    const { leader, standbys } = statusFor({ expected: {} });

    assert.deepEqual(leader, {
      identity: identityOf('a'),
      podName: 'a',
      nodeName: 'node-of-a',
      acquireTime: '2026-01-01T00:00:00.000000Z',
      transitions: 1,
    });
    assert.deepEqual(standbys, [{ podName: 'b', nodeName: 'node-of-b', ready: true }]);
  });

  test('names a leader whose pod has gone as long as it is known, and never a foreign holder', () => {
    const gone = { pods: [aPod('b')] };
    const memory = {
      ...emptyMemory,
      knownHolder: identityOf('a'),
      knownPod: 'a',
      lastRenewalAtMs: NOW_MS,
    };
    const known = { ...gone, memory };
    const foreign = { ...gone, memory: emptyMemory };

    assert.equal(statusFor({ given: known, expected: {} }).leader?.podName, 'a');
    assert.equal(statusFor({ given: foreign, expected: {} }).leader?.podName, undefined);
  });

  test('computes what a failover costs with these settings', () => {
    const { election } = statusFor({ expected: {} });

    assert.deepEqual(election, {
      leaseName: 'apisix-ingress-controller-leader',
      leaseDurationSeconds: 30,
      expectedFailoverMilliseconds: 32_350,
      worstCaseFailoverMilliseconds: 38_800,
      assistedFailoverMilliseconds: 6_900,
      apiOutageToleranceSeconds: 20,
      overlapBoundSeconds: 22,
      apiRequestsPerMinute: 49,
    });
  });

  test('leaves to a new operator what its predecessor has said about the assist', () => {
    const said = {
      type: 'FailoverAssistReady' as const,
      status: 'True' as const,
      observedGeneration: 1,
      lastTransitionTime: '2026-01-01T00:00:00Z',
      reason: 'Watching',
      message: 'The holder is watched',
    };
    const status = { observedGeneration: 1, conditions: [said] };
    const conditionIn = (given: Partial<Present>) =>
      statusFor({ given, expected: {} }).conditions?.find(({ type }) => type === said.type);
    const assist = { status: 'False', reason: 'Suspended', message: 'Loop' } as const;

    const [kept, decided] = [
      conditionIn({ status }),
      conditionIn({ status, failover: { ...NOTHING_SEEN, assist } }),
    ];

    assert.deepEqual(kept, said);
    assert.equal(decided?.reason, 'Suspended');
  });

  test('carries the history of failovers on', () => {
    const failovers = [
      {
        time: '2026-01-01T00:00:00Z',
        cause: 'Crash',
        fromIdentity: identityOf('a'),
        toIdentity: identityOf('b'),
        winner: 'Standby',
        assist: 'Disabled',
        leaderlessMilliseconds: 31_000,
      },
    ] as const;
    const status = { observedGeneration: 1, failovers };

    assert.deepEqual(statusFor({ given: { status }, expected: {} }).failovers, failovers);
  });
});
