/** Whatever the operator has found, the schema of its status does not refuse it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { customResourceDefinition } from '../../operator/api/crd.ts';
import { fitStatus } from '../../operator/api/fit-status.ts';
import { clip, type SchemaNode } from '../../operator/api/fit-value.ts';
import { jsonSchema } from '../../operator/api/json-schema.ts';
import { statusSchemaOf } from '../../operator/api/live-crd.ts';
import { statusSchema } from '../../operator/api/schema/status.ts';
import type { HaStatus } from '../../operator/api/status.ts';
import { isObject } from '../../operator/base/read.ts';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addFormat('date-time', (text) => RFC_3339.test(text) && !Number.isNaN(Date.parse(text)));
ajv.addFormat('int32', { type: 'number', validate: (value) => Math.abs(value) < 2 ** 31 });
ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });

const LIVE = statusSchemaOf(customResourceDefinition()) ?? {};
const validates = ajv.compile(closed(LIVE));
const asGenerated = ajv.compile(jsonSchema(statusSchema, 'Refused'));

/** Texts at the edges: too long, of characters beside the first plane, with half of one. */
const someText = fc.oneof(
  fc.constantFrom('', 'a', 'True', 'Unknown', '2026-01-01T00:00:00Z', '2026-13-01T00:00:00Z'),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .tuple(fc.constantFrom('a', '\u{1f600}', '\ud83d', 'ß'), fc.integer({ min: 60, max: 1_100 }))
    .map(([unit, times]) => unit.repeat(times)),
  fc.constant('\u{1f600}'.repeat(33_000)),
);
const someNumber = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(2 ** 31, 2 ** 53, 1e300, -1e300, Number.NaN, Number.POSITIVE_INFINITY, -0, 0.5),
);

/** A value of about the shape of a schema: members may be missing, foreign or of another type. */
function shapedLike(schema: SchemaNode): fc.Arbitrary<unknown> {
  const stray = { weight: 1, arbitrary: fc.oneof(someText, someNumber, fc.jsonValue()) };
  const usual = { weight: 12, arbitrary: usually(schema) };
  return fc.oneof(usual, stray);
}

function usually(schema: SchemaNode): fc.Arbitrary<unknown> {
  if (isObject(schema.properties)) {
    const members = Object.entries(schema.properties).map(
      ([name, field]) => [name, shapedLike(field as SchemaNode)] as const,
    );
    return fc.record(Object.fromEntries([...members, ['foreign', fc.jsonValue()]]), {
      requiredKeys: [],
    });
  }
  if (schema.type === 'array') {
    return fc
      .array(shapedLike(schema.items as SchemaNode), { maxLength: 30 })
      .map((items) => (items.length > 27 ? Array.from({ length: 6 }, () => items).flat() : items));
  }
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum, 'Novel');
  if (schema.format === 'date-time') {
    return fc.oneof(
      fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000001Z', 'Jan 1 2026', 'soon'),
      someText,
    );
  }
  if (schema.type === 'boolean') return fc.boolean();
  return schema.type === 'integer' ? someNumber : someText;
}

const someStatus = usually(LIVE) as fc.Arbitrary<HaStatus>;

