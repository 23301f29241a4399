/** A shared Lease is given back, never deleted, and nothing takes the mark off it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Ha } from '../../../operator/api/ha.ts';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { emptyMemory } from '../../../operator/decide/observed/memory.ts';
import type { Present } from '../../../operator/decide/observed/observation.ts';
import {
  endOfLease,
  givenBack,
  withoutOurLabels,
} from '../../../operator/decide/plan/lease-end.ts';
import { planChanges } from '../../../operator/decide/plan/plan.ts';
import { refOfStep, type Step } from '../../../operator/decide/plan/step.ts';
import { desiredObjects } from '../../../operator/desired/desired.ts';
import { asShared, lease as leaseOf, SHARED_LABEL } from '../../../operator/desired/lease.ts';
import { identityOf } from '../../support/a-holder.ts';
import { anHa, aPolicy } from '../../support/an-ha.ts';
import { aPod, NOW_MS, steady } from '../../support/an-observation.ts';

const ha = anHa();
const UID = 'uid-of-the-lease';
const OURS = identityOf('apisix-icha-6b6fb6b765-aaaaa');
const OTHERS: Record<string, string> = {
  'an earlier installation': identityOf('apisix-ingress-controller-6b6fb6b765-aaaaa'),
  'a pod of a resource whose name begins like ours': identityOf('apisix-icha-2-6b6fb6b765-aaaaa'),
  'a pod whose name ours begins with': identityOf('apisix-icha'),
  'somebody with a word for a name': 'somebody',
  'somebody who says that he is a pod of ours, without a uuid': 'apisix-icha-6b6fb6b765-aaaaa_1',
  'somebody with a megabyte for a name': 'x'.repeat(1_000_000),
};

function aLease(holderIdentity = '', labels: Readonly<Record<string, string>> = {}): KubeObject {
  const [wanted] = leaseOf(ha);
  assert.ok(wanted);
  const metadata = {
    ...wanted.metadata,
    uid: UID,
    resourceVersion: '7',
    labels: { ...wanted.metadata.labels, ...labels },
  };
  return { ...wanted, metadata, spec: { holderIdentity } };
}

function stepOf(resource: Ha, lease: KubeObject, changes: Partial<Present> = {}): Step | undefined {
  const desired = desiredObjects(resource, aPolicy());
  const children = [...desired.filter(({ kind }) => kind !== 'Lease'), lease];
  return planChanges(resource, steady(resource, { children, ...changes }), desired)
    .waves.flat()
    .find((step) => refOfStep(step).kind === 'Lease');
}

const MARK = { [SHARED_LABEL]: 'true' };
const disabled = anHa({ replicas: 1, election: { mode: 'Disabled' } });
const goneOver = { pods: [aPod('b', { electionMode: 'Disabled' })] };

describe('a Lease that is not wanted any more', () => {
  test('is deleted when it was ours alone, and only as it was looked at', () => {
    const step = stepOf(disabled, aLease(OURS), goneOver);

    assert.equal(step?.kind, 'delete');
    assert.deepEqual([step.uid, step.resourceVersion], [UID, '7']);
  });

  test('is given back when it carries the mark, whoever holds it', () => {
    for (const holder of ['', OURS, ...Object.values(OTHERS)]) {
      assert.equal(stepOf(disabled, aLease(holder, MARK), goneOver)?.kind, 'give-back');
      assert.equal(endOfLease(aLease(holder, MARK), ha, false), 'give-back');
    }
  });

  for (const [who, holder] of Object.entries(OTHERS)) {
    test(`is given back when it is held by ${who}, with or without the mark`, () => {
      assert.equal(stepOf(disabled, aLease(holder), goneOver)?.kind, 'give-back');
      assert.equal(endOfLease(aLease(holder), ha, false), 'give-back');
    });
  }

  test('is given back when it was shared once, and somebody has taken the mark off', () => {
    const memory = { ...emptyMemory, sharedLeases: [UID] };

    assert.equal(stepOf(disabled, aLease(OURS), { ...goneOver, memory })?.kind, 'give-back');
    assert.equal(endOfLease(aLease(OURS), ha, true), 'give-back');
  });

  test('is given back while its resource says Share, with or without the mark', () => {
    const sharing = anHa({ replicas: 1, election: { mode: 'Disabled', existingLease: 'Share' } });

    assert.equal(stepOf(sharing, aLease(OURS), goneOver)?.kind, 'give-back');
  });

  test('is left alone while a pod that carries our labels may elect by it, whoever made that', () => {
    const otherPods = [aPod('copy', { electionMode: 'Lease' })];

    assert.equal(stepOf(disabled, aLease(OURS, MARK), { ...goneOver, otherPods }), undefined);
  });

  test('is given back by an apply that names none of our fields, and no other Lease', () => {
    assert.deepEqual(givenBack(aLease('somebody', MARK)), {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: ha.election.leaseName, namespace: ha.namespace, uid: UID },
    });
  });
});

describe('the mark of a shared Lease', () => {
  const marked = (step: Step | undefined) =>
    step === undefined || !('object' in step)
      ? 'no step'
      : step.object.metadata.labels?.[SHARED_LABEL];
  const relabelled = anHa({ inherited: { labels: { team: 'edge' }, annotations: {} } });

  test('stays on it when the resource says Refuse again and changes another label', () => {
    const step = stepOf(relabelled, aLease(OURS, MARK));

    assert.equal(step?.kind, 'update');
    assert.equal(marked(step), 'true');
  });

  test('alone is nothing to write', () => {
    assert.equal(stepOf(ha, aLease(OURS, MARK)), undefined);
  });

  test('comes back when somebody has taken it off', () => {
    const memory = { ...emptyMemory, sharedLeases: [UID] };

    assert.equal(marked(stepOf(ha, aLease(OURS), { memory })), 'true');
  });

  test('comes to no Lease by who holds it: that writes nothing', () => {
    assert.equal(stepOf(ha, aLease('somebody')), undefined);
  });

  test('is there again when the Lease was deleted, or has lost all our labels', () => {
    const last = { uid: UID, spec: {}, shared: true };
    const memory = { ...emptyMemory, missingLease: { sinceMs: NOW_MS, last } };
    const { lease: _, ...rest } = steady(ha, { children: [], pods: [], memory });
    const steps = planChanges(ha, rest, desiredObjects(ha, aPolicy())).waves.flat();

    assert.equal(marked(steps.find((step) => refOfStep(step).kind === 'Lease')), 'true');
  });

  test('is no part of a Lease that is ours alone', () => {
    const [wanted] = leaseOf(ha);

    assert.equal(wanted?.metadata.labels?.[SHARED_LABEL], undefined);
    assert.equal(wanted && asShared(wanted).metadata.labels?.[SHARED_LABEL], 'true');
  });
});

describe('what an apply leaves of our labels, since it came otherwise,', () => {
  const labels = { ...leaseOf(ha)[0]?.metadata.labels, ...MARK };

  test('is taken off, and the labels of others stay', () => {
    const theirs = { team: 'edge', 'app.kubernetes.io/part-of': 'gateway' };
    const left = withoutOurLabels(aLease('somebody', { ...labels, ...theirs }));

    assert.deepEqual(left?.metadata.labels, theirs);
    assert.deepEqual(left?.spec, aLease('somebody').spec);
  });

  test('is not looked for where there is none', () => {
    const lease = aLease('somebody');
    const plain = { ...lease, metadata: { ...lease.metadata, labels: { team: 'edge' } } };

    assert.equal(withoutOurLabels(plain), undefined);
  });
});

test('a shared Lease that was deleted comes back with its record, though no pod of ours runs', () => {
  const spec = { holderIdentity: 'somebody', leaseDurationSeconds: 15 };
  const last = { uid: UID, spec, shared: true };
  const memory = { ...emptyMemory, missingLease: { sinceMs: NOW_MS, last } };
  const { lease: _, ...rest } = steady(ha, { children: [], pods: [], memory });

  const steps = planChanges(ha, rest, desiredObjects(ha, aPolicy())).waves.flat();

  const step = steps.find((one) => refOfStep(one).kind === 'Lease');
  assert.deepEqual(step?.kind === 'create' && step.record, spec);
});
