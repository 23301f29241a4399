/**
 * Whether a Lease may be freed: one sentence for each kind of evidence, each hazard and each limit of
 * docs/failover.md. A mutant of each guard is caught by one of them (test/model/mutants.test.ts).
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CALM_MS } from '../../../operator/decide/failover/memory.ts';
import type { Exit } from '../../../operator/decide/observed/container-run.ts';
import type { Pod } from '../../../operator/decide/observed/pod.ts';
import { aCandidate, aHolder, identityOf, type Story } from '../../support/a-holder.ts';

/** 1.25 retry periods. */
const QUIET_MS = 2_500;

/** A bound leader whose crash is reported 300 ms after its last renewal, and quiet since. */
const crashed = () => aHolder().leads().rests(300).ends().rests(QUIET_MS);
/** A bound leader whose pod is deleted, and has stopped. */
const stopped = () =>
  aHolder().leads().rests(300).isDeleted().ends({ code: 0, reason: 'Completed' });

interface Case {
  readonly story: () => Story;
  readonly expected: string;
}

function tell(cases: Readonly<Record<string, Case>>): void {
  for (const [sentence, { story, expected }] of Object.entries(cases)) {
    test(sentence, () => assert.equal(story().told(), expected));
  }
}

describe('holds', () => {
  tell({
    'while the holder runs': { story: () => aHolder().leads(), expected: 'hold' },
    'while nobody holds the Lease': { story: () => aHolder().isHeldBy(''), expected: 'hold' },
    'when there is no Lease': {
      story: () => {
        const story = crashed();
        const { lease: _, ...facts } = story.facts;
        story.facts = facts;
        return story.look();
      },
      expected: 'hold',
    },
    'while a pod that is being deleted still runs its manager': {
      story: () => aHolder().leads().isDeleted(),
      expected: 'hold',
    },
    'while a holder that was not bound yet may run': {
      story: () => aHolder().look(),
      expected: 'hold',
    },
    'while the kubelet has told only of the run before the holder’s': {
      story: () =>
        aHolder()
          .rests(5_000)
          .ends({ finishedAtS: 1_800_000_003 })
          .isHeldBy(identityOf('x-1', 2), 1_800_000_005),
      expected: 'hold',
    },
    'while the kubelet has not told of any run yet': {
      story: () => {
        const { current: _, ...pod } = aCandidate('x-1');
        return aHolder().with({ pods: [pod] });
      },
      expected: 'hold',
    },
    'after another process has taken the Lease': {
      story: () => crashed().isHeldBy(identityOf('x-2')),
      expected: 'hold',
    },
    'when only the sidecar has ended, which leaves the manager as it is': {
      story: () => aHolder().leads().pod({ ready: false }),
      expected: 'hold',
    },
    'when the pod is not Ready': {
      story: () => aHolder().leads().pod({ ready: false }).rests(60_000),
      expected: 'hold',
    },
    'when the renewTime of the record is long past by our clock': {
      story: () => aHolder().leads().rests(300_000),
      expected: 'hold',
    },
  });
});

/** A leader of which its kubelet says that it ended, and which renews on: `times` more. */
const outlives = (times: number, exit: Partial<Exit> = {}) => {
  const story = crashedNow(exit);
  for (let count = 0; count < times; count += 1) story.renews();
  return story;
};
const crashedNow = (exit: Partial<Exit> = {}) => aHolder().leads().rests(300).ends(exit);

