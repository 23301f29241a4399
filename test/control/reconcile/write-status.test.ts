/** A status that is refused, for whatever reason: what is stored instead, and who is told. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { customResourceDefinition } from '../../../operator/api/crd.ts';
import type { SchemaNode } from '../../../operator/api/fit-value.ts';
import { statusSchemaOf } from '../../../operator/api/live-crd.ts';
import type { KubeFailure } from '../../../operator/base/failure.ts';
import { RESOURCE_KIND } from '../../../operator/base/resource-kinds.ts';
import { aReconciledWorld } from '../../support/a-reconciled-world.ts';

const STATUS = `status ${RESOURCE_KIND}/apisix`;
const invalid = (message: string): KubeFailure => ({ kind: 'invalid', message });
const undeclared = (field: string) =>
  invalid(`failed to create typed patch object: .status.${field}: field not declared in schema`);

function schemaWithout(...fields: readonly string[]): SchemaNode {
  const schema = structuredClone(statusSchemaOf(customResourceDefinition())) as {
    properties: Record<string, unknown>;
  };
  for (const field of fields) delete schema.properties[field];
  return schema;
}

const told = (world: ReturnType<typeof aReconciledWorld>) => ({
  logged: world.warnings.filter(({ message }) => message === 'Status not written').length,
  announced: world.events.filter(({ reason }) => reason === 'StatusNotWritten').length,
});

describe('a status for a CRD that lacks some of its fields', () => {
  test('is written without them, and not again while nothing changes', async () => {
    const world = aReconciledWorld();
    world.crd.schema = schemaWithout('election', 'standbys');
    world.specify({ replicas: 0 });

    const outcome = await world.pass();
    world.deliver();
    world.cluster.forgetCalls();
    await world.pass();

    assert.equal(outcome.kind, 'settled');
    assert.equal(world.status().election, undefined);
    assert.equal(world.condition('Ready')?.reason, 'RollingOut');
    assert.deepEqual(world.cluster.writes, []);
    assert.deepEqual(told(world), { logged: 0, announced: 0 });
  });

  test('that nobody has looked at yet is written after one look', async () => {
    const world = aReconciledWorld();
    world.crd.seenByALook = schemaWithout('election');
    world.specify({ replicas: 0 });
    world.cluster.failNext(STATUS, undeclared('election'));

    const outcome = await world.pass();

    assert.equal(outcome.kind, 'settled');
    assert.equal(world.crd.looks, 1);
    assert.equal(world.status().election, undefined);
    assert.ok(world.status().selector);
  });
});

describe('a refused status', () => {
  test('is written without what the refusal names', async () => {
    const world = aReconciledWorld();
    world.specify({ replicas: 0 });
    world.cluster.failNext(STATUS, invalid('status.election.leaseName: Invalid value'));

    const outcome = await world.pass();

    assert.equal(outcome.kind, 'unreported');
    assert.equal(world.status().election, undefined);
    assert.ok(world.status().selector);
    assert.deepEqual(told(world), { logged: 1, announced: 1 });
  });

  test('is written as its conditions when the refusal names nothing', async () => {
    const world = aReconciledWorld();
    world.specify({ replicas: 0 });
    world.cluster.failNext(STATUS, invalid('no'));

    await world.pass();

    assert.deepEqual(Object.keys(world.status()).toSorted(), ['conditions', 'observedGeneration']);
  });

  test('is asked for again only when there is something new to say, or after a while', async () => {
    const world = aReconciledWorld();
    world.specify({ replicas: 0 });
    world.cluster.failNext(STATUS, invalid('no'));
    await world.pass();
    world.deliver();
    world.cluster.forgetCalls();

    const again = await world.pass();
    assert.equal(again.kind, 'unreported');
    assert.deepEqual(world.cluster.writes, []);

    await world.clock.advance(300_000);
    const later = await world.pass();
    assert.notEqual(later.kind, 'unreported');
    assert.ok(world.status().selector);
  });

  test('is told once for each change, and counts as an error each time', async () => {
    const world = aReconciledWorld();
    const missing: KubeFailure = { kind: 'forbidden', message: 'may not', cause: 'rights' };
    world.specify({ replicas: 0 });
    const kinds: string[] = [];
    for (let pass = 0; pass < 3; pass += 1) {
      world.cluster.failNext(STATUS, missing);
      kinds.push((await world.pass()).kind);
    }
    assert.deepEqual(kinds, ['unreported', 'unreported', 'unreported']);
    assert.deepEqual(told(world), { logged: 1, announced: 1 });

    world.cluster.failNext(STATUS, { ...missing, message: 'may still not' });
    await world.pass();
    assert.deepEqual(told(world), { logged: 2, announced: 2 });
  });

  test('does not hide what blocks the resource from the worker', async () => {
    const world = aReconciledWorld();
    world.specify({ controller: { version: '9.9.9' } });
    world.cluster.failNext(STATUS, { kind: 'forbidden', message: 'no', cause: 'rights' });

    const outcome = await world.pass();

    assert.ok(outcome.kind === 'unreported' && outcome.outcome.kind === 'terminal-error');
  });

  test('that is not found, although the resource is there, forgets nothing', async () => {
    const world = aReconciledWorld();
    world.specify({ replicas: 0 });
    world.cluster.failNext(STATUS, { kind: 'not-found', message: 'not found' });

    const outcome = await world.pass();

    assert.equal(outcome.kind, 'unreported');
    assert.ok(world.caches.resource({ namespace: 'ingress-apisix', name: 'apisix' }));
    assert.deepEqual(told(world), { logged: 1, announced: 1 });
  });

  test('that is not found because the resource has gone is no trouble', async () => {
    const world = aReconciledWorld();
    world.specify({ replicas: 0 });
    world.cluster.before(STATUS, () => world.cluster.remove(RESOURCE_KIND, 'apisix'));

    const outcome = await world.pass();

    assert.equal(outcome.kind, 'gone');
    assert.deepEqual(told(world), { logged: 0, announced: 0 });
  });
});

/** Maps within maps, so deep that no walk of the whole survives. */
function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

