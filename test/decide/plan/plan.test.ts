/** From what is to what shall be: which steps, and above all which none. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { worstCaseMs } from '../../../operator/decide/election/leadership.ts';
import { emptyMemory } from '../../../operator/decide/observed/memory.ts';
import type { Present } from '../../../operator/decide/observed/observation.ts';
import { planChanges } from '../../../operator/decide/plan/plan.ts';
import { describeStep, refOfStep, type Step } from '../../../operator/decide/plan/step.ts';
import { desiredObjects } from '../../../operator/desired/desired.ts';
import { SHARED_LABEL } from '../../../operator/desired/lease.ts';
import { identityOf } from '../../support/a-holder.ts';
import { anHa, aPolicy } from '../../support/an-ha.ts';
import { aLease, aPod, aRollout, NOW_MS, steady } from '../../support/an-observation.ts';

const ha = anHa();
const desired = desiredObjects(ha, aPolicy());

/** The desired objects as the server would hold them. */
function applied(objects: readonly KubeObject[] = desired): readonly KubeObject[] {
  return objects.map((object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      uid: `uid-${object.kind}`,
      resourceVersion: '7',
      generation: 1,
    },
    status: { anything: true },
  }));
}

function changing(kind: string, change: (object: KubeObject) => KubeObject) {
  return applied().map((object) => (object.kind === kind ? change(object) : object));
}

function without(...kinds: string[]) {
  return applied().filter((object) => !kinds.includes(object.kind));
}

function stepsFor(observation: Present): readonly Step[] {
  return planChanges(ha, observation, desired).waves.flat();
}

function withMetadata(object: KubeObject, metadata: Partial<KubeObject['metadata']>): KubeObject {
  return { ...object, metadata: { ...object.metadata, ...metadata } };
}

describe('a plan', () => {
  test('has no step when every child is as desired', () => {
    const steps = stepsFor(steady(ha, { children: applied() }));

    assert.deepEqual(steps, []);
  });

  test('creates every child of a new resource, what pods need first', () => {
    const plan = planChanges(ha, steady(ha, { children: [], pods: [] }), desired);

    assert.deepEqual(
      plan.waves.map((wave) => wave.map((step) => describeStep(step).split('"')[0]?.trim())),
      [
        [
          'create ConfigMap',
          'create Role',
          'create Lease',
          'create Service',
          'create PodDisruptionBudget',
        ],
        ['create RoleBinding', 'create Deployment'],
      ],
    );
  });

  test('rehearses the Deployment, and nothing else', () => {
    const plan = planChanges(ha, steady(ha, { children: [], pods: [] }), desired);

    assert.deepEqual(plan.dryRun.map(describeStep), [
      'create Deployment "ingress-apisix/apisix-icha"',
    ]);
  });

  test('updates exactly the child that was edited, and says which field', () => {
    const children = changing('Service', (service) => ({ ...service, spec: {} }));

    const [step, ...more] = stepsFor(steady(ha, { children }));

    assert.equal(step?.kind, 'update');
    assert.match(step.reason, /^spec\..* differs$/);
    assert.deepEqual(more, []);
  });

  test('leaves fields alone that others have added', () => {
    const children = changing('Deployment', (deployment) =>
      withMetadata(deployment, {
        annotations: {
          ...deployment.metadata.annotations,
          'deployment.kubernetes.io/revision': '4',
        },
      }),
    );

    assert.deepEqual(stepsFor(steady(ha, { children })), []);
  });

  test('does not repeat an update that the server has shown to change nothing', () => {
    const children = changing('Service', (service) => ({ ...service, spec: {} }));
    const [step] = stepsFor(steady(ha, { children }));
    assert.equal(step?.kind, 'update');

    const memory = { ...emptyMemory, noOps: new Set([step.fingerprint]) };

    assert.deepEqual(stepsFor(steady(ha, { children, memory })), []);
  });

  test("refuses an object of a child's name that another controller owns", () => {
    const owner = {
      apiVersion: 'v1',
      kind: 'Gateway',
      name: 'edge',
      uid: 'other',
      controller: true,
    };
    const children = changing('Service', (it) => withMetadata(it, { ownerReferences: [owner] }));

    const [step] = stepsFor(steady(ha, { children }));

    assert.equal(step?.kind, 'refuse');
    assert.equal(step.owner, 'Gateway "edge"');
  });

  test('waits for the garbage collector where an earlier resource of this name is the owner', () => {
    const children = changing('Service', (it) => {
      const [mine] = it.metadata.ownerReferences ?? [];
      assert.ok(mine);
      return withMetadata(it, { ownerReferences: [{ ...mine, uid: 'the one before' }] });
    });

    assert.deepEqual(
      stepsFor(steady(ha, { children })).map((step) => step.kind),
      ['await'],
    );
  });

  test('takes up an orphan that carries our labels', () => {
    const children = changing('Deployment', (it) => withMetadata(it, { ownerReferences: [] }));

    const steps = stepsFor(steady(ha, { children }));

    assert.deepEqual(steps.map(describeStep), ['update Deployment "ingress-apisix/apisix-icha"']);
  });

  test('waits for a child that is being deleted', () => {
    const children = changing('Role', (it) => withMetadata(it, { deletionTimestamp: 'now' }));

    assert.deepEqual(
      stepsFor(steady(ha, { children })).map((step) => step.kind),
      ['await'],
    );
  });
});

