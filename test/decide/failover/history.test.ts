/** What history tells about a change of leader: the cause, the winner, the assist, and how long. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { followLeader, isFlapping, noHistory } from '../../../operator/decide/failover/history.ts';
import type {
  HistoryMemory,
  LeadershipChange,
} from '../../../operator/decide/failover/history-types.ts';
import { mergeFailovers } from '../../../operator/decide/observed/failover-view.ts';
import type { Pod } from '../../../operator/decide/observed/pod.ts';
import { aCandidate, aHolder, identityOf, type Story } from '../../support/a-holder.ts';

const QUIET_MS = 2_500;

/** Tells a story to history as well, look by look. */
class Chronicle {
  history: HistoryMemory = noHistory;
  changes: LeadershipChange[] = [];
  wantedReplicas = 2;
  missingRight: string | undefined;
  readonly story: Story = aHolder();

  constructor() {
    const look = this.story.look.bind(this.story);
    this.story.look = () => {
      look();
      this.#follow();
      return this.story;
    };
  }

  #follow(): void {
    const { facts, memory, decision, nowMs } = this.story;
    const { history, change } = followLeader(this.history, {
      ...{ facts, memory, decision, nowMs },
      wantedReplicas: this.wantedReplicas,
      renewDeadlineMs: 20_000,
      ...(this.missingRight !== undefined && { missingRight: this.missingRight }),
    });
    this.history = history;
    if (change !== undefined) this.changes.push(change);
  }

  /** The change that another holder makes now. */
  next(podName = 'x-2'): LeadershipChange {
    this.story.isHeldBy(identityOf(podName, 9));
    const change = this.changes.at(-1);
    assert.ok(change, 'no change was told');
    return change;
  }
}

function aChronicle(): Chronicle {
  const chronicle = new Chronicle();
  chronicle.story.leads();
  return chronicle;
}

describe('the cause', () => {
  const goes = (changes: Partial<Pod>, others: readonly Pod[], replicas = 2) => {
    const chronicle = aChronicle();
    chronicle.wantedReplicas = replicas;
    const { story } = chronicle;
    const [leader] = story.facts.pods;
    if (leader !== undefined) story.with({ pods: [leader, ...others] });
    story.pod({ deleting: true, ...changes }).ends({ code: 0, reason: 'Completed' });
    story.with({ pods: others });
    return chronicle.next().cause;
  };
  const standby = aCandidate('x-2');

  test('of a deleted pod, whose place is empty, is PodDeleted', () => {
    assert.equal(goes({}, [standby]), 'PodDeleted');
  });

  test('is ScaleDown when as many others remain as are wanted', () => {
    assert.equal(goes({}, [standby], 1), 'ScaleDown');
  });

  test('is Rollout when others run a newer template', () => {
    assert.equal(goes({}, [aCandidate('x-2', { templateHash: 'h2' })]), 'Rollout');
  });

  test('is Evicted when the eviction API or the scheduler wanted it', () => {
    assert.equal(goes({ disruption: 'EvictionByEvictionAPI' }, [standby]), 'Evicted');
    assert.equal(goes({ disruption: 'PreemptionByScheduler' }, [standby]), 'Evicted');
  });

  test('is NodeLost when the node’s taint took the pod', () => {
    assert.equal(goes({ disruption: 'DeletionByTaintManager' }, [standby]), 'NodeLost');
  });

  test('is Drill or Switchover when a person has written so on the pod', () => {
    assert.equal(goes({ announcedCause: 'Drill' }, [standby]), 'Drill');
    assert.equal(goes({ announcedCause: 'Switchover' }, [standby]), 'Switchover');
    assert.equal(goes({ announcedCause: 'Boredom' }, [standby]), 'PodDeleted');
  });

  const ends = (reason: string, afterMs = 300, code = 1) => {
    const chronicle = aChronicle();
    chronicle.story.rests(afterMs).ends({ reason, code }).rests(QUIET_MS);
    return chronicle.next().cause;
  };

  test('of a process that ended by itself is Crash', () => assert.equal(ends('Error'), 'Crash'));

  test('of one that ran out of memory is OOMKilled', () => {
    assert.equal(ends('OOMKilled'), 'OOMKilled');
  });

  test('is LeaseLost when the process ended only after it could not renew for its deadline', () => {
    assert.equal(ends('Error', 20_000), 'LeaseLost');
  });

  test('is Crash when a signal ended a process of which nothing was heard for long', () => {
    assert.equal(ends('Error', 20_000, 137), 'Crash');
  });

  test('is LeaseLost when another took over while the old process still runs', () => {
    const chronicle = aChronicle();
    chronicle.story.rests(30_000);

    assert.equal(chronicle.next().cause, 'LeaseLost');
  });

  test('is NodeLost when the pod of the silent leader is not Ready any more', () => {
    const chronicle = aChronicle();
    chronicle.story.rests(20_000).pod({ ready: false }).rests(10_000);

    assert.equal(chronicle.next().cause, 'NodeLost');
  });

  test('is PodDeleted when the pod vanished without a word', () => {
    const chronicle = aChronicle();
    chronicle.story.with({ pods: [aCandidate('x-2')] }).rests(30_000);

    assert.equal(chronicle.next().cause, 'PodDeleted');
  });

  test('is Unknown for a holder that never was a pod of ours', () => {
    const chronicle = new Chronicle();
    chronicle.story.isHeldBy(identityOf('y-1')).renews();

    assert.equal(chronicle.next().cause, 'Unknown');
  });
});

