import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anObject } from './support/an-object.ts';
import { describeEntry } from './support/audit.ts';
import { startHarness } from './support/harness.ts';

const e2e = await startHarness();
const operator = await e2e.startOperator();

test('x', async (t) => {
  const mark = e2e.audit.mark();
  const { metadata } = await e2e.apply(anObject({ namespace: operator.namespace }));
  await e2e.condition(metadata, 'Ready=True/ScaledToZero');
  t.diagnostic(e2e.audit.since(mark, { user: operator.user }).map((e)=>describeEntry(e)+e.dryRun).join('\n'));
  assert.ok(true);
  await operator.restart();
  await operator.stop();
});