describe('evidence of death ends when it is contradicted:', () => {
  const contradicted = 'refuse death-contradicted';
  tell({
    'thirty renewals after a false report a late one costs no leader its Lease': {
      story: () => outlives(30).rests(QUIET_MS),
      expected: contradicted,
    },
    'a second change of the record withdraws it': {
      story: () => outlives(2).rests(QUIET_MS),
      expected: contradicted,
    },
    'one change may be older than the report, and only makes it wait': {
      story: () => outlives(1).rests(QUIET_MS),
      expected: 'clear crashed',
    },
    'renewals that a watch tells in one breath are old news, and withdraw nothing': {
      story: () => crashedNow().renews(5).renews(5).renews(5).rests(QUIET_MS),
      expected: 'clear crashed',
    },
    'a record that was written after the reported end withdraws it at once': {
      story: () => {
        const story = crashedNow({ finishedAtS: 1_800_000_003 });
        return story.lease({ record: '9', renewedAtMs: 1_800_000_004_000 }).rests(QUIET_MS);
      },
      expected: contradicted,
    },
    'a record that was written within the second of the end withdraws nothing': {
      story: () => {
        const story = crashedNow({ finishedAtS: 1_800_000_003 });
        return story.lease({ record: '9', renewedAtMs: 1_800_000_003_999 }).rests(QUIET_MS);
      },
      expected: 'clear crashed',
    },
    'a report that comes after a later renewal is never believed': {
      story: () => {
        const story = aHolder().leads().lease({ renewedAtMs: 1_800_000_009_000 });
        return story.ends({ finishedAtS: 1_800_000_005 }).rests(QUIET_MS);
      },
      expected: contradicted,
    },
    'the same report, told again, is no new one': {
      story: () => outlives(2).pod({ ready: false }).look().rests(60_000),
      expected: contradicted,
    },
    'nor is it after the kubelet has corrected itself in between': {
      story: () => {
        const story = crashedNow({ finishedAtS: 1_800_000_003 });
        return runsOn(story).ends({ finishedAtS: 1_800_000_003 }).rests(QUIET_MS);
      },
      expected: contradicted,
    },
    'a kubelet that corrects itself withdraws it': {
      story: () => runsOn(crashedNow()).rests(QUIET_MS),
      expected: 'hold',
    },
    'an older state of the pod, from a watch that lags, corrects nothing': {
      story: () => {
        const story = aHolder().pod({ resourceVersion: '7' }).leads().rests(300);
        const before = story.facts.pods[0]?.current;
        story.pod({ resourceVersion: '9' }).ends();
        return runsOn(story, { resourceVersion: '7', ...(before && { current: before }) }).rests(
          QUIET_MS,
        );
      },
      expected: 'clear crashed',
    },
    'the deletion of its pod brings it not back': {
      story: () => outlives(2).isDeleted().rests(QUIET_MS),
      expected: contradicted,
    },
    'nor does the end of its pod': {
      story: () =>
        outlives(2)
          .with({ pods: [aCandidate('x-2')] })
          .rests(QUIET_MS),
      expected: contradicted,
    },
    'of a pod that is stopping it ends too': {
      story: () => stopped().renews().renews().rests(QUIET_MS),
      expected: contradicted,
    },
    'a report with other words is a new one': {
      story: () => {
        const story = runsOn(outlives(2)).rests(300);
        return story.ends({ code: 2 }).rests(QUIET_MS);
      },
      expected: 'clear crashed',
    },
    'another holder begins without doubts': {
      story: () => {
        const story = outlives(2).isHeldBy(identityOf('x-2')).renews();
        const [first, second] = story.facts.pods;
        const exit = { code: 137, reason: 'Error', finishedAtS: story.nodeS() };
        const current = { kind: 'ended', containerId: 'x-2-c1', exit } as const;
        if (first && second) story.with({ pods: [first, { ...second, current }] });
        return story.rests(QUIET_MS);
      },
      expected: 'clear crashed',
    },
    'a holder that only an older state of the Lease had left has not gone': {
      story: () =>
        aHolder()
          .lease({ resourceVersion: '7' })
          .lease({ holder: identityOf('x-2'), resourceVersion: '5', record: 'older' })
          .lease({ holder: identityOf('x-1'), resourceVersion: '7', record: '1' })
          .lease({ resourceVersion: '8', record: '2' })
          .rests(300)
          .ends()
          .rests(QUIET_MS),
      expected: 'clear crashed',
    },
    'a holder that takes the emptied Lease again is not cleared for what was reported before': {
      story: () => crashedNow().isHeldBy('').isHeldBy(identityOf('x-1')).rests(QUIET_MS),
      expected: 'refuse already-cleared',
    },
    'a holder that stands there again after another has led is not cleared': {
      story: () =>
        aHolder()
          .leads()
          .isHeldBy(identityOf('x-2'))
          .renews()
          .isHeldBy(identityOf('x-1'), 1_800_000_000)
          .renews()
          .ends({ finishedAtS: 1_800_000_900 })
          .rests(QUIET_MS),
      expected: 'refuse already-cleared',
    },
  });
});

