/** health.lua and the real kstatus say the same, in every combination and about live objects. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { anObject, conditionText, running, uniqueName } from '../e2e/support/an-object.ts';
import { eventually } from '../e2e/support/eventually.ts';
import { startHarness } from '../e2e/support/harness.ts';
import { kstatusOf } from '../e2e/support/kstatus.ts';
import { type Health, healthOf, runAction } from './argocd.ts';

const e2e = await startHarness();
const kstatus = (objects: readonly KubeObject[]) => kstatusOf(e2e.testbed, objects);

/** What Argo CD may show for each answer of kstatus. */
const AGREES: Readonly<Record<string, readonly Health['status'][]>> = {
  Failed: ['Degraded'],
  InProgress: ['Progressing'],
  Terminating: ['Progressing'],
  Current: ['Healthy', 'Suspended'],
};

test('health.lua agrees with kstatus in every combination of what both look at', async () => {
  const objects = combinations();

  const told = await kstatus(objects);

  assert.deepEqual([...new Set(told)].toSorted(), Object.keys(AGREES).toSorted());
  for (const [index, object] of objects.entries()) assertAgreement(object, told[index]);
});

test('health.lua is more careful than kstatus about a status that says nothing', async () => {
  const silent = { observedGeneration: 2 };
  const unobserved = { conditions: [condition('Ready', 'True')] };
  const objects = [silent, unobserved].map((status) => aResource({ status }));

  assert.deepEqual(await kstatus(objects), ['Current', 'Current']);
  assert.deepEqual(
    objects.map((object) => healthOf(object).status),
    ['Progressing', 'Progressing'],
  );
});

describe('a live resource', () => {
  let namespace: string;
  const name = uniqueName('apisix');
  const address = () => ({ namespace, name });

  before(async () => {
    ({ namespace } = await e2e.startOperator());
  });

  test('is Progressing as long as no operator serves its namespace', async () => {
    const elsewhere = await e2e.newNamespace();

    const fresh = await e2e.apply(anObject({ namespace: elsewhere }));

    assert.equal(healthOf(fresh).status, 'Progressing');
    assert.deepEqual(await kstatus([fresh]), ['InProgress']);
  });

  test('is Progressing until the controller is up, and Healthy from then on', async () => {
    const seen = [await e2e.apply(anObject({ namespace, name, spec: running() }))];
    await eventually(
      'the controller is up',
      async () => {
        const live = await e2e.resource(namespace, name);
        if (seen.at(-1)?.metadata.resourceVersion !== live.metadata.resourceVersion)
          seen.push(live);
        return conditionText(live, 'Ready') === 'Ready=True/AsSpecified';
      },
      { within: 60_000 },
    );

    const told = await kstatus(seen);

    for (const [index, object] of seen.entries()) assertAgreement(object, told[index]);
    const shown = seen.map((object) => healthOf(object).status);
    assert.ok(shown.length > 2, 'states on the way were seen');
    assert.deepEqual(shown, [...shown.slice(1).fill('Progressing'), 'Healthy']);
  });

  test('is Suspended while it is paused, by the action and back by the other one', async () => {
    await act('pause');
    const paused = await e2e.condition(address(), 'Ready=True/Paused');
    await act('resume');
    const resumed = await e2e.condition(address(), 'Ready=True/AsSpecified');

    assert.deepEqual(
      [paused, resumed].map((object) => healthOf(object).status),
      ['Suspended', 'Healthy'],
    );
    assert.deepEqual(await kstatus([paused, resumed]), ['Current', 'Current']);
  });

  test('is Degraded while only its author can mend it, paused or not', async () => {
    const version = (wanted: string) => ({ spec: { controller: { version: wanted } } });
    await e2e.edit(address(), version('9.9.9'));
    const stalled = await e2e.condition(address(), 'Stalled=True/VersionUnsupported');
    await act('pause');
    const paused = await e2e.condition(address(), 'Stalled=True/VersionUnsupported');
    await e2e.edit(address(), version('2.2.0'));
    await act('resume');
    await e2e.condition(address(), 'Ready=True/AsSpecified');

    assert.deepEqual(
      [stalled, paused].map((object) => healthOf(object).status),
      ['Degraded', 'Degraded'],
    );
    assert.match(healthOf(stalled).message, /9\.9\.9/);
    assert.deepEqual(await kstatus([stalled, paused]), ['Failed', 'Failed']);
  });

  test('takes what the actions restart and scale write', async () => {
    const restarted = await act('restart');
    const scaled = await act('scale', { replicas: '0' });
    const settled = await e2e.condition(address(), 'Ready=True/ScaledToZero', { within: 60_000 });

    assert.equal(restarted.metadata.generation, Number(scaled.metadata.generation) - 1);
    assert.equal(healthOf(settled).status, 'Healthy');
    assert.deepEqual(await kstatus([settled]), ['Current']);
  });

  /** As Argo CD does it: the script on the live object, and what it changed as a patch. */
  async function act(action: string, params: Readonly<Record<string, string>> = {}) {
    const after = runAction(action, await e2e.resource(namespace, name), params);
    return e2e.edit(address(), { spec: (after as unknown as KubeObject).spec });
  }
});

function assertAgreement(object: KubeObject, told = 'nothing'): void {
  const { status } = healthOf(object);
  const context = `kstatus says ${told} and health.lua ${status} of ${JSON.stringify(object)}`;
  assert.ok(AGREES[told]?.includes(status), context);
}

/** Conditions in the order in which the operator writes them, and in the other one. */
function combinations(): readonly KubeObject[] {
  const maybe = [undefined, 'True', 'False'];
  const written = ['True', 'False', 'Unknown'].flatMap((ready) =>
    maybe.flatMap((reconciling) =>
      maybe.map((stalled) => [
        condition('Ready', ready),
        ...(reconciling === undefined ? [] : [condition('Reconciling', reconciling)]),
        ...(stalled === undefined ? [] : [condition('Stalled', stalled)]),
      ]),
    ),
  );
  const statuses = written
    .flatMap((conditions) => [conditions, conditions.toReversed()])
    .flatMap((conditions) => [-1, 1, 2].map((seen) => ({ observedGeneration: seen, conditions })));
  return statuses.flatMap((status) =>
    [true, false].flatMap((paused) =>
      [true, false].map((deleted) => aResource({ status, paused, deleted })),
    ),
  );
}

function condition(type: string, status: string) {
  const lastTransitionTime = '2026-11-26T12:00:00Z';
  return { type, status, reason: 'Because', message: `${type} is ${status}`, lastTransitionTime };
}

function aResource(options: {
  readonly status: object;
  readonly paused?: boolean;
  readonly deleted?: boolean;
}): KubeObject {
  const { status, paused = false, deleted = false } = options;
  const { metadata, ...rest } = anObject({ namespace: 'prod', name: 'edge', spec: { paused } });
  const deletion = deleted ? { deletionTimestamp: '2026-11-26T12:00:00Z' } : {};
  return { ...rest, metadata: { ...metadata, generation: 2, ...deletion }, status };
}
