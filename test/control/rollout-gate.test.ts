/** Unasked rollouts go one after the other; nothing else waits. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import {
  API_VERSION,
  DeploymentKind,
  IngressControllerHAKind,
  RESOURCE_KIND,
} from '../../operator/base/resource-kinds.ts';
import { Caches } from '../../operator/control/caches.ts';
import { RolloutGate } from '../../operator/control/rollout-gate.ts';
import { emptyMemory } from '../../operator/decide/memory.ts';
import { type Plan, planChanges } from '../../operator/decide/plan.ts';
import { startsUnaskedRollout, withoutRollout } from '../../operator/decide/rollout.ts';
import { desiredObjects } from '../../operator/desired/desired.ts';
import { anHa, aPolicy } from '../support/an-ha.ts';
import { readyStatus, steady } from '../support/an-observation.ts';
import { createManualClock } from '../support/manual-clock.ts';

const a = { namespace: 'ns', name: 'a' };
const b = { namespace: 'ns', name: 'b' };

function aCacheOf(...keys: readonly { readonly namespace: string; readonly name: string }[]) {
  const caches = new Caches(createManualClock(), { wake: () => {} });
  let version = 0;
  for (const key of keys) {
    const object = {
      apiVersion: API_VERSION,
      kind: RESOURCE_KIND,
      metadata: { ...key, uid: key.name },
    };
    caches.observe(IngressControllerHAKind, { kind: 'upsert', object });
  }
  return {
    caches,
    /** The Deployment of `key` as it is with so many of two replicas updated. */
    roll(key: typeof a, updated: number, conditions: readonly unknown[] = []) {
      version += 1;
      const labels = { 'ingressha.dev/name': key.name };
      const metadata = {
        namespace: 'ns',
        name: `${key.name}-icha`,
        labels,
        uid: 'd',
        generation: 1,
      };
      const status = {
        observedGeneration: 1,
        replicas: 2,
        updatedReplicas: updated,
        availableReplicas: 2,
        conditions,
      };
      const object: KubeObject = {
        ...DeploymentKind,
        metadata: { ...metadata, resourceVersion: `${version}` },
        status,
      };
      caches.observe(DeploymentKind, { kind: 'upsert', object });
    },
  };
}

describe('the rollout gate', () => {
  test('lets one through, and the next when its pods are all new', () => {
    const { caches, roll } = aCacheOf(a, b);
    const gate = new RolloutGate(caches, 1);
    assert.equal(gate.enter(a), true);
    assert.equal(gate.enter(b), false);

    roll(a, 1);
    gate.leave(a);
    assert.equal(gate.enter(b), false);

    roll(a, 2);
    assert.equal(gate.enter(b), true);
  });

  test('lets the same resource through again', () => {
    const { caches, roll } = aCacheOf(a, b);
    roll(a, 1);

    assert.equal(new RolloutGate(caches, 1).enter(a), true);
  });

  test('takes the place of a rollout that has passed its deadline', () => {
    const { caches, roll } = aCacheOf(a, b);
    roll(a, 1, [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }]);

    assert.equal(new RolloutGate(caches, 1).enter(b), true);
  });

  test('lets as many through as it is told', () => {
    const { caches } = aCacheOf(a, b);
    const gate = new RolloutGate(caches, 2);

    assert.deepEqual([gate.enter(a), gate.enter(b)], [true, true]);
  });
});

describe('an unasked rollout', () => {
  const ha = anHa();
  const desired = desiredObjects(ha, aPolicy());

  /** The plan after `change` to the live Deployment of a resource that was Ready. */
  function planAfter(change: (spec: Readonly<Record<string, unknown>>) => unknown, generation = 1) {
    const children = desired.map((object) =>
      object.kind === 'Deployment'
        ? { ...object, spec: change(object.spec as Readonly<Record<string, unknown>>) }
        : object,
    );
    const observation = steady(ha, {
      children,
      status: readyStatus(anHa({ generation })),
      memory: emptyMemory,
    });
    const plan: Plan = planChanges(ha, observation, desired);
    return { plan, unasked: startsUnaskedRollout(plan, observation) };
  }

  test('is one whose template differs though the resource has not changed', () => {
    assert.equal(planAfter((spec) => ({ ...spec, template: {} })).unasked, true);
  });

  test('is not one of a resource that has changed since', () => {
    assert.equal(planAfter((spec) => ({ ...spec, template: {} }), 0).unasked, false);
  });

  test('is not a repaired number of replicas', () => {
    assert.equal(planAfter((spec) => ({ ...spec, replicas: 7 })).unasked, false);
  });

  test('can be left out of its plan', () => {
    const { plan } = planAfter((spec) => ({ ...spec, template: {} }));

    assert.deepEqual(withoutRollout(plan), { waves: [], rehearse: [] });
  });
});