function runsOn(story: Story, changes: Partial<Pod> = {}): Story {
  const current = { kind: 'running', containerId: 'x-1-c1', startedAtS: 1_799_999_940 } as const;
  return story.pod({ current, ...changes });
}

describe('clears', () => {
  tell({
    'at once when the kubelet was stopping the pod': { story: stopped, expected: 'clear stopped' },
    'once a crash is reported and the Lease has been quiet': {
      story: crashed,
      expected: 'clear crashed',
    },
    'after an OOM kill': {
      story: () => aHolder().leads().rests(300).ends({ reason: 'OOMKilled' }).rests(QUIET_MS),
      expected: 'clear crashed',
    },
    'after an exit with any code': {
      story: () => aHolder().leads().rests(300).ends({ code: 1, reason: 'Error' }).rests(QUIET_MS),
      expected: 'clear crashed',
    },
    'when the kubelet deletes the pod for good, after it had reported the end': {
      story: () => stopped().pod({ forced: true }),
      expected: 'clear stopped',
    },
    'when the pod is gone after its kubelet had reported the end': {
      story: () => stopped().with({ pods: [aCandidate('x-2')] }),
      expected: 'clear stopped',
    },
    'when the container was started again in the same pod': {
      story: () => aHolder().leads().rests(1_300).ends().rests(1_000).startsAgain().rests(QUIET_MS),
      expected: 'clear crashed',
    },
    'while the next run waits for its back-off': {
      story: () => {
        const story = aHolder().leads().rests(1_300).ends();
        const [pod] = story.facts.pods;
        return story
          .pod({ current: { kind: 'waiting' }, ...(pod?.current && { previous: pod.current }) })
          .rests(QUIET_MS);
      },
      expected: 'clear crashed',
    },
    'without a standby, since the restarted process would wait a whole lease for its own record': {
      story: () => {
        const story = aHolder().with({ pods: [aCandidate('x-1')] });
        return story.leads().rests(1_300).ends().startsAgain().rests(QUIET_MS);
      },
      expected: 'clear crashed',
    },
    'whatever the phase of the pod says': {
      // PodGC sets Failed without a kubelet, a kubelet does with one: only its containers tell.
      story: () => stopped().pod({ disruption: 'DeletionByPodGC' }),
      expected: 'clear stopped',
    },
    'a holder that a new operator has bound again': {
      story: () => {
        const story = aHolder().leads().isSeenByANewOperator().renews();
        return story.rests(300).ends().rests(QUIET_MS);
      },
      expected: 'clear crashed',
    },
    'a crashed leader of a release without safe crashes, if its pod is going': {
      story: () => stopped().policy({ isCrashSafe: () => false }),
      expected: 'clear stopped',
    },
  });
});

describe('waits', () => {
  tell({
    'until a crash is followed by 1.25 quiet retry periods': {
      story: () =>
        aHolder()
          .leads()
          .ends()
          .rests(QUIET_MS - 1),
      expected: 'wait lease-not-quiet',
    },
    'anew after each renewal': {
      story: () =>
        aHolder()
          .leads()
          .rests(300)
          .ends()
          .renews(200)
          .rests(QUIET_MS - 1),
      expected: 'wait lease-not-quiet',
    },
    'on a deletion too, when a renewal came after the report': {
      story: () => stopped().renews(200),
      expected: 'wait lease-not-quiet',
    },
    'for late pushes to end, as long as clearDelay says': {
      story: () => stopped().policy({ clearDelayMs: 3_000 }).rests(2_999),
      expected: 'wait work-in-flight',
    },
  });

  test('no longer than until then', () => {
    const { decision, facts } = aHolder().leads().rests(300).ends();
    const quietAtMs = (facts.lease?.changedAtMs ?? 0) + QUIET_MS;

    assert.deepEqual(decision, { kind: 'wait', untilMs: quietAtMs, because: 'lease-not-quiet' });
  });

  test('for clearDelay from the moment in which we saw the end, by our own clock', () => {
    const story = stopped().policy({ clearDelayMs: 3_000 });

    assert.equal(story.rests(3_000).told(), 'clear stopped');
  });
});