describe('a pass that something throws in', () => {
  for (const levels of [33, 600, 1_500]) {
    test(`reports overrides that are ${levels} levels deep, and no trace`, async () => {
      const world = aReconciledWorld();
      world.specify({ controller: { configOverrides: nested(levels) } });

      const outcome = await world.pass();

      assert.equal(outcome.kind, 'terminal-error');
      assert.equal(world.condition('Stalled')?.reason, 'AdmissionDenied');
      assert.equal(
        world.condition('Stalled')?.message,
        'spec.controller.configOverrides.a.a.a: Must be a single value: this is as deep as it may be nested',
      );
      assert.equal(world.status().observedGeneration, 1);
      assert.doesNotMatch(JSON.stringify(world.status()), / at .*\.ts:\d+/);
    });
  }

  test('while it reports tells the terminalErrors that were found, and then itself', async () => {
    const failovers = {
      view() {
        return {
          get flapping(): never {
            throw new RangeError('Maximum call stack size exceeded');
          },
        } as never;
      },
    };
    const world = aReconciledWorld({ failovers });
    world.specify({ controller: { version: '9.9.9' } });

    const outcome = await world.pass();

    const stalled = world.condition('Stalled');
    assert.ok(
      outcome.kind === 'terminal-error' && outcome.bug?.kind === 'bug' && outcome.bug.stack,
    );
    assert.equal(stalled?.reason, 'VersionUnsupported');
    assert.match(stalled?.message ?? '', /9\.9\.9.*Maximum call stack size exceeded/);
    assert.doesNotMatch(stalled?.message ?? '', /\n| at /);
  });

  test('while it decides is blocked by that alone, and leaves what runs alone', async () => {
    const policy = new Proxy({} as never, {
      get() {
        throw new TypeError('no policy');
      },
    });
    const world = aReconciledWorld({ policy });
    world.specify({ replicas: 0 });

    await world.pass();

    assert.equal(world.condition('Stalled')?.reason, 'OperatorError');
    assert.match(world.condition('Stalled')?.message ?? '', /\(no policy\)/);
    assert.deepEqual(world.cluster.writes, [STATUS]);
  });
});
