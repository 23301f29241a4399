/**
 * What the structure accepts and refuses: nulls, unknown fields and repeated keys by hand, and every
 * single bound of the schema by machine, so that none is missed. Feeds as rule-cases.ts.
 */
import type { Schema } from '../../operator/api/schema/build.ts';
import { specSchema } from '../../operator/api/schema/spec.ts';
import type { Case } from './case.ts';

const twice = { name: 'a' };

const byHand: readonly Case[] = [
  { sentence: 'accepts null for the spec', spec: null, accepted: true },
  { sentence: 'accepts null for a number', spec: { replicas: null }, accepted: true },
  { sentence: 'accepts null for a block', spec: { leaderElection: null }, accepted: true },
  {
    sentence: 'accepts null for a field without default',
    spec: { podTemplatePatch: null, controller: { volumes: null, config: { provider: null } } },
    accepted: true,
  },
  {
    sentence: 'accepts null inside of a pass-through object',
    spec: { podTemplatePatch: { spec: null }, controller: { configOverrides: { a: null } } },
    accepted: true,
  },
  {
    sentence: 'accepts null beside the keys of a list entry',
    spec: { controller: { manager: { env: [{ name: 'A', value: null }] } } },
    accepted: true,
  },
  {
    sentence: 'accepts null in a map',
    spec: { placement: { nodeSelector: { a: null } } },
    accepted: true,
  },
  {
    sentence: 'accepts unknown fields, which are dropped',
    spec: { x: 1, rollout: { y: {} } },
    accepted: true,
  },
  {
    sentence: 'refuses null as a list entry',
    spec: { placement: { tolerations: [null] } },
    accepted: false,
    path: 'spec.placement.tolerations[0]',
  },
  {
    sentence: 'refuses null for a required key',
    spec: { controller: { manager: { env: [{ name: null }] } } },
    accepted: false,
    path: 'spec.controller.manager.env[0].name',
  },
  ...(
    [
      ['controller.imagePullSecrets', { controller: { imagePullSecrets: [twice, twice] } }],
      ['controller.volumes', { controller: { volumes: [twice, twice] } }],
      ['controller.adc.env', { controller: { adc: { env: [twice, twice] } } }],
    ] as const
  ).map(([path, spec]) => ({
    sentence: `refuses a repeated name in ${path}`,
    spec,
    accepted: false,
    path: `spec.${path}[1]`,
    message: /[Dd]uplicate/,
  })),
];

type Wrap = (value: unknown) => unknown;

interface Node {
  readonly path: string;
  readonly schema: Schema;
  readonly wrap: Wrap;
}

/** One case beyond each bound of each field at or below `node`. */
function* beyondBounds(node: Node): Generator<Case> {
  for (const [bound, value] of wrongValues(node.schema)) {
    const spec = node.wrap(value);
    const sentence = `refuses ${node.path} ${bound}`;
    yield { sentence, spec, accepted: false, path: node.path };
  }
  for (const child of childrenOf(node)) yield* beyondBounds(child);
}

function* childrenOf({ path, schema, wrap }: Node): Generator<Node> {
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const around = example(schema, 0);
    yield {
      path: `${path}.${name}`,
      schema: child,
      wrap: (value) => wrap({ ...Object(around), [name]: value }),
    };
  }
  if (schema.items !== undefined) {
    yield { path: `${path}[0]`, schema: schema.items, wrap: (value) => wrap([value]) };
  }
  if (schema.additionalProperties !== undefined) {
    yield {
      path: `${path}.key`,
      schema: schema.additionalProperties,
      wrap: (value) => wrap({ key: value }),
    };
  }
}

function* wrongValues(schema: Schema): Generator<readonly [string, unknown]> {
  const { minimum, maximum, minLength, maxLength, maxItems, maxProperties, items } = schema;
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  yield ['of the wrong type', intOrString || schema.type === 'string' ? true : 'x'];
  if (schema.type === 'integer') yield ['with a fraction', 1.5];
  if (minimum !== undefined) yield [`below ${minimum}`, minimum - 1];
  if (maximum !== undefined) yield [`above ${maximum}`, maximum + 1];
  if (minLength !== undefined) yield [`shorter than ${minLength}`, ''];
  if (maxLength !== undefined) yield [`longer than ${maxLength}`, 'a'.repeat(maxLength + 1)];
  if (schema.enum !== undefined) yield ['with a word that is none of its own', 'Nonsense'];
  if (schema.enum !== undefined) yield ['with an empty word', ''];
  if (maxItems !== undefined && items !== undefined) {
    yield [`with more than ${maxItems} entries`, many(maxItems + 1, (at) => example(items, at))];
  }
  if (maxProperties !== undefined) {
    const entries = many(maxProperties + 1, (at) => [`k${at}`, 'x'] as const);
    yield [`with more than ${maxProperties} keys`, Object.fromEntries(entries)];
  }
  for (const name of schema.required ?? []) {
    const { [name]: _, ...rest } = Object(example(schema, 0));
    yield [`without ${name}`, rest];
  }
}

/** A value that the schema allows, different for each `index`. */
function example(schema: Schema, index: number): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'string') return `a${index}`;
  const required = schema.required ?? [];
  return Object.fromEntries(
    required.flatMap((name) => {
      const field = schema.properties?.[name];
      return field === undefined ? [] : [[name, example(field, index)] as const];
    }),
  );
}

function many<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export const STRUCTURE_CASES: readonly Case[] = [
  ...byHand,
  ...beyondBounds({ path: 'spec', schema: specSchema, wrap: (value) => value }),
];
