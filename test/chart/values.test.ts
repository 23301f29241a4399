/** From values to the resource: every path, and every misspelt key. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { CHART, only, refusal, renderObjects } from './support/helm.ts';

const REPLICA_PATHS = ['replicas', 'deployment.replicas', 'ingress-controller.deployment.replicas'];

async function specOf(...sets: readonly string[]): Promise<unknown> {
  const args = sets.flatMap((set) => ['--set', set]);
  return only(await renderObjects(args), 'IngressControllerHA').spec;
}

describe('replicas', () => {
  test('are left to the resource, to kubectl scale or to an autoscaler when no path sets them', async () => {
    assert.deepEqual(await specOf(), {});
  });

  for (const path of REPLICA_PATHS) {
    test(`are set by ${path}`, async () => {
      assert.deepEqual(await specOf(`${path}=3`), { replicas: 3 });
    });

    test(`are unset by ${path}=null`, async () => {
      assert.deepEqual(await specOf(`${path}=null`), {});
    });
  }

  test('may be 0', async () => {
    assert.deepEqual(await specOf('replicas=0'), { replicas: 0 });
  });

  test('may be set twice to the same number', async () => {
    assert.deepEqual(await specOf('replicas=3', 'deployment.replicas=3'), { replicas: 3 });
  });

  test('change their path when the old one is nulled', async () => {
    const spec = await specOf('deployment.replicas=2', 'replicas=3', 'deployment.replicas=null');

    assert.deepEqual(spec, { replicas: 3 });
  });

  test('with two paths that differ are refused, with both names and the way out', async () => {
    assert.match(
      await refusal(['--set', 'replicas=3,deployment.replicas=2']),
      /The number of replicas is set to different values: replicas=3 and deployment\.replicas=2\. Keep one and unset the others, for example with --set replicas=3 --set deployment\.replicas=null/,
    );
  });
});

describe('the election', () => {
  test('is set by the paths of the vendor’s chart', async () => {
    const sets = ['id=edge-leader', 'leaseDuration=10s', 'renewDeadline=7s', 'retryPeriod=1s'];

    assert.deepEqual(await specOf(...sets.map((set) => `config.leaderElection.${set}`)), {
      leaderElection: {
        leaseName: 'edge-leader',
        leaseDuration: '10s',
        renewDeadline: '7s',
        retryPeriod: '1s',
      },
    });
  });

  test('is off with disable, which a single replica may', async () => {
    assert.deepEqual(await specOf('config.leaderElection.disable=true', 'replicas=1'), {
      replicas: 1,
      leaderElection: { mode: 'Disabled' },
    });
  });

  test('is on with disable=false, as the vendor’s default says', async () => {
    const spec = await specOf('config.leaderElection.disable=false');

    assert.deepEqual(spec, { leaderElection: { mode: 'Lease' } });
  });

  test('joins what instance.spec says of it', async () => {
    const sets = [
      'instance.spec.leaderElection.existingLease=Share',
      'policy.allowSharedLease=true',
      'config.leaderElection.id=x',
    ];

    assert.deepEqual(await specOf(...sets), {
      leaderElection: { existingLease: 'Share', leaseName: 'x' },
    });
  });
});

describe('instance.spec', () => {
  test('takes any further field of the resource', async () => {
    const spec = await specOf(
      'instance.spec.controller.version=2.1.0',
      'instance.spec.paused=true',
    );

    assert.deepEqual(spec, { controller: { version: '2.1.0' }, paused: true });
  });

  test('refuses a field that has a path, and says which', async () => {
    assert.match(
      await refusal(['--set', 'instance.spec.leaderElection.leaseDuration=10s']),
      /instance\.spec\.leaderElection\.leaseDuration has a path of its own: set config\.leaderElection\.leaseDuration instead\./,
    );
    assert.match(
      await refusal(['--set', 'instance.spec.replicas=3']),
      /instance\.spec\.replicas has a path of its own: set replicas instead\./,
    );
  });
});

describe('the schema', () => {
  const schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8'));
  const ajv = new Ajv({ strict: false });

  /** Every object with fixed keys, with the way to it. */
  function closedObjects(node: Node, path: readonly string[]): readonly Closed[] {
    const fields = Object.entries(node.properties ?? {});
    const below = fields.flatMap(([name, field]) => closedObjects(field, [...path, name]));
    const here =
      node.additionalProperties === false
        ? [{ path, node, keys: fields.map(([name]) => name) }]
        : [];
    return [...here, ...below];
  }

  const closed = closedObjects(schema, []);

  test('is strict at every map with fixed keys', () => {
    assert.ok(closed.length >= 40, `only ${closed.length} strict maps`);
  });

  test('rejects every misspelt key', () => {
    let misspelt = 0;
    for (const { node, keys } of closed) {
      const validate = ajv.compile({ ...node, required: [] });
      for (const key of keys) {
        assert.equal(validate({ [`${key}x`]: null }), false, `${key}x was taken`);
        assert.equal(validate.errors?.[0]?.keyword, 'additionalProperties');
        misspelt += 1;
      }
    }
    assert.ok(misspelt >= 190, `only ${misspelt} keys`);
  });

  test('says what each value means', () => {
    for (const { node, path } of closed) {
      for (const [name, field] of Object.entries(node.properties ?? {})) {
        assert.ok((field.description ?? '').length > 5, [...path, name].join('.'));
      }
    }
  });
});

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: unknown;
}

interface Closed {
  readonly path: readonly string[];
  readonly node: Node;
  readonly keys: readonly string[];
}
