import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDurationMs } from '../../operator/api/duration.ts';

const cases: Record<string, number | undefined> = {
  '0s': 0,
  '30s': 30_000,
  '1m30s': 90_000,
  '2h': 7_200_000,
  '1h2m3s': 3_723_000,
  '5s5s': 10_000, // as Go and CEL read it
  '90m': 5_400_000,
  '': undefined,
  '30': undefined,
  '1.5s': undefined,
  '500ms': undefined,
  '-1s': undefined,
  '1s ': undefined,
  '1s\n': undefined,
};
for (const [text, expectedMs] of Object.entries(cases)) {
  test(`${JSON.stringify(text)} is ${expectedMs ?? 'no duration'}`, () => {
    assert.equal(parseDurationMs(text), expectedMs);
  });
}

test('what is formatted parses to the same whole seconds', () => {
  const seconds = fc.integer({ min: 0, max: 99_999 * 3600 });

  fc.assert(
    fc.property(seconds, (value) => {
      assert.equal(parseDurationMs(formatDuration(value * 1000)), value * 1000);
    }),
  );
});

test('what the grammar allows is formatted as an equal duration', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^([0-9]{1,5}(h|m|s)){1,3}$/), (text) => {
      const ms = parseDurationMs(text);
      assert.ok(ms !== undefined);
      if (ms < 99_999 * 3_600_000) assert.equal(parseDurationMs(formatDuration(ms)), ms);
    }),
  );
});