describe('the time without a leader', () => {
  test('runs from the last sign of life to the new holder, however long the Lease was free', () => {
    const chronicle = aChronicle();
    chronicle.story.rests(300).isDeleted().ends({ code: 0 }).isCleared().rests(700);

    assert.equal(chronicle.next().leaderlessMilliseconds, 1_000);
  });

  test('is not made longer by looks that saw no renewal', () => {
    const chronicle = aChronicle();
    chronicle.story.rests(10_000).rests(10_000);

    assert.equal(chronicle.next().leaderlessMilliseconds, 20_000);
  });
});

describe('a leader that an operator finds when it starts', () => {
  const found = () => {
    const chronicle = new Chronicle();
    chronicle.story.look().rests(5_000);
    return chronicle;
  };

  test('and never sees alive leaves no time without a leader to be told', () => {
    assert.equal(found().next().leaderlessMilliseconds, undefined);
  });

  test('has one from its first renewal on', () => {
    const chronicle = found();
    chronicle.story.renews().rests(30_000);

    assert.equal(chronicle.next().leaderlessMilliseconds, 30_000);
  });

  test('has ended for an unknown cause when its container was started again before', () => {
    const chronicle = new Chronicle();
    chronicle.story
      .ends({ finishedAtS: 1_800_000_001 })
      .startsAgain(2, 1_800_000_005)
      .rests(30_000);

    const { cause, assist } = chronicle.next();

    assert.deepEqual([cause, assist], ['Unknown', 'Refused']);
  });
});

describe('the winner', () => {
  test('is a standby when it was there at the last sign of life', () => {
    const chronicle = aChronicle();
    chronicle.story.rests(30_000);

    assert.equal(chronicle.next('x-2').winner, 'Standby');
  });

  test('is a replacement when it came later', () => {
    const chronicle = aChronicle();
    chronicle.story
      .isDeleted()
      .ends()
      .with({ pods: [aCandidate('x-2'), aCandidate('x-3')] });

    assert.equal(chronicle.next('x-3').winner, 'Replacement');
  });

  test('is the restarted leader itself when it is the same pod', () => {
    const chronicle = aChronicle();
    chronicle.story.rests(1_300).ends().rests(1_000).startsAgain().isCleared();

    assert.equal(chronicle.next('x-1').winner, 'Restarted');
  });

  test('is Unknown when it is no pod of ours', () => {
    assert.equal(aChronicle().next('y-1').winner, 'Unknown');
  });
});