describe('a status of any content', () => {
  test('is valid by the schema once it has been fitted', () => {
    fc.assert(
      fc.property(someStatus, (status) => {
        const fitted = fitStatus(status);

        assert.ok(validates(onTheWire(fitted)), ajv.errorsText(validates.errors));
        assert.ok(asGenerated(onTheWire(fitted)), ajv.errorsText(asGenerated.errors));
        for (const [list, key] of [
          [fitted.conditions, 'type'],
          [fitted.standbys, 'podName'],
        ] as const) {
          const keys = (list ?? []).map((item) => (item as unknown as SchemaNode)[key]);
          assert.equal(new Set(keys).size, keys.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is fitted once and for all, and is read back as it was written', () => {
    fc.assert(
      fc.property(someStatus, (status) => {
        const fitted = fitStatus(status);

        assert.deepEqual(fitStatus(fitted), fitted);
        assert.deepEqual(onTheWire(fitted), fitted);
      }),
      { numRuns: 200 },
    );
  });

  test('that is valid is left as it is', () => {
    fc.assert(
      fc.property(someStatus, (status) => {
        const valid = fitStatus(status);

        assert.deepEqual(fitStatus(valid, LIVE), valid);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a status for a CRD of another version', () => {
  const someChange = fc.record({
    /** Which node, as a share of all there are. */
    at: fc.nat(),
    kind: fc.constantFrom('remove', 'tighten', 'require', 'narrow'),
  });

  test('is valid by that CRD, whatever it lacks, limits or requires', () => {
    fc.assert(
      fc.property(someStatus, fc.array(someChange, { maxLength: 6 }), (status, changes) => {
        const live = changes.reduce(changed, structuredClone(LIVE));

        const fitted = fitStatus(status, live);

        const validate = ajv.compile(closed(live));
        assert.ok(validate(onTheWire(fitted)), ajv.errorsText(validate.errors));
      }),
      { numRuns: 100 },
    );
  });

  test('has its conditions although each must say something that we do not know', () => {
    const live = structuredClone(LIVE) as Mutable;
    const items = propertiesOf(live).conditions?.items as Mutable;
    propertiesOf(items).severity = { type: 'string', enum: ['High', 'Low', 'Unknown'] };
    (items.required as string[]).push('severity');

    const fitted = fitStatus({ observedGeneration: 3, conditions: [aCondition('Ready')] }, live);

    assert.deepEqual(fitted.conditions, [{ ...aCondition('Ready'), severity: 'Unknown' }]);
  });

  test('carries the defaults that the server would add, so that it is not written twice', () => {
    const live = structuredClone(LIVE) as Mutable;
    propertiesOf(live).phase = { type: 'string', default: 'New' };

    assert.deepEqual(fitStatus({ observedGeneration: 3 }, live), {
      observedGeneration: 3,
      phase: 'New',
    });
  });
});

describe('what is cut', () => {
  test('is cut by characters as the API server counts them, and says so', () => {
    assert.equal(clip('\u{1f600}\u{1f600}\u{1f600}', 3), '\u{1f600}\u{1f600}\u{1f600}');
    assert.equal(clip('\u{1f600}\u{1f600}\u{1f600}\u{1f600}', 3), '\u{1f600}\u{1f600}…');
    assert.equal(clip('a'.repeat(10), 4), 'aaa…');
  });

  test('of the standbys are those that could not take over', () => {
    const standbys = Array.from({ length: 150 }, (_, at) => ({
      podName: `p${String(at).padStart(3, '0')}`,
      ready: at >= 60,
    }));

    const fitted = fitStatus({ observedGeneration: 1, standbys });

    assert.equal(fitted.standbys?.length, 100);
    assert.equal(fitted.standbys?.filter(({ ready }) => ready).length, 90);
    assert.equal(fitted.standbys?.[0]?.podName, 'p000');
  });

  test('of the conditions is never whether the resource is ready or stalled', () => {
    const others = Array.from({ length: 30 }, (_, at) => aCondition(`A${at}` as 'Ready'));

    const fitted = fitStatus({
      observedGeneration: 1,
      conditions: [...others, aCondition('Ready'), aCondition('Stalled')],
    });

    const types = fitted.conditions?.map(({ type }) => type);
    assert.equal(types?.length, 20);
    assert.deepEqual(types?.slice(-2), ['Ready', 'Stalled']);
  });
});

type Mutable = Record<string, unknown>;

function propertiesOf(schema: Mutable): Record<string, Mutable> {
  return schema.properties as Record<string, Mutable>;
}

function aCondition(type: 'Ready' | 'Stalled') {
  const lastTransitionTime = '2026-01-01T00:00:00Z';
  return {
    type,
    status: 'True' as const,
    observedGeneration: 1,
    lastTransitionTime,
    reason: 'AsSpecified',
    message: 'm',
  };
}

function onTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

/** An apply that names an unknown field is refused, so a validator that stands for it refuses it too. */
function closed(schema: SchemaNode): SchemaNode {
  return JSON.parse(JSON.stringify(schema), (_, node) =>
    isObject(node) && node.type === 'object' && isObject(node.properties)
      ? { ...node, additionalProperties: false }
      : node,
  );
}

/** The schema with one node changed as another version might have it. */
function changed(schema: SchemaNode, { at, kind }: { readonly at: number; readonly kind: string }) {
  const root = schema as Mutable;
  const objects = nodesOf(root).filter(({ properties }) => isObject(properties));
  const node = objects[at % objects.length] ?? root;
  const names = Object.keys(propertiesOf(node));
  const name = names[at % names.length] ?? '';
  const field = propertiesOf(node)[name] ?? {};
  switch (kind) {
    case 'remove':
      // A CRD cannot have a list without the keys that tell its entries apart.
      if (name === 'type' || name === 'podName') return root;
      delete propertiesOf(node)[name];
      node.required = ((node.required as string[]) ?? []).filter((one) => one !== name);
      return root;
    case 'tighten':
      if (field.type === 'string' && field.enum === undefined) field.maxLength = 20 + (at % 40);
      if (field.type === 'array') field.maxItems = at % 4;
      if (field.type === 'integer') field.maximum = at % 100;
      return root;
    case 'narrow':
      if (Array.isArray(field.enum)) field.enum = field.enum.slice(0, 1);
      return root;
    default: {
      const types = ['string', 'integer', 'boolean'];
      propertiesOf(node)[`novel${at % 3}`] = { type: types[at % 3], minLength: at % 20 };
      node.required = [...((node.required as string[]) ?? []), `novel${at % 3}`];
      node.required = [...new Set(node.required as string[])];
      return root;
    }
  }
}

function nodesOf(schema: Mutable): readonly Mutable[] {
  const fields = isObject(schema.properties) ? Object.values(propertiesOf(schema)) : [];
  const items = isObject(schema.items) ? [schema.items as Mutable] : [];
  return [schema, ...[...fields, ...items].flatMap(nodesOf)];
}
