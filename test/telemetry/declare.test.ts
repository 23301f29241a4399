/** A declaration that Prometheus would refuse is found before anything is counted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declarationProblem, type MetricDeclaration } from '../../operator/telemetry/declare.ts';
import { createRegistry } from '../../operator/telemetry/registry.ts';

const counter = { name: 'calls_total', type: 'counter', help: 'Calls.', labels: [] } as const;
const histogram = { name: 'time_seconds', type: 'histogram', help: 'T.', labels: [] } as const;

const refused: Record<string, { declaration: MetricDeclaration; says: RegExp }> = {
  'a name with a character that no name has': {
    declaration: { ...counter, name: 'calls-total' },
    says: /"calls-total" has a name/,
  },
  'an empty name': { declaration: { ...counter, name: '' }, says: /has a name/ },
  'a label with a character that no label has': {
    declaration: { ...counter, labels: ['code', 'the:method'] },
    says: /"calls_total" has the label "the:method"/,
  },
  'a label that Prometheus keeps for itself': {
    declaration: { ...counter, labels: ['__name__'] },
    says: /the label "__name__"/,
  },
  'the label of the buckets': {
    declaration: { ...histogram, labels: ['le'], buckets: [1] },
    says: /the label "le"/,
  },
  'a label twice': {
    declaration: { ...counter, labels: ['code', 'code'] },
    says: /a label twice/,
  },
  'an owner of more labels than there are': {
    declaration: { ...counter, labels: ['namespace'], owner: 2 },
    says: /2 labels name its owner, and has 1/,
  },
  'an owner of half a label': {
    declaration: { ...counter, labels: ['namespace'], owner: 0.5 },
    says: /0.5 labels name its owner/,
  },
  'a histogram without buckets': { declaration: histogram, says: /without buckets/ },
  'buckets that do not ascend': {
    declaration: { ...histogram, buckets: [1, 1, 2] },
    says: /not finite and ascending: 1, 1, 2/,
  },
  'a bucket without end, which is added anyway': {
    declaration: { ...histogram, buckets: [1, Number.POSITIVE_INFINITY] },
    says: /not finite and ascending/,
  },
  'a bucket that is no number': {
    declaration: { ...histogram, buckets: [Number.NaN] },
    says: /not finite and ascending/,
  },
  'buckets of a counter': {
    declaration: { ...counter, buckets: [1] },
    says: /is a counter and has buckets/,
  },
};

for (const [sentence, { declaration, says }] of Object.entries(refused)) {
  test(`refuses ${sentence}`, () => {
    assert.match(declarationProblem(declaration) ?? '', says);
    assert.throws(() => createRegistry()[declaration.type](declaration), says);
  });
}

test('takes what follows the rules', () => {
  for (const declaration of [
    counter,
    { ...counter, labels: ['namespace', 'name', 'reason'], owner: 2 },
    { ...histogram, buckets: [-1, 0, 0.5] },
  ]) {
    assert.equal(declarationProblem(declaration), undefined);
  }
});

test('a refused declaration leaves no trace, and its name is free', () => {
  const registry = createRegistry();
  assert.throws(() => registry.counter({ ...counter, labels: ['le'] }));

  registry.counter(counter);

  assert.equal(
    registry.expose(),
    '# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total 0\n',
  );
});
