/** Unasked rollouts go one after the other; nothing else waits. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { record } from '../../../operator/base/read.ts';
import {
  API_VERSION,
  DeploymentKind,
  IngressControllerHAKind,
  RESOURCE_KIND,
} from '../../../operator/base/resource-kinds.ts';
import { Caches } from '../../../operator/control/cache/caches.ts';
import { RolloutGate } from '../../../operator/control/reconcile/rollout-gate.ts';
import { emptyMemory } from '../../../operator/decide/observed/memory.ts';
import { planChanges } from '../../../operator/decide/plan/plan.ts';
import { startsUnaskedRollout, withoutRollout } from '../../../operator/decide/plan/rollout.ts';
import type { Plan } from '../../../operator/decide/plan/step.ts';
import { desiredObjects } from '../../../operator/desired/desired.ts';
import { APPLIED_HASH_ANNOTATION } from '../../../operator/desired/naming.ts';
import { anHa, aPolicy } from '../../support/an-ha.ts';
import { readyStatus, steady } from '../../support/an-observation.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const a = { namespace: 'ns', name: 'a' };
const b = { namespace: 'ns', name: 'b' };

/** What the deployment controller says of itself while it works, when it is done, and when it gives up. */
const UNDER_WAY = [{ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' }];
const FINISHED = [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }];
const TOO_LATE = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
const NO_REPLICA_SET = [{ type: 'Progressing', status: 'False', reason: 'ReplicaSetCreateError' }];

interface Rolling {
  readonly updated?: number;
  readonly available?: number;
  readonly conditions?: readonly unknown[];
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly metadata?: Partial<KubeObject['metadata']>;
}

function aCacheOf(...keys: readonly { readonly namespace: string; readonly name: string }[]) {
  const clock = createManualClock();
  const caches = new Caches(clock, { enqueue: () => {} });
  let version = 0;
  for (const key of keys) {
    const object = {
      apiVersion: API_VERSION,
      kind: RESOURCE_KIND,
      metadata: { ...key, uid: key.name },
    };
    caches.deliver(IngressControllerHAKind, { kind: 'add', object });
  }
  return {
    caches,
    clock,
    /** The Deployment of `key`, of two replicas. */
    roll(
      key: typeof a,
      { updated = 2, available = 2, conditions = UNDER_WAY, ...rest }: Rolling = {},
    ) {
      version += 1;
      const metadata = {
        namespace: key.namespace,
        name: `${key.name}-icha`,
        labels: { 'ingressha.dev/name': key.name },
        uid: 'd',
        generation: 1,
        ...rest.metadata,
      };
      const status = {
        observedGeneration: 1,
        replicas: 2,
        updatedReplicas: updated,
        availableReplicas: available,
        conditions,
      };
      const object: KubeObject = {
        ...DeploymentKind,
        metadata: { ...metadata, resourceVersion: `${version}` },
        spec: rest.spec ?? {},
        status,
      };
      caches.deliver(DeploymentKind, { kind: 'add', object });
    },
  };
}

describe('the rollout gate', () => {
  test('lets one through, and the next when its pods are all new', () => {
    const { caches, clock, roll } = aCacheOf(a, b);
    const gate = new RolloutGate(caches, clock, 1);
    assert.deepEqual(gate.enter(a), []);
    assert.deepEqual(gate.enter(b), ['ns/a']);

    roll(a, { updated: 1 });
    gate.leave(a);
    assert.deepEqual(gate.enter(b), ['ns/a']);

    roll(a, { conditions: FINISHED });
    assert.deepEqual(gate.enter(b), []);
  });

  test('lets the same resource through again', () => {
    const { caches, clock, roll } = aCacheOf(a, b);
    roll(a, { updated: 1 });

    assert.deepEqual(new RolloutGate(caches, clock, 1).enter(a), []);
  });

  test('lets as many through as it is told', () => {
    const { caches, clock } = aCacheOf(a, b);
    const gate = new RolloutGate(caches, clock, 2);

    assert.deepEqual([gate.enter(a), gate.enter(b)], [[], []]);
  });

  test('names all who roll out, in order, whatever namespace they are in', () => {
    const c = { namespace: 'far', name: 'c' };
    const { caches, clock, roll } = aCacheOf(a, b, c);
    roll(b, { updated: 1 });
    roll(c, { updated: 1 });

    assert.deepEqual(new RolloutGate(caches, clock, 1).enter(a), ['far/c', 'ns/b']);
  });

  const holding: Readonly<Record<string, Rolling>> = {
    'pods of an older template are left': { updated: 1 },
    'they are left although the rollout before has finished': { updated: 1, conditions: FINISHED },
    'its new pods are not available yet': { available: 1 },
    'the deployment controller has not seen the newest template': {
      conditions: FINISHED,
      metadata: { generation: 2 },
    },
  };
  for (const [sentence, state] of Object.entries(holding)) {
    test(`keeps a place while ${sentence}`, () => {
      const { caches, clock, roll } = aCacheOf(a, b);
      roll(a, state);

      assert.deepEqual(new RolloutGate(caches, clock, 1).enter(b), ['ns/a']);
    });
  }

  const free: Readonly<Record<string, Rolling>> = {
    'a replica that became unavailable after the rollout': { available: 1, conditions: FINISHED },
    'a Deployment that somebody paused': {
      updated: 1,
      conditions: [{ type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused' }],
      spec: { paused: true },
    },
    'a pause that the deployment controller has not seen': {
      updated: 1,
      spec: { paused: true },
      metadata: { generation: 2 },
    },
    'a rollout that has passed its deadline': { updated: 1, conditions: TOO_LATE },
    'a rollout whose ReplicaSet could not be created': { updated: 0, conditions: NO_REPLICA_SET },
    'a Deployment that is being deleted': {
      updated: 1,
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
    },
    'a finished rollout without the word of the deployment controller': { conditions: [] },
  };
  for (const [sentence, state] of Object.entries(free)) {
    test(`keeps no place for ${sentence}`, () => {
      const { caches, clock, roll } = aCacheOf(a, b);
      roll(a, state);

      assert.deepEqual(new RolloutGate(caches, clock, 1).enter(b), []);
    });
  }

  test('lets nobody wait for longer than half an hour for the same rollout', async () => {
    const { caches, clock, roll } = aCacheOf(a, b);
    const gate = new RolloutGate(caches, clock, 1);
    let waitedMs = 0;

    roll(a, { updated: 1 });
    for (; gate.enter(b).length > 0 && waitedMs < 3_600_000; waitedMs += 5_000) {
      await clock.advance(5_000);
      roll(a, { updated: waitedMs % 2 }); // edited again and again, it is never done
    }

    assert.equal(waitedMs, 30 * 60_000);
  });

  test('counts a turn anew when nobody had waited for it', async () => {
    const { caches, clock, roll } = aCacheOf(a, b);
    const gate = new RolloutGate(caches, clock, 1);
    roll(a, { updated: 1 });
    assert.deepEqual(gate.enter(b), ['ns/a']);

    await clock.advance(3_600_000);

    assert.deepEqual(gate.enter(b), ['ns/a']);
  });

  test('looks through all resources only when a place has become free', () => {
    const { caches, clock, roll } = aCacheOf(a, b);
    roll(a, { updated: 1 });
    const gate = new RolloutGate(caches, clock, 1);
    assert.deepEqual(gate.enter(b), ['ns/a']);
    let looks = 0;
    const resources = caches.resources.bind(caches);
    caches.resources = () => {
      looks += 1;
      return resources();
    };

    for (let asked = 0; asked < 1_000; asked += 1)
      gate.enter({ namespace: 'ns', name: `${asked}` });
    assert.equal(looks, 0);

    roll(a, { conditions: FINISHED });
    assert.deepEqual(gate.enter(b), []);
    assert.equal(looks, 1);
  });
});

describe('an unasked rollout', () => {
  const ha = anHa();
  const desired = desiredObjects(ha, aPolicy());

  interface Live {
    readonly spec?: Readonly<Record<string, unknown>>;
    /** What the annotation says that was applied last. Default: what we mean now. */
    readonly hash?: string | undefined;
    readonly labels?: Readonly<Record<string, string>>;
  }

  const meantSpec = record(desired.find(({ kind }) => kind === 'Deployment')?.spec);

  /** The plan for a live Deployment that differs so, of a resource that was Ready. */
  function planFor(live: Live, generation = 1) {
    const children = desired.map((object) => {
      if (object.kind !== 'Deployment') return object;
      const { [APPLIED_HASH_ANNOTATION]: meant, ...others } = object.metadata.annotations ?? {};
      const hash = 'hash' in live ? live.hash : meant;
      const annotations = { ...others, ...(hash && { [APPLIED_HASH_ANNOTATION]: hash }) };
      const metadata = { ...object.metadata, annotations, ...(live.labels && { labels: {} }) };
      return { ...object, metadata, spec: { ...meantSpec, ...live.spec } };
    });
    const observation = steady(ha, {
      children,
      status: readyStatus(anHa({ generation })),
      memory: emptyMemory,
    });
    const plan: Plan = planChanges(ha, observation, desired);
    return { plan, unasked: startsUnaskedRollout(plan, observation) };
  }

  const OLDER = { hash: '0123456789' };
  const OTHER_PODS = { spec: { template: {} } };

  const unasked: Readonly<Record<string, Live>> = {
    'pods that this version renders in another way': { ...OLDER, ...OTHER_PODS },
    'a field that this version no longer renders': OLDER,
    'other pods behind many other differences': { ...OLDER, ...OTHER_PODS, labels: {} },
  };
  for (const [sentence, live] of Object.entries(unasked)) {
    test(`is one for ${sentence}`, () => assert.equal(planFor(live).unasked, true));
  }

  test('is not one of a resource that has changed since', () => {
    assert.equal(planFor({ ...OLDER, ...OTHER_PODS }, 0).unasked, false);
  });

  test('is not a repaired number of replicas', () => {
    assert.equal(planFor({ spec: { replicas: 7 } }).unasked, false);
  });

  test('is not another way to replace pods', () => {
    assert.equal(planFor({ ...OLDER, spec: { strategy: { type: 'Recreate' } } }).unasked, false);
  });

  const repairs: Readonly<Record<string, Live>> = {
    'pods that somebody edited': OTHER_PODS,
    'pods that somebody edited, who removed our annotation': { ...OTHER_PODS, hash: undefined },
  };
  for (const [sentence, live] of Object.entries(repairs)) {
    test(`is not the repair of ${sentence}: it takes no turn`, () => {
      const { plan, unasked: waits } = planFor(live);
      assert.deepEqual([waits, plan.dryRun.length], [false, 1]);
    });
  }

  test('can be left out of its plan', () => {
    const { plan } = planFor({ ...OLDER, ...OTHER_PODS });

    assert.deepEqual(withoutRollout(plan), { waves: [], dryRun: [] });
  });
});
