/** What holds for the desired objects of every resource. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Ha } from '../../operator/api/ha.ts';
import { contentHash } from '../../operator/base/canonical-json.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { desiredObjects } from '../../operator/desired/desired.ts';
import { APPLIED_HASH_ANNOTATION } from '../../operator/desired/naming.ts';
import { anHa, aPolicy } from '../support/an-ha.ts';

test('gives the same bytes for the same resource, whatever the order of its keys', () => {
  fc.assert(
    fc.property(resources, (ha) => {
      const again = structuredClone(reversed(ha)) as Ha;
      assert.deepEqual(hashes(again), hashes(ha));
    }),
  );
});

test('scales by nothing but spec.replicas and the presence of the disruption budget', () => {
  fc.assert(
    fc.property(resources, fc.integer({ min: 0, max: 20 }), (ha, replicas) => {
      assert.deepEqual(withoutReplicas({ ...ha, replicas }), withoutReplicas(ha));
    }),
  );
});

test('keeps all names within their limits', () => {
  fc.assert(
    fc.property(resources, (ha) => {
      for (const { kind, metadata } of desiredObjects(ha, aPolicy())) {
        assert.ok(metadata.name.length <= (kind === 'Deployment' ? 46 : 253), metadata.name);
        for (const value of Object.values(metadata.labels ?? {})) assert.ok(value.length <= 63);
      }
    }),
  );
});

test('marks every child but the Lease with the hash of what it is without the mark', () => {
  for (const object of desiredObjects(anHa(), aPolicy())) {
    const { [APPLIED_HASH_ANNOTATION]: mark, ...annotations } = object.metadata.annotations ?? {};
    const unmarked = { ...object, metadata: { ...object.metadata, annotations } };

    assert.equal(mark, object.kind === 'Lease' ? undefined : contentHash(unmarked), object.kind);
  }
});

test('gives the Lease labels and nothing else that could change or end it', () => {
  const lease = child(anHa(), 'Lease');

  assert.deepEqual(Object.keys(lease ?? {}), ['apiVersion', 'kind', 'metadata']);
  assert.deepEqual(Object.keys(lease?.metadata ?? {}), ['name', 'namespace', 'labels']);
});

test('owns every child but the Lease, without blocking the deletion of the resource', () => {
  for (const { kind, metadata } of desiredObjects(anHa(), aPolicy())) {
    const owners = metadata.ownerReferences ?? [];
    assert.equal(owners.length, kind === 'Lease' ? 0 : 1, kind);
    assert.ok(owners.every((owner) => owner.controller && owner.blockOwnerDeletion === undefined));
  }
});

test('lets the controller touch no Lease but its own', () => {
  const role = child(anHa({ election: { leaseName: 'edge-leader' } }), 'Role');

  assert.deepEqual(role?.rules, [
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: ['edge-leader'],
      verbs: ['get', 'update'],
    },
    { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  ]);
});

test('replaces pods one by one on request, while pods of the other election mode run', () => {
  const objects = desiredObjects(anHa(), aPolicy(), { podReplacement: 'Recreate' });

  const { spec } = objects.find(({ kind }) => kind === 'Deployment') as DeploymentLike;
  assert.deepEqual(spec.strategy, { type: 'Recreate' });
});

interface DeploymentLike extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>>;
}

const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,39}[a-z0-9])?$/);
const resources: fc.Arbitrary<Ha> = fc
  .record({
    name,
    replicas: fc.integer({ min: 0, max: 20 }),
    restartTrigger: fc.string(),
    version: fc.constantFrom('2.0.1', '2.1.0', '2.2.0'),
    distribution: fc.constantFrom('APISIX' as const, 'API7' as const),
    mode: fc.constantFrom('Lease' as const, 'Disabled' as const),
    override: fc.dictionary(fc.string(), fc.string()),
    label: fc.stringMatching(/^[a-z]{1,10}$/),
    budget: fc.constantFrom('Auto' as const, 'Disabled' as const),
  })
  .map(({ version, distribution, mode, override, label, budget, ...rest }) =>
    anHa({
      ...rest,
      controller: { version, distribution, configOverrides: { override } },
      election: { mode },
      disruptionBudget: { mode: budget },
      inherited: { labels: { [label]: label } },
    }),
  );

function child(ha: Ha, kind: string): KubeObject | undefined {
  return desiredObjects(ha, aPolicy()).find((object) => object.kind === kind);
}

function hashes(ha: Ha): readonly unknown[] {
  return desiredObjects(ha, aPolicy()).map((object) => [object.kind, contentHash(object)]);
}

function withoutReplicas(ha: Ha): readonly KubeObject[] {
  return desiredObjects(ha, aPolicy())
    .filter(({ kind }) => kind !== 'PodDisruptionBudget')
    .map((object) => {
      if (object.kind !== 'Deployment') return object;
      const { [APPLIED_HASH_ANNOTATION]: _, ...annotations } = object.metadata.annotations ?? {};
      const { replicas: __, ...spec } = (object as DeploymentLike).spec;
      return { ...object, metadata: { ...object.metadata, annotations }, spec };
    });
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([key, member]) => [key, reversed(member)]));
}
