/** FailoverAssistReady: each reason, and what a failover of seconds leaves as it was. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { REFUSALS } from '../../../operator/decide/failover/refusals.ts';
import type { RefuseReason } from '../../../operator/decide/failover/types.ts';
import { assistReadyCondition } from '../../../operator/decide/status/assist-ready.ts';
import { aCandidate, aHolder, identityOf, type Story } from '../../support/a-holder.ts';

interface Case {
  readonly story: () => Story;
  readonly missingRight?: string;
  readonly message?: RegExp;
  /** `as before`: seconds, of which nothing is told. */
  readonly expected: string;
}

const cases: Record<string, Case> = {
  'watches a holder that is bound': {
    story: () => aHolder().leads(),
    expected: 'True/Watching',
  },
  'only observes in that mode': {
    story: () => aHolder().policy({ mode: 'Observe' }).leads(),
    expected: 'True/ObserveOnly',
  },
  'is disabled in that mode, whatever else holds': {
    story: () => aHolder().policy({ mode: 'Disabled' }).lease({ ours: false }).leads(),
    expected: 'False/Disabled',
  },
  'does not watch before anybody has led': {
    story: () => aHolder().isHeldBy(''),
    expected: 'False/HolderUnbound',
  },
  'gives a new holder the time to renew': {
    story: () => aHolder().look().rests(5_999),
    expected: 'as before',
  },
  'does not watch a holder that never renews': {
    story: () => aHolder().look().rests(6_000),
    expected: 'False/HolderUnbound',
  },
  'does not watch a holder that is no pod of ours': {
    story: () => aHolder().isHeldBy(identityOf('y-1')).rests(6_000),
    expected: 'False/HolderUnbound',
  },
  'says that a holder is no pod of ours, however often it renews': {
    story: () => {
      const story = aHolder().isHeldBy(identityOf('y-1'));
      for (let renewal = 0; renewal < 4; renewal++) story.rests(2_000).renews();
      return story;
    },
    expected: 'False/HolderUnbound',
    message: /held by "y-1_.*", which is no pod of this resource/,
  },
  'says that a host name tells no pod whose death could be seen': {
    story: () => {
      const unsupported = '`hostname` is set';
      return aHolder()
        .with({
          pods: ['x-1', 'x-2'].map((name) => aCandidate(name, { hostName: 'e', unsupported })),
        })
        .isHeldBy(identityOf('e'))
        .rests(6_000);
    },
    expected: 'False/HolderUnbound',
    message: /held by "e_.*", which is the name of no pod/,
  },
  'is not flipped by a death that is being answered': {
    story: () => aHolder().leads().rests(300).ends(),
    expected: 'as before',
  },
  'does not watch a holder that has come back': {
    story: () => aHolder().leads().isHeldBy('').isHeldBy(identityOf('x-1')).renews(),
    expected: 'False/HolderUnbound',
  },
  'says that a leader outlives the report of its end': {
    story: () => aHolder().leads().rests(300).ends().renews().renews(),
    expected: 'False/DeathContradicted',
  },
  'is not flipped by a Lease that was just freed': {
    story: () => aHolder().leads().rests(300).ends().rests(2_500).isCleared().rests(1_000),
    expected: 'as before',
  },
  'does not watch a Lease that nobody takes': {
    story: () => aHolder().leads().isHeldBy('').rests(40_000),
    expected: 'False/HolderUnbound',
  },
  'says that it is suspended': {
    story: () => {
      const story = aHolder().leads();
      story.memory = { ...story.memory, suspended: true };
      return story;
    },
    expected: 'False/Suspended',
  },
  'names a right that is missing': {
    story: () => aHolder().leads(),
    missingRight: 'get pods',
    expected: 'False/PermissionDenied',
  },
  'leaves a foreign Lease alone': {
    story: () => aHolder().leads().lease({ ours: false }),
    expected: 'False/LeaseForeign',
  },
  'leaves a coordinated election alone': {
    story: () => aHolder().leads().lease({ coordinated: true }),
    expected: 'False/LeaseForeign',
  },
  'names the shape of a pod that proves nothing': {
    story: () =>
      aHolder()
        .with({ pods: [aCandidate('x-1', { unsupported: '`hostPID` is set' })] })
        .leads(),
    expected: 'False/UnsupportedPodShape',
  },
  'does not promise to help crashes of an unsafe release': {
    story: () =>
      aHolder()
        .leads()
        .policy({ isCrashSafe: () => false }),
    expected: 'False/VersionUnsafe',
  },
};

for (const [sentence, { story, missingRight, message, expected }] of Object.entries(cases)) {
  test(sentence, () => {
    const { memory, facts, nowMs } = story();
    const lacking = missingRight === undefined ? {} : { missingRight };

    const condition = assistReadyCondition({ memory, facts, nowMs, ...lacking });

    const told = condition === undefined ? 'as before' : `${condition.status}/${condition.reason}`;
    assert.equal(told, expected);
    if (message !== undefined) assert.match(condition?.message ?? '', message);
    if (missingRight !== undefined) assert.match(condition?.message ?? '', /get pods/);
  });
}

test('the message names every rule that does not hold', () => {
  const { memory, facts, nowMs } = aHolder().leads().lease({ ours: false, coordinated: true });

  const condition = assistReadyCondition({ memory, facts, nowMs, missingRight: 'get nodes' });

  assert.equal(condition?.reason, 'PermissionDenied');
  assert.match(condition?.message ?? '', /get nodes.*our labels.*`strategy`/s);
});

describe('the words of a refusal', () => {
  for (const [reason, words] of Object.entries(REFUSALS)) {
    test(`for ${reason satisfies string as RefuseReason} are one sentence`, () => {
      assert.match(words, /^[A-Z`].{10,}[^.]$/s);
    });
  }
});
