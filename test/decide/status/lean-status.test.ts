/** What is tried when a status was refused, in which order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HaStatus } from '../../../operator/api/status.ts';
import { leanerStatuses } from '../../../operator/decide/status/lean-status.ts';

const STORED: HaStatus = { observedGeneration: 1, selector: 'old', replicas: 1, failovers: [] };
const REFUSED: HaStatus = { observedGeneration: 2, selector: 's', replicas: 2, conditions: [] };
const LASTING = {
  observedGeneration: 2,
  selector: 'old',
  replicas: 1,
  failovers: [],
  conditions: [],
};
const BARE = { observedGeneration: 2, conditions: [] };

const fields = (tried: readonly HaStatus[]) => tried.map((it) => ({ ...it }));

test('leaves out what the refusal names, then all that does not last, then all but the conditions', () => {
  assert.deepEqual(fields(leanerStatuses(REFUSED, 'status.replicas: Invalid value', STORED)), [
    { observedGeneration: 2, selector: 's', replicas: 1, conditions: [] },
    LASTING,
    BARE,
  ]);
  assert.deepEqual(fields(leanerStatuses(REFUSED, 'no', STORED)), [LASTING, BARE]);
});

test('never leaves out the conditions, nor tries what was refused', () => {
  const message = '.status.conditions: field not declared in schema';

  assert.deepEqual(fields(leanerStatuses(REFUSED, message, { observedGeneration: 1 })), [BARE]);
  assert.deepEqual(leanerStatuses(BARE, 'no', { observedGeneration: 1 }), []);
});

test('keeps what is stored of history, though the refusal names what would be added', () => {
  assert.deepEqual(fields(leanerStatuses(REFUSED, 'status.selector: no', STORED)), [
    { observedGeneration: 2, selector: 'old', replicas: 2, conditions: [] },
    LASTING,
    BARE,
  ]);
});