describe('the assist', () => {
  test('is Cleared after the Lease was freed', () => {
    const chronicle = aChronicle();
    chronicle.story.rests(300).ends().rests(QUIET_MS).isCleared().rests(700);

    assert.equal(chronicle.next().assist, 'Cleared');
  });

  test('is Observed in that mode, with the time that it would have saved', () => {
    const chronicle = aChronicle();
    chronicle.story.policy({ mode: 'Observe' }).rests(300).isDeleted().ends().rests(25_000);

    const { assist, assistReason } = chronicle.next();

    assert.equal(assist, 'Observed');
    assert.match(assistReason ?? '', /25000 ms before/);
  });

  test('is Disabled in that mode', () => {
    const chronicle = aChronicle();
    chronicle.story.policy({ mode: 'Disabled' }).isDeleted().ends().rests(25_000);

    assert.equal(chronicle.next().assist, 'Disabled');
  });

  test('is Refused, and says why', () => {
    const chronicle = aChronicle();
    chronicle.story.with({ pods: [aCandidate('x-2')] }).rests(30_000);

    const { assist, assistReason } = chronicle.next();

    assert.equal(assist, 'Refused');
    assert.match(assistReason ?? '', /No kubelet has reported/);
  });

  test('is Refused for lack of a right, which it names', () => {
    const chronicle = aChronicle();
    chronicle.missingRight = 'update leases';
    chronicle.story.rests(300).isDeleted().ends().rests(30_000);

    assert.match(chronicle.next().assistReason ?? '', /update leases/);
  });

  test('is NotNeeded when the Lease changed hands by itself', () => {
    const chronicle = aChronicle();
    chronicle.story.rests(30_000);

    assert.equal(chronicle.next().assist, 'NotNeeded');
  });
});

describe('flapping', () => {
  const lose = (chronicle: Chronicle, times: number) => {
    for (let time = 0; time < times; time += 1) {
      chronicle.story.rests(60_000);
      chronicle.next(chronicle.changes.length % 2 === 0 ? 'x-2' : 'x-1');
    }
  };

  test('is more than three losses by living leaders within ten minutes', () => {
    const chronicle = aChronicle();
    lose(chronicle, 3);
    const three = isFlapping(chronicle.history, chronicle.story.nowMs);
    lose(chronicle, 1);

    assert.deepEqual([three, isFlapping(chronicle.history, chronicle.story.nowMs)], [false, true]);
  });

  test('is over ten minutes later', () => {
    const chronicle = aChronicle();
    lose(chronicle, 4);

    assert.ok(!isFlapping(chronicle.history, chronicle.story.nowMs + 600_000));
  });

  test('is not a row of leaders that ended', () => {
    const chronicle = aChronicle();
    for (let time = 2; time < 8; time += 1) {
      chronicle.story.rests(1_300).ends().rests(QUIET_MS).startsAgain(time);
      chronicle.story.isHeldBy(identityOf('x-1', time)).renews();
    }

    assert.ok(chronicle.changes.length >= 6);
    assert.ok(!isFlapping(chronicle.history, chronicle.story.nowMs));
  });
});

describe('the history in the status', () => {
  const change = (number: number) => ({
    time: `2026-01-01T00:00:${String(number).padStart(2, '0')}Z`,
    cause: 'Crash' as const,
    fromIdentity: `a_${number}`,
    toIdentity: `a_${number + 1}`,
    winner: 'Standby' as const,
    assist: 'Cleared' as const,
    leaderlessMilliseconds: 1_000,
  });

  test('has the newest first, and ten at most', () => {
    const told = [9, 8, 7, 6, 5, 4, 3, 2, 1].map(change);

    const merged = mergeFailovers(told, [change(11), change(10)]);

    assert.deepEqual(
      merged.map(({ fromIdentity }) => fromIdentity),
      [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((number) => `a_${number}`),
    );
  });

  test('tells a change once, as the operator told it that saw it first', () => {
    const again = { ...change(1), leaderlessMilliseconds: 1_050 };

    assert.deepEqual(mergeFailovers([change(1)], [again]), [change(1)]);
  });
});

test('a report that the leader outlived is no cause of what ends it later', () => {
  const chronicle = aChronicle();
  chronicle.story.rests(300).ends({ code: 1 }).renews().renews();
  const { podUid } = chronicle.story.memory.binding ?? {};

  chronicle.story.isDeleted();

  assert.ok(podUid);
  assert.equal(chronicle.next().cause, 'PodDeleted');
});