describe('refuses as no evidence', () => {
  const unproven = 'refuse death-unproven';
  tell({
    'an end that a kubelet only concluded: ContainerStatusUnknown': {
      story: () => {
        const { finishedAtS: _, ...exit } = { code: 137, reason: 'x', finishedAtS: 0 };
        return aHolder()
          .leads()
          .rests(300)
          .pod({
            current: {
              kind: 'ended',
              containerId: 'x-1-c1',
              exit: { ...exit, reason: 'ContainerStatusUnknown' },
            },
          })
          .rests(QUIET_MS);
      },
      expected: unproven,
    },
    'ContainerStatusUnknown even with a time': {
      story: () =>
        aHolder().leads().rests(1_300).ends({ reason: 'ContainerStatusUnknown' }).rests(QUIET_MS),
      expected: unproven,
    },
    'an end of which the runtime lost the task: 255 and Unknown': {
      story: () =>
        aHolder().leads().rests(1_300).ends({ code: 255, reason: 'Unknown' }).rests(QUIET_MS),
      expected: unproven,
    },
    'an end without a time: RestartingAllContainers': {
      story: () =>
        aHolder()
          .leads()
          .rests(300)
          .pod({
            current: {
              kind: 'ended',
              containerId: 'x-1-c1',
              exit: { code: 0, reason: 'RestartingAllContainers' },
            },
          })
          .rests(QUIET_MS),
      expected: unproven,
    },
    'the end of another container than the one that was bound': {
      story: () =>
        aHolder()
          .leads()
          .rests(300)
          .pod({
            current: {
              kind: 'ended',
              containerId: 'x-1-c0',
              exit: { code: 137, reason: 'Error', finishedAtS: 2_000_000_000 },
            },
          })
          .rests(QUIET_MS),
      expected: unproven,
    },
    'a pod that is gone: a forced deletion does not wait for the kubelet': {
      story: () =>
        aHolder()
          .leads()
          .with({ pods: [aCandidate('x-2')] })
          .rests(60_000),
      expected: unproven,
    },
    'a pod of the same name with another uid': {
      story: () =>
        aHolder().leads().rests(1_300).pod({ uid: 'uid-of-a-twin' }).ends().rests(QUIET_MS),
      expected: unproven,
    },
    'the end of a run beside one that was lost, and may run on': {
      story: () => {
        const exit = { code: 255, reason: 'Unknown' };
        return aHolder()
          .leads()
          .rests(1_300)
          .pod({ previous: { kind: 'ended', containerId: 'x-1-c0', exit } })
          .ends()
          .rests(QUIET_MS);
      },
      expected: unproven,
    },
    'an end before the holder took the Lease: it lives in a run that nobody has told of': {
      story: () => {
        const story = aHolder().lease({ acquiredAtS: 1_800_000_010 }).leads();
        return story.rests(300).ends({ finishedAtS: 1_800_000_010 }).rests(QUIET_MS);
      },
      expected: unproven,
    },
  });
});

describe('refuses in doubt', () => {
  tell({
    'a holder that this operator has not seen alive': {
      story: () => crashed().isSeenByANewOperator(),
      expected: 'refuse holder-unbound',
    },
    'a holder that took the Lease and died before it renewed once': {
      story: () => aHolder().look().rests(300).ends().rests(QUIET_MS),
      expected: 'refuse holder-unbound',
    },
    'an unbound holder whose container was started again since': {
      story: () => crashed().startsAgain().isSeenByANewOperator(),
      expected: 'refuse holder-unbound',
    },
    'a holder that is no pod of ours': {
      story: () => aHolder().isHeldBy(identityOf('y-1')),
      expected: 'refuse holder-unknown',
    },
    'a holder whose name only begins like that of a pod': {
      story: () => aHolder().isHeldBy(identityOf('x-10')),
      expected: 'refuse holder-unknown',
    },
    'a holder whose name is the beginning of that of a pod': {
      story: () => aHolder().isHeldBy(identityOf('x')),
      expected: 'refuse holder-unknown',
    },
    'an identity without a uuid, which two runs would share': {
      story: () => aHolder().isHeldBy('x-1_1'),
      expected: 'refuse holder-unknown',
    },
    'an identity that is a host name only': {
      story: () => aHolder().isHeldBy('x-1'),
      expected: 'refuse holder-unknown',
    },
    'a holder that matches two pods': {
      story: () =>
        aHolder().with({ pods: [aCandidate('x-1'), aCandidate('x-1', { uid: 'another' })] }),
      expected: 'refuse holder-unknown',
    },
    'when the next run in the same pod may be the holder': {
      story: () => {
        const story = aHolder().lease({ acquiredAtS: 1_800_000_010 }).leads();
        story.rests(300).ends({ finishedAtS: 1_800_000_020 });
        return story.startsAgain(2, 1_800_000_011).rests(QUIET_MS);
      },
      expected: 'refuse incarnation-unclear',
    },
    'a pod that was deleted by force': {
      story: () =>
        aHolder()
          .leads()
          .rests(300)
          .pod({ deleting: true, forced: true })
          .ends({ code: 0, reason: 'Completed' }),
      expected: 'refuse force-deleted',
    },
    'while the node of the holder is not Ready': {
      story: () => stopped().with({ node: 'not-ready' }),
      expected: 'refuse node-not-ready',
    },
  });
});