describe('what the spec no longer wants', () => {
  const single = anHa({ replicas: 1 });
  const fewer = desiredObjects(single, aPolicy());
  const oldConfig: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'apisix-icha-0000', namespace: ha.namespace, uid: 'old' },
  };

  test('is deleted by its uid', () => {
    const plan = planChanges(single, steady(single, { children: applied() }), fewer);

    const deletes = plan.waves.flat().filter((step) => step.kind === 'delete');
    assert.deepEqual(
      deletes.map((step) => step.uid),
      ['uid-PodDisruptionBudget'],
    );
  });

  test('stays while it belongs to somebody else', () => {
    const owner = {
      apiVersion: 'v1',
      kind: 'Gateway',
      name: 'edge',
      uid: 'other',
      controller: true,
    };
    const foreign = withMetadata(oldConfig, { ownerReferences: [owner] });

    assert.deepEqual(stepsFor(steady(ha, { children: [...applied(), foreign] })), []);
  });

  test('goes only when no pod mounts it', () => {
    const children = [...applied(), oldConfig];
    const user = aPod('old', { configMaps: ['apisix-icha-0000'] });

    assert.deepEqual(stepsFor(steady(ha, { children, pods: [user] })), []);
    assert.deepEqual(
      stepsFor(steady(ha, { children })).map((step) => step.kind),
      ['delete'],
    );
  });

  test('stays during a rollout, whose new pods the caches may not show yet', () => {
    const children = [...applied(), oldConfig];
    const deployment = aRollout({ updated: 1 });

    assert.deepEqual(stepsFor(steady(ha, { children, deployment })), []);
  });

  test('is the Lease once election is disabled, but not while a candidate runs', () => {
    const disabled = anHa({ replicas: 1, election: { mode: 'Disabled' } });
    const wanted = desiredObjects(disabled, aPolicy());
    const children = applied([...wanted, ...desired.filter((it) => it.kind === 'Lease')]);
    const old = aPod('a', { electionMode: 'Lease' });
    const fresh = aPod('b', { electionMode: 'Disabled' });

    const before = planChanges(disabled, steady(disabled, { children, pods: [old] }), wanted);
    const after = planChanges(disabled, steady(disabled, { children, pods: [fresh] }), wanted);

    assert.deepEqual(before.waves.flat(), []);
    assert.deepEqual(
      after.waves.flat().map((step) => step.kind),
      ['delete'],
    );
  });
});

describe('a missing Lease', () => {
  const record = { holderIdentity: identityOf('a'), leaseDurationSeconds: 30, leaseTransitions: 4 };

  function leaseStep(changes: Partial<Present>) {
    const { lease: _, ...rest } = steady(ha, { children: without('Lease'), ...changes });
    const [step] = stepsFor(rest);
    assert.ok(step);
    return step;
  }

  test('is created empty while no candidate runs', () => {
    const step = leaseStep({ pods: [] });

    assert.equal(step.kind, 'create');
    assert.equal(step.kind === 'create' && step.record, undefined);
  });

  test('is given back to a living leader with the record last seen', () => {
    const memory = {
      ...emptyMemory,
      missingLease: { sinceMs: NOW_MS, last: { uid: 'lost', spec: record } },
    };

    const step = leaseStep({ memory });

    assert.deepEqual(step.kind === 'create' && step.record, record);
    assert.equal(step.kind === 'create' && step.formerUid, 'lost');
  });

  test('is created empty when the record last seen was empty', () => {
    const memory = {
      ...emptyMemory,
      missingLease: { sinceMs: NOW_MS, last: { spec: { holderIdentity: '' } } },
    };

    assert.equal(leaseStep({ memory }).kind, 'create');
  });

  test('is given back from the status after a restart', () => {
    const status = {
      observedGeneration: 1,
      leader: {
        identity: identityOf('a'),
        acquireTime: '2026-01-01T00:00:00.000000Z',
        transitions: 3,
      },
      election: {
        leaseName: ha.election.leaseName,
        leaseDurationSeconds: 30,
        expectedFailoverMilliseconds: 0,
        worstCaseFailoverMilliseconds: 0,
        assistedFailoverMilliseconds: 0,
        apiOutageToleranceSeconds: 0,
        overlapBoundSeconds: 0,
        apiRequestsPerMinute: 0,
      },
    };

    const step = leaseStep({
      status,
      memory: { ...emptyMemory, missingLease: { sinceMs: NOW_MS } },
    });

    assert.equal(step.kind === 'create' && step.record?.holderIdentity, identityOf('a'));
  });

  test('waits until an unknown leader must have stopped', () => {
    const stopMs = ha.election.renewDeadlineMs + ha.election.retryPeriodMs;
    const since = (sinceMs: number) => ({ memory: { ...emptyMemory, missingLease: { sinceMs } } });

    assert.equal(leaseStep(since(NOW_MS - stopMs + 1)).kind, 'await');
    assert.equal(leaseStep(since(NOW_MS - stopMs)).kind, 'create');
  });
});

