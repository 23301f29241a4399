import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration } from '../../operator/api/duration.ts';
import { parseResource, unknownFields } from '../../operator/api/parse.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { anHa } from '../support/an-ha.ts';
import { resourceOf } from './case.ts';
import { ALL_CASES } from './cases.ts';

type Json = fc.JsonValue;

const someSpecs = fc.constantFrom(...ALL_CASES.map(({ spec }) => JSON.stringify(spec ?? {})));

test('an absent spec gives the defaults that tests build on', () => {
  const parsed = parseResource({ ...resourceOf({}), metadata: metadataOf(anHa()) });

  assert.deepEqual(parsed, { kind: 'valid', ha: anHa() });
});

test('never throws, whatever JSON it is given', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      // A file or a broken cluster may hold anything; the type only says what is usual.
      const object = json as unknown as KubeObject;
      assert.ok(['valid', 'invalid'].includes(parseResource(object).kind));
      assert.ok(Array.isArray(unknownFields(object)));
    }),
  );
});

test('never throws on a spec with one value replaced by any JSON', () => {
  fc.assert(
    fc.property(someSpecs, fc.nat(), fc.jsonValue(), (text, at, json) => {
      const spec = replaced(JSON.parse(text), at, json);

      assert.ok(['valid', 'invalid'].includes(parseResource(resourceOf({ spec })).kind));
    }),
    { numRuns: 1000 },
  );
});

test('never changes what it is given', () => {
  fc.assert(
    fc.property(someSpecs, (text) => {
      const resource = frozen(resourceOf({ spec: JSON.parse(text) }));

      parseResource(resource);

      assert.equal(JSON.stringify(resource.spec), text);
    }),
  );
});

test('keeps every timing that the rules allow', () => {
  const timing = fc.record({
    retry: fc.integer({ min: 1, max: 100 }),
    tries: fc.integer({ min: 2, max: 20 }),
    slack: fc.integer({ min: 1, max: 1000 }),
  });

  fc.assert(
    fc.property(timing, ({ retry, tries, slack }) => {
      const [retryMs, deadlineMs] = [retry * 1000, retry * tries * 1000];
      const leaseMs = deadlineMs + retryMs + slack * 1000;
      const leaderElection = {
        leaseDuration: formatDuration(leaseMs),
        renewDeadline: formatDuration(deadlineMs),
        retryPeriod: formatDuration(retryMs),
      };

      const parsed = parseResource(resourceOf({ spec: { leaderElection } }));

      assert.deepEqual(parsed.kind === 'valid' && parsed.ha.election, {
        ...anHa().election,
        leaseDurationMs: leaseMs,
        renewDeadlineMs: deadlineMs,
        retryPeriodMs: retryMs,
      });
    }),
  );
});

test('reads nulls in metadata, as older tools write them, as unset', () => {
  const metadata = { name: 'apisix', deletionTimestamp: null, uid: null };
  const object = { ...resourceOf({}), metadata } as unknown as KubeObject;

  const parsed = parseResource(object);

  assert.equal(parsed.kind === 'valid' && parsed.ha.deleting, false);
});

test('keeps nulls in a pass-through object, as the API server does', () => {
  const podTemplatePatch = { spec: null, metadata: { labels: { a: null } } };

  const parsed = parseResource(resourceOf({ spec: { podTemplatePatch } }));

  assert.deepEqual(parsed.kind === 'valid' && parsed.ha.podTemplatePatch, podTemplatePatch);
});

test('answers quickly where a careless grammar would take for ever', () => {
  const hostile = `${'a-'.repeat(20_000)}!`;
  const labels = Object.fromEntries([[hostile, hostile]]);
  const before = process.cpuUsage();

  parseResource(resourceOf({ name: hostile, spec: { inheritedMetadata: { labels } } }));
  parseResource(resourceOf({ spec: { inheritedMetadata: { annotations: { [hostile]: '' } } } }));
  parseResource(resourceOf({ name: hostile }));

  // Of CPU time, which does not run while others have the core. A careless grammar takes hours.
  assert.ok(process.cpuUsage(before).user < 5_000_000);
});

test('answers a stored resource that is nested without end with a sentence', () => {
  let deep: unknown = {};
  for (let level = 0; level < 100_000; level += 1) deep = level % 2 === 0 ? { a: deep } : [deep];
  const everywhere = resourceOf({
    spec: {
      controller: { configOverrides: { a: deep }, adc: { resources: { limits: { cpu: deep } } } },
      placement: { affinity: { podAffinity: deep }, tolerations: [{ key: deep }] },
      podTemplatePatch: { spec: { containers: [{ name: 'a', args: deep, x: deep }] } },
    },
  });

  const parsed = parseResource(everywhere);

  assert.deepEqual(parsed.kind === 'invalid' && parsed.problems, [
    {
      path: 'spec.controller.configOverrides.a[0].a',
      message: 'Must be a single value: this is as deep as it may be nested',
    },
    {
      path: 'spec.controller.adc.resources.limits.cpu',
      message: 'Must be a single value: this is as deep as it may be nested',
    },
    { path: 'spec.placement.affinity.podAffinity', message: 'Must be an object' },
    { path: 'spec.placement.tolerations[0].key', message: 'Must be a string' },
    { path: 'spec.podTemplatePatch.spec.containers[0].args[0]', message: 'Must be a string' },
  ]);
  assert.ok(unknownFields(everywhere).length > 0);
});

function metadataOf({ name, namespace, uid, generation }: ReturnType<typeof anHa>) {
  return { name, namespace, uid, generation };
}

/** A copy whose `at`-th value, counted through all levels, is another one. */
function replaced(value: Json, at: number, by: Json): Json {
  if (value === null || typeof value !== 'object') return by;
  const keys = Object.keys(value);
  const key = keys[at % (keys.length + 1)];
  if (key === undefined) return by;
  const copy: Json = structuredClone(value);
  const next = Math.floor(at / (keys.length + 1));
  return Object.assign(copy, { [key]: replaced(Reflect.get(Object(value), key), next, by) });
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) frozen(member);
    Object.freeze(value);
  }
  return value;
}
