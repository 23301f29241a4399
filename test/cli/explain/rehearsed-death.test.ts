/** What explain says and what failover decides are the same, for every mixture of circumstances. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainFailover } from '../../../operator/cli/explain/decide/explanation.ts';
import { rehearseDeath } from '../../../operator/cli/explain/decide/rehearsed-death.ts';
import { CRASH_CLEARS } from '../../../operator/decide/failover/memory.ts';
import { REFUSALS } from '../../../operator/decide/failover/refusals.ts';
import { aHolder, type Story } from '../../support/a-holder.ts';
import { anExplainView, assist } from '../../support/an-explain-view.ts';

/** Each changes one circumstance of a leader that is bound. */
const CIRCUMSTANCES: readonly ((story: Story) => Story)[] = [
  (story) => story.policy({ mode: 'Observe' }),
  (story) => story.policy({ mode: 'Disabled' }),
  (story) => story.policy({ isCrashSafe: () => false }),
  (story) => story.lease({ ours: false }),
  (story) => story.lease({ coordinated: true }),
  (story) => story.with({ node: 'not-ready' }),
  (story) => story.policy({ clearDelayMs: 5_000 }),
  (story) => story.pod({ unsupported: '`hostPID` is set' }),
];

test('a rehearsed death is decided as the real one', () => {
  let freed = 0;
  for (let mixture = 0; mixture < 2 ** CIRCUMSTANCES.length; mixture += 1) {
    const chosen = CIRCUMSTANCES.filter((_, bit) => (mixture & (1 << bit)) !== 0);
    const before = chosen
      .reduce((story, change) => change(story), aHolder().with({ node: 'ready' }))
      .leads();
    const { facts } = before;

    const rehearsed = rehearseDeath(facts, { path: 'crashed', suspended: false });
    const { conclusion } = explainFailover(viewOf(facts));
    const { decision } = before.ends().rests(60_000);

    assert.equal(rehearsed?.kind, decision.kind, `mixture ${mixture}`);
    assert.equal(conclusion.kind === 'freed', decision.kind === 'clear', `mixture ${mixture}`);
    if (rehearsed?.kind === 'refuse' && decision.kind === 'refuse') {
      assert.equal(rehearsed.because, decision.because, `mixture ${mixture}`);
    }
    if (decision.kind === 'clear') freed += 1;
  }
  assert.equal(freed, 2, 'with a delay and without');
});

test('a crash that is one too many is rehearsed as suspended, a deletion is not', () => {
  let story = aHolder();
  for (let crash = 0; crash < CRASH_CLEARS; crash += 1) {
    const holder = story.facts.lease?.holder ?? '';
    story = story
      .leads()
      .ends()
      .rests(5_000)
      .isCleared()
      .startsAgain(crash + 2);
    story = story.isHeldBy(nextOf(holder, crash));
  }
  const { facts } = story.leads();

  const crashed = rehearseDeath(facts, { path: 'crashed', suspended: true });
  const stopped = rehearseDeath(facts, { path: 'stopped', suspended: true });

  assert.equal(story.ends().rests(5_000).told(), 'refuse suspended');
  assert.deepEqual(crashed, { kind: 'refuse', because: 'suspended' });
  assert.equal(stopped?.kind, 'clear');
});

function viewOf(facts: Story['facts']) {
  const { mode } = facts.policy;
  const conditions =
    mode === 'Disabled' ? [assist('False', 'Disabled', REFUSALS.disabled)] : undefined;
  return anExplainView({
    ha: { failover: { mode } },
    facts,
    ...(conditions !== undefined && { status: { conditions } }),
  });
}

function nextOf(holder: string, crash: number): string {
  return holder.replace(/\d$/, String(crash + 2));
}