describe('refuses what is not ours to decide', () => {
  tell({
    'a Lease that does not carry our labels': {
      story: () => crashed().lease({ ours: false }),
      expected: 'refuse lease-foreign',
    },
    'a Lease of a coordinated election': {
      story: () => crashed().lease({ coordinated: true }),
      expected: 'refuse coordinated-election',
    },
    'a crash of a release in which leadership must not come back': {
      story: () => crashed().policy({ isCrashSafe: () => false }),
      expected: 'refuse version-unsafe',
    },
    'pods of a shape in which the end of a container proves nothing': {
      story: () => {
        const pod = aCandidate('x-1', { unsupported: '`shareProcessNamespace` is set' });
        return aHolder()
          .with({ pods: [pod] })
          .leads()
          .rests(300)
          .ends()
          .rests(QUIET_MS);
      },
      expected: 'refuse pod-shape',
    },
    'everything with mode Disabled': {
      story: () => stopped().policy({ mode: 'Disabled' }),
      expected: 'refuse disabled',
    },
    'with mode Observe what it would have cleared': {
      story: () => stopped().policy({ mode: 'Observe' }),
      expected: 'refuse observe-only',
    },
  });
});

describe('the binding of a holder to a container', () => {
  test('is made at a renewal, not when the Lease is taken', () => {
    const story = aHolder().look();
    const atFirst = story.memory.binding;

    story.renews();

    assert.equal(atFirst, undefined);
    assert.equal(story.memory.binding?.containerId, 'x-1-c1');
  });

  test('is not made while the kubelet does not report the container running', () => {
    const story = aHolder().pod({ current: { kind: 'waiting' } });

    story.renews();

    assert.equal(story.memory.binding, undefined);
  });

  test('is not made to a run that began after the Lease was taken', () => {
    const story = aHolder().look().startsAgain(2, 1_800_000_002);

    story.renews();

    assert.equal(story.memory.binding, undefined);
  });

  test('is not made within the second in which the run before may have taken the Lease', () => {
    const exit = { code: 1, reason: 'Error', finishedAtS: 1_800_000_000 };
    const story = aHolder().pod({
      previous: { kind: 'ended', containerId: 'x-1-c1', exit },
      current: { kind: 'running', containerId: 'x-1-c2', startedAtS: 1_800_000_000 },
    });

    story.renews();

    assert.equal(story.memory.binding, undefined);
  });

  for (const startedAtS of [1_800_000_000, 1_800_000_001]) {
    test(`is made to the only run, noted ${startedAtS - 1_800_000_000} s after the Lease was taken`, () => {
      const story = aHolder().pod({
        current: { kind: 'running', containerId: 'x-1-c1', startedAtS },
      });

      story.renews();

      assert.equal(story.memory.binding?.containerId, 'x-1-c1');
    });
  }

  test('is made to a run that was noted late, if the one before had ended earlier', () => {
    const exit = { code: 1, reason: 'Error', finishedAtS: 1_799_999_999 };
    const story = aHolder().pod({
      previous: { kind: 'ended', containerId: 'x-1-c1', exit },
      current: { kind: 'running', containerId: 'x-1-c2', startedAtS: 1_800_000_001 },
    });

    story.renews();

    assert.equal(story.memory.binding?.containerId, 'x-1-c2');
  });

  test('is not made in a pod in which an earlier run was lost, and may be the holder', () => {
    const exit = { code: 255, reason: 'Unknown', finishedAtS: 1_799_999_990 };
    const story = aHolder().pod({ previous: { kind: 'ended', containerId: 'x-1-c0', exit } });

    story.renews();

    assert.equal(story.memory.binding, undefined);
  });

  test('is made within that second when the run before was that of the holder before', () => {
    const story = aHolder().leads().rests(1_300).ends().isCleared();
    const second = story.nodeS();

    story.startsAgain(2, second).isHeldBy(identityOf('x-1', 2), second).renews(10);

    assert.equal(story.memory.binding?.containerId, 'x-1-c2');
    assert.equal(story.told(), 'hold');
  });

  test('moves to a later run of the same pod that turns out to hold the Lease', () => {
    const holder = identityOf('x-1', 2);
    const story = aHolder().isHeldBy(holder, 1_800_000_020).renews();
    const atFirst = story.memory.binding?.containerId;

    story.ends({ finishedAtS: 1_800_000_009 }).startsAgain(2, 1_800_000_010).renews();

    assert.equal(atFirst, 'x-1-c1');
    assert.equal(story.memory.binding?.containerId, 'x-1-c2');
    assert.equal(story.told(), 'hold');
  });

  test('never moves to another pod of the same name', () => {
    const story = aHolder().leads();

    const current = { kind: 'running', containerId: 'twin-c1', startedAtS: 1_799_999_000 } as const;
    story.pod({ uid: 'uid-of-a-twin', current }).renews();

    assert.equal(story.memory.binding?.podUid, 'uid-of-x-1');
  });

  test('outlives the deletion of the Lease by hand', () => {
    const story = aHolder().leads();
    const { lease, ...without } = story.facts;

    story.facts = without;
    story.look();
    story.with(lease === undefined ? {} : { lease });

    assert.equal(story.memory.binding?.identity, identityOf('x-1'));
  });
});

