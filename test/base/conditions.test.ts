/** Conditions are read without trust: what does not say True is not true. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionOf, isConditionTrue } from '../../operator/base/conditions.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';

function aNode(status: unknown): KubeObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, status };
}

test('finds the condition of a type among others', () => {
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady' };
  const node = aNode({ conditions: [{ type: 'DiskPressure', status: 'False' }, ready] });

  assert.equal(conditionOf(node, 'Ready'), ready);
  assert.ok(isConditionTrue(node, 'Ready'));
});

for (const status of ['False', 'Unknown', true, undefined]) {
  test(`takes a condition of status ${String(status)} for not true`, () => {
    assert.equal(
      isConditionTrue(aNode({ conditions: [{ type: 'Ready', status }] }), 'Ready'),
      false,
    );
  });
}

for (const [sentence, status] of Object.entries({
  'that has no status': undefined,
  'that has no conditions': {},
  'whose conditions are no list': { conditions: { type: 'Ready', status: 'True' } },
  'whose conditions are no objects': { conditions: ['Ready', null] },
})) {
  test(`finds none in an object ${sentence}`, () => {
    assert.equal(conditionOf(aNode(status), 'Ready'), undefined);
    assert.equal(isConditionTrue(aNode(status), 'Ready'), false);
  });
}
