/** When a drill has passed, and with which words and exit code. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Drill,
  durationText,
  exitCodeOf,
  type Stop,
  verdictOf,
} from '../../../operator/cli/drill/decide/verdict.ts';
import { aDrill, aTrial } from '../../support/a-drill.ts';

const cases: Record<string, { drill: Drill; exitCode: 0 | 1 | 2; text: RegExp }> = {
  'all are within the limit': {
    drill: aDrill([aTrial(1, 500, 900), aTrial(2, 600, 5_000)]),
    exitCode: 0,
    text: /^2 trials within 5 s; the longest 0\.60-5\.00 s\.$/,
  },
  'one is certainly too slow': {
    drill: aDrill([aTrial(1, 500, 900), aTrial(2, 5_100, 6_000)]),
    exitCode: 1,
    text: /^Trial 2 without a leader for more than 5 s; the longest 5\.10-6\.00 s\.$/,
  },
  'one is perhaps too slow': {
    drill: aDrill([aTrial(1, 4_000, 5_001)]),
    exitCode: 1,
    text: /^Trial 1 perhaps without a leader for more than 5 s/,
  },
  'nobody has taken over': {
    drill: aDrill([aTrial(1)]),
    exitCode: 1,
    text: /^Trial 1 nobody has taken over in time\.$/,
  },
  'the system does not recover in between': {
    drill: stopped('not-recovered', [aTrial(1, 500, 900)]),
    exitCode: 1,
    text: /^1 of 3 trials done\. Why\.$/,
  },
  'it was refused': { drill: stopped('refused', []), exitCode: 2, text: /^Why\.$/ },
  'it was interrupted after a trial': {
    drill: stopped('interrupted', [aTrial(1, 500, 900)]),
    exitCode: 2,
    text: /^1 of 3 trials done\. Why\.$/,
  },
  'it was interrupted after one that was too slow': {
    drill: stopped('interrupted', [aTrial(1, 6_000, 6_100)]),
    exitCode: 1,
    text: /^Trial 1 without a leader/,
  },
};

for (const [what, { drill, exitCode, text }] of Object.entries(cases)) {
  test(`the exit code is ${exitCode} when ${what}`, () => {
    const verdict = verdictOf(drill);

    assert.match(verdict.text, text);
    assert.equal(exitCodeOf(verdict), exitCode);
  });
}

test('bounds are rounded outwards, or they would not be bounds', () => {
  assert.equal(durationText({ atLeastMs: 639, atMostMs: 1_111 }), '0.63-1.12 s');
});

function stopped(kind: Stop['kind'], trials: Drill['trials']): Drill {
  return { ...aDrill(trials, 3), stop: { kind, why: 'Why.' } };
}
