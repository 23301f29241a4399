/**
 * Depth, width and length of what a resource may hold of Kubernetes' own shapes and of none: what fills a
 * bound, and what is one beyond it. Feeds as rule-cases.ts.
 */
import type { Case } from './case.ts';

const OVERRIDES = 'spec.controller.configOverrides';
const overrides = (configOverrides: unknown) => ({ controller: { configOverrides } });
const affinity = (nodeAffinity: unknown) => ({ placement: { affinity: { nodeAffinity } } });
const terms = (count: number, term: unknown = {}) =>
  affinity({
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: times(count, () => term) },
  });
const values = (count: number) =>
  terms(1, { matchExpressions: [{ key: 'a', operator: 'In', values: times(count, String) }] });
const volumes = (...list: readonly unknown[]) => ({ controller: { volumes: list } });

export const BOUND_CASES: readonly Case[] = [
  fits('overrides of three levels', overrides({ a: { b: { c: 1 } } })),
  fits('overrides with a list on each level', overrides({ a: [[1, true]], b: { c: [2.5] } })),
  fits('overrides of 32 keys', overrides(keys(32))),
  fits('overrides with a text of 1024 characters', overrides({ a: 'x'.repeat(1024) })),
  beyond('overrides of four levels', overrides({ a: { b: { c: { d: 1 } } } }), {
    path: `${OVERRIDES}.a.b.c`,
  }),
  beyond('overrides with a list too deep', overrides({ a: [[[1]]] }), {
    path: `${OVERRIDES}.a[0][0]`,
  }),
  beyond('overrides nested a thousand levels', overrides({ a: nested(1000) }), {
    path: `${OVERRIDES}.a.a.a`,
  }),
  beyond('overrides of 33 keys', overrides(keys(33)), { path: OVERRIDES }),
  beyond('overrides with a text of 1025 characters', overrides({ a: 'x'.repeat(1025) }), {
    path: `${OVERRIDES}.a`,
  }),
  fits('six node selector terms', terms(6)),
  beyond('seven node selector terms', terms(7), {
    path: 'spec.placement.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
  }),
  fits('thirty values of a node label', values(30)),
  beyond('thirty-one values of a node label', values(31), {
    path: 'spec.placement.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values',
  }),
  fits('an affinity nested a thousand levels where nobody knows a field', {
    placement: { affinity: nested(1000) },
  }),
  fits('a patch nested a thousand levels where nobody knows a field', {
    podTemplatePatch: { spec: nested(1000) },
  }),
  beyond(
    'a patch with a map for a name',
    { podTemplatePatch: { spec: { hostname: nested(1000) } } },
    {
      path: 'spec.podTemplatePatch.spec.hostname',
    },
  ),
  beyond(
    'a patch of six containers',
    { podTemplatePatch: { spec: { containers: named(6) } } },
    {
      path: 'spec.podTemplatePatch.spec.containers',
    },
  ),
  fits('a patch of five containers', { podTemplatePatch: { spec: { containers: named(5) } } }),
  fits('a volume with one source', volumes({ name: 'a', emptyDir: { sizeLimit: '1Gi' } })),
  beyond('a volume with two sources', volumes({ name: 'a', emptyDir: {}, secret: {} }), {
    path: 'spec.controller.volumes[0]',
  }),
];

function fits(sentence: string, spec: unknown): Case {
  return { sentence: `accepts ${sentence}`, spec, accepted: true };
}

function beyond(sentence: string, spec: unknown, { path }: { readonly path: string }): Case {
  return { sentence: `refuses ${sentence}`, spec, accepted: false, path };
}

function times<T>(count: number, make: (at: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

function named(count: number): readonly unknown[] {
  return times(count, (at) => ({ name: `c${at}` }));
}

function keys(count: number): unknown {
  return Object.fromEntries(times(count, (at) => [`k${at}`, at]));
}

function nested(levels: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}