describe('limits', () => {
  test('one clear for each holder identity', () => {
    const story = crashed().isCleared().isHeldBy(identityOf('x-1')).renews().rests(QUIET_MS);

    assert.equal(story.look().told(), 'refuse already-cleared');
  });

  test('one clear also when another operator has made it', () => {
    const story = crashed().isHeldBy('');

    assert.equal(story.memory.clears.length, 1);
    assert.equal(story.isHeldBy(identityOf('x-1')).told(), 'refuse already-cleared');
  });

  test('three crashes within ten minutes are helped, the fourth suspends', () => {
    const story = aHolder().leads();
    const told: string[] = [];
    for (let incarnation = 2; incarnation <= 5; incarnation += 1) {
      story.rests(1_300).ends().rests(QUIET_MS);
      told.push(story.told());
      if (story.decision.kind === 'clear') story.isCleared();
      story.startsAgain(incarnation).rests(3_000).isHeldBy(identityOf('x-1', incarnation)).renews();
    }

    assert.deepEqual(told, ['clear crashed', 'clear crashed', 'clear crashed', 'refuse suspended']);
    assert.ok(story.memory.suspended);
  });

  test('a suspension ends when one holder has stayed for ten minutes', () => {
    const story = aHolder().leads();
    story.memory = { ...story.memory, suspended: true };

    story.rests(CALM_MS - 3_000).renews(0);
    const before = story.memory.suspended;
    story.renews(3_000);

    assert.deepEqual([before, story.memory.suspended], [true, false]);
  });

  test('a suspension does not concern pods that are being deleted', () => {
    const story = aHolder().leads();
    story.memory = { ...story.memory, suspended: true };

    story.rests(300).isDeleted().ends({ code: 0, reason: 'Completed' });

    assert.equal(story.told(), 'clear stopped');
  });

  test('crashes long ago do not count', () => {
    const story = aHolder().leads();
    const clears = [1, 2, 3].map((number) => ({
      identity: identityOf('x-9', number),
      path: 'crashed' as const,
      atMs: story.nowMs - CALM_MS,
    }));
    story.memory = { ...story.memory, clears };

    assert.equal(story.rests(300).ends().rests(QUIET_MS).told(), 'clear crashed');
  });
});