describe('the leader’s pod', () => {
  const marks = (changes: Partial<Present>) =>
    stepsFor(steady(ha, { children: applied(), ...changes })).flatMap((step) =>
      step.kind === 'mark' ? [`${step.object.metadata.name} ${step.reason}`] : [],
    );

  test('that is marked already gets no step', () => {
    assert.deepEqual(marks({}), []);
  });

  test('is marked, and the one that led before is not any more', () => {
    assert.deepEqual(marks({ lease: aLease(identityOf('b')) }), ['a leads no more', 'b leads']);
  });

  test('is marked again when somebody has removed half of its marks', () => {
    assert.deepEqual(marks({ pods: [aPod('a', { mark: 'part' })] }), ['a leads']);
  });

  test('keeps its marks while nobody holds the Lease, or somebody unknown, in a failover', () => {
    assert.deepEqual(marks({ lease: aLease('') }), []);
    assert.deepEqual(marks({ lease: aLease(identityOf('y')) }), []);
  });

  test('loses them when a foreign holder has the Lease for longer than a failover takes', () => {
    const lastRenewalAtMs = NOW_MS - worstCaseMs(ha);
    const memory = { ...emptyMemory, knownHolder: identityOf('a'), lastRenewalAtMs };

    assert.deepEqual(marks({ lease: aLease(identityOf('y')), memory }), ['a leads no more']);
    assert.deepEqual(marks({ lease: aLease(''), memory }), ['a leads no more']);
    assert.deepEqual(marks({ memory }), [], 'it holds the Lease still');
  });

  test('loses them to a foreign holder that a new operator finds', () => {
    const memory = emptyMemory;

    assert.deepEqual(marks({ lease: aLease(identityOf('y')), memory }), ['a leads no more']);
    assert.deepEqual(marks({ lease: aLease(''), memory }), [], 'perhaps in a failover');
  });

  test('loses them when any of several pods may be the leader', () => {
    const pods = [aPod('a', { mark: 'whole', hostName: 'edge' }), aPod('b', { hostName: 'edge' })];

    assert.deepEqual(marks({ lease: aLease(identityOf('edge')), pods }), ['a leads no more']);
  });

  test('is left alone once it is being deleted', () => {
    const pods = [aPod('a', { deleting: true }), aPod('b', { mark: 'whole', deleting: true })];

    assert.deepEqual(marks({ pods }), []);
  });

  test('needs no marks with election disabled', () => {
    const alone = anHa({ replicas: 1, election: { mode: 'Disabled' } });
    const observation = steady(ha, { pods: [aPod('a')] });

    const steps = planChanges(alone, observation, []).waves.flat();

    assert.ok(steps.every(({ kind }) => kind !== 'mark'));
  });

  test('is marked before the Deployment changes', () => {
    const observation = steady(ha, {
      lease: aLease(identityOf('b')),
      children: desired.filter(({ kind }) => kind !== 'Deployment'),
    });

    const { waves } = planChanges(ha, observation, desired);

    const waveWith = (kind: string) =>
      waves.findIndex((wave) => wave.some((step) => refOfStep(step).kind === kind));
    assert.ok(waveWith('Pod') < waveWith('Deployment'));
  });
});

describe('a Lease that an earlier installation uses', () => {
  const create = (existingLease: 'Refuse' | 'Share') => {
    const sharing = anHa({ election: { existingLease } });
    const { lease: _, ...rest } = steady(sharing, { pods: [] });
    const steps = planChanges(sharing, rest, desiredObjects(sharing, aPolicy())).waves.flat();
    return steps.find((step) => refOfStep(step).kind === 'Lease');
  };

  test('is taken part in only when the user says Share', () => {
    const [shared, refused] = [create('Share'), create('Refuse')];

    assert.equal(shared?.kind === 'create' && shared.share, true);
    assert.equal(refused?.kind === 'create' && refused.share, undefined);
  });

  test('carries a label that says so, and is not deleted with the resource', () => {
    const labels = (existingLease: 'Refuse' | 'Share') => {
      const step = create(existingLease);
      return step?.kind === 'create' ? step.object.metadata.labels?.[SHARED_LABEL] : 'no step';
    };

    assert.deepEqual([labels('Share'), labels('Refuse')], ['true', undefined]);
  });
});
