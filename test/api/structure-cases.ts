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
    sentence: 'accepts amounts however they are written',
    spec: { controller: { adc: { resources: { limits: { cpu: 0.5, memory: '1Gi' } } } } },
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

/**
 * One case beyond each bound of each field at or below `node`. A shape of Kubernetes that stands in several
 * places is one value in the schema, and is looked at where it stands first.
 */
function* beyondBounds(node: Node, seen = new Set<Schema>()): Generator<Case> {
  if (node.schema.description === '' && seen.has(node.schema)) return;
  seen.add(node.schema);
  for (const [bound, value] of wrongValues(node.schema)) {
    const spec = node.wrap(value);
    const sentence = `refuses ${node.path} ${bound}`;
    yield { sentence, spec, accepted: false, path: node.path };
  }
  for (const child of childrenOf(node)) yield* beyondBounds(child, seen);
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
  const isText = intOrString || schema.type === 'string';
  if (intOrString || schema.type !== undefined) yield ['of the wrong type', isText ? true : 'x'];
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
    const value = example(schema.additionalProperties ?? { type: 'string', description: '' }, 0);
    const entries = many(maxProperties + 1, (at) => [`k${at}`, value] as const);
    const fields = Object.entries(schema.properties ?? {}).map(
      ([name, field]) => [name, example(field, 0)] as const,
    );
    const full = schema.properties === undefined ? entries : fields.slice(0, maxProperties + 1);
    yield [`with more than ${maxProperties} keys`, Object.fromEntries(full)];
  }
  for (const name of schema.required ?? []) {
    const { [name]: _, ...rest } = Object(example(schema, 0));
    yield [`without ${name}`, rest];
  }
}

/** A value that the schema allows, different for each `index`. */
function example(schema: Schema, index: number): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'string' || schema.type === undefined) return `a${index}`;
  if (schema.type === 'integer') return index;
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
