/** The merge behind podTemplatePatch and configOverrides. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PassThrough } from '../../operator/api/ha.ts';
import { mergeMaps } from '../../operator/desired/merge.ts';
import { patchPodTemplate } from '../../operator/desired/pod/pod-template-patch.ts';

const keys = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'spec', 'containers', 'name', 'env'),
);
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.array(tie('value')),
    fc.dictionary(keys, tie('value'), { noNullPrototype: true }),
  ),
})).value;
const maps = fc.dictionary(keys, json, { noNullPrototype: true }) as fc.Arbitrary<PassThrough>;

test('never reaches a prototype, whatever the patch calls its keys', () => {
  const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "spec": {"__proto__": {"a": 1}}}');
  fc.assert(
    fc.property(maps, maps, (base, patch) => {
      patchPodTemplate(base, patch);
      patchPodTemplate(base, hostile);
    }),
  );

  const merged = mergeMaps(mergeMaps({}, hostile), hostile);
  assert.equal(Object.getPrototypeOf(merged), Object.prototype);
  assert.ok(Object.hasOwn(merged, '__proto__'));
  assert.equal(Reflect.get({}, 'polluted'), undefined);
});

test('changes neither side', () => {
  fc.assert(
    fc.property(maps, maps, (base, patch) => {
      const before = structuredClone([base, patch]);
      patchPodTemplate(base, patch);
      assert.deepEqual([base, patch], before);
    }),
  );
});

test('gives the same when a patch is laid on twice', () => {
  fc.assert(
    fc.property(maps, maps, (base, patch) => {
      const once = mergeMaps(base, patch);
      assert.deepEqual(mergeMaps(once, patch), once);
    }),
  );
});

const template = {
  metadata: { labels: { a: '1' } },
  spec: {
    containers: [
      {
        name: 'manager',
        env: [{ name: 'A', value: 'a' }],
        ports: [{ name: 'metrics', containerPort: 8080, protocol: 'TCP' }],
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        args: ['a', 'b'],
      },
      { name: 'adc-server', image: 'adc' },
    ],
    tolerations: [{ key: 'a' }],
    volumes: [{ name: 'tmp', emptyDir: {} }],
  },
};

const cases: Record<string, { patch: PassThrough; expected: (merged: Merged) => void }> = {
  'merges maps': {
    patch: { metadata: { labels: { b: '2' } } },
    expected: ({ metadata }) => assert.deepEqual(metadata.labels, { a: '1', b: '2' }),
  },
  'finds a container by its name and keeps its place': {
    patch: { spec: { containers: [{ name: 'adc-server', tty: true }, { name: 'new' }] } },
    expected: ({ spec }) =>
      assert.deepEqual(spec.containers.slice(1), [
        { name: 'adc-server', image: 'adc', tty: true },
        { name: 'new' },
      ]),
  },
  'finds a port by its number, and by TCP where no protocol is given': {
    patch: manager({ ports: [{ containerPort: 8080, hostPort: 1 }, udp(8080)] }),
    expected: ({ spec }) =>
      assert.deepEqual(spec.containers[0]?.ports, [
        { name: 'metrics', containerPort: 8080, protocol: 'TCP', hostPort: 1 },
        udp(8080),
      ]),
  },
  'finds a mount by its path': {
    patch: manager({ volumeMounts: [{ mountPath: '/tmp', readOnly: true }] }),
    expected: ({ spec }) =>
      assert.deepEqual(spec.containers[0]?.volumeMounts, [
        { name: 'tmp', mountPath: '/tmp', readOnly: true },
      ]),
  },
  'replaces a variable whole, since only one of its sources may be set': {
    patch: manager({ env: [{ name: 'A', valueFrom: { fieldRef: {} } }] }),
    expected: ({ spec }) =>
      assert.deepEqual(spec.containers[0]?.env, [{ name: 'A', valueFrom: { fieldRef: {} } }]),
  },
  'replaces a volume whole, since only one of its sources may be set': {
    patch: { spec: { volumes: [{ name: 'tmp', hostPath: { path: '/tmp' } }] } },
    expected: ({ spec }) =>
      assert.deepEqual(spec.volumes, [{ name: 'tmp', hostPath: { path: '/tmp' } }]),
  },
  'replaces an atomic list': {
    patch: { spec: { tolerations: [{ key: 'b' }], containers: [{ name: 'manager', args: [] }] } },
    expected: ({ spec }) => {
      assert.deepEqual(spec.tolerations, [{ key: 'b' }]);
      assert.deepEqual(spec.containers[0]?.args, []);
    },
  },
  'leaves out a list that the patch empties': {
    patch: { spec: { tolerations: [] } },
    expected: ({ spec }) => assert.ok(!Object.hasOwn(spec, 'tolerations')),
  },
};

interface Merged {
  readonly metadata: { readonly labels: PassThrough };
  readonly spec: PassThrough & { readonly containers: readonly PassThrough[] };
}

for (const [sentence, { patch, expected }] of Object.entries(cases)) {
  test(sentence, () => expected(patchPodTemplate(template, patch) as unknown as Merged));
}

function manager(fields: PassThrough): PassThrough {
  return { spec: { containers: [{ name: 'manager', ...fields }] } };
}

function udp(containerPort: number): PassThrough {
  return { containerPort, protocol: 'UDP' };
}
