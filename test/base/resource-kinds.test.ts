/** References are made from the table of kinds, so that no caller spells an apiVersion. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf, NodeKind, PodKind, refTo, typeMeta } from '../../operator/base/resource-kinds.ts';

test('addresses an object of a namespace', () => {
  assert.deepEqual(refTo(PodKind, { namespace: 'prod', name: 'edge-1' }), {
    apiVersion: 'v1',
    kind: 'Pod',
    name: 'edge-1',
    namespace: 'prod',
  });
});

test('addresses an object of the cluster without the namespace of whoever asks', () => {
  assert.deepEqual(refTo(NodeKind, { namespace: 'prod', name: 'node-1' }), {
    apiVersion: 'v1',
    kind: 'Node',
    name: 'node-1',
  });
});

test('leaves out a namespace that is not known', () => {
  assert.equal('namespace' in refTo(PodKind, { name: 'edge-1' }), false);
});

test('finds the kind of what it has addressed', () => {
  assert.equal(kindOf(typeMeta(PodKind)), PodKind);
});

test('gives up over a kind that is not in the table', () => {
  assert.throws(() => kindOf({ apiVersion: 'v1', kind: 'Secret' }), /add the kind there/);
});
