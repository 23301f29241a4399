/** What goes wrong besides, before, with and after the end of the leader. None outlasts the healing. */
import {
  between,
  end,
  joinForeign,
  killNext,
  later,
  loseRenewals,
  misjudge,
  misreport,
  SLOW_REPORTS,
  until,
  withLeader,
  withNode,
  withOperator,
  withStandby,
} from './acts.ts';
import type { Stage } from './stage.ts';

export const TROUBLES = {
  'next leader killed': (stage) => killNext(stage, 1),
  'standby killed': (stage) => withStandby(stage, ({ elector }) => end(stage, elector)),
  'standby deleted': (stage) => withStandby(stage, ({ pod }) => stage.workload.delete(pod)),
  'standby lost by its kubelet': (stage) => withStandby(stage, ({ pod }) => misjudge(stage, pod)),
  'leader falsely reported dead': (stage) => withLeader(stage, ({ pod }) => misreport(stage, pod)),
  'standby falsely reported dead': (stage) => {
    withStandby(stage, ({ pod }) => misreport(stage, pod));
  },
  'foreign candidate': joinForeign,
  'Lease loses its labels': (stage) => mark(stage, { isMarked: false }, { isMarked: true }),
  'Lease gets an owner': (stage) => mark(stage, { isOurs: false }, { isOurs: true }),
  'snapshot restored': (stage) => stage.server.restore(between(stage, 0.2, 12)),
  'standby paused': (stage) => {
    withStandby(stage, ({ elector }) => elector.pause(until(stage, between(stage, 1, 8))));
  },
  'leader paused for a while': (stage) => {
    withLeader(stage, ({ elector }) => elector.pause(until(stage, between(stage, 0.5, 4))));
  },
  'renewals lost': loseRenewals,
  'reports slow': (stage) => {
    withNode(stage, ({ kubeletLink }) => {
      kubeletLink.weather = SLOW_REPORTS;
    });
  },
  'kubelet down': (stage) => {
    withNode(stage, (node) => {
      node.kubeletDownUntilMs = until(stage, between(stage, 0.5, 6));
    });
  },
  'node not ready': (stage) => {
    withNode(stage, ({ name }) => {
      stage.server.notReady.add(name);
      stage.world.at(until(stage, between(stage, 1, 8)), () => stage.server.notReady.delete(name));
    });
  },
  'clock set': setClock,
  'pod watch silent': (stage) => {
    withOperator(stage, ({ podWatch }) => podWatch.beSilent(until(stage, between(stage, 0.5, 12))));
  },
  'Lease watch silent': (stage) => {
    withOperator(stage, ({ leaseWatch }) => {
      leaseWatch.beSilent(until(stage, between(stage, 0.5, 12)));
    });
  },
  'pod watch breaks': (stage) => {
    withOperator(stage, ({ podWatch }) => podWatch.miss(until(stage, between(stage, 0.2, 6))));
  },
  'Lease watch breaks': (stage) => {
    withOperator(stage, ({ leaseWatch }) => leaseWatch.miss(until(stage, between(stage, 0.2, 6))));
  },
  'operator cut off': (stage) => {
    withOperator(stage, ({ context: { link } }) => {
      link.cutUntilMs = until(stage, between(stage, 0.5, 6));
    });
  },
  'operator crashes': (stage) => withOperator(stage, (operator) => operator.crash()),
  'operator crashes at a step': (stage) => {
    withOperator(stage, (operator) => operator.crashAfter(stage.world.random.whole(1, 12)));
  },
  'operators change': (stage) => {
    const leading = stage.operators.find(({ isLeading }) => isLeading);
    const other = stage.operators.find((operator) => operator !== leading);
    if (other === undefined) return;
    leading?.follow();
    later(stage, between(stage, 0.01, 2), () => other.lead());
  },
  'two operators lead': (stage) => {
    for (const operator of stage.operators) operator.lead();
    later(stage, between(stage, 0.5, 4), () => {
      if (stage.operators.every(({ isLeading }) => isLeading)) stage.operators[0]?.follow();
    });
  },
} as const satisfies Record<string, (stage: Stage) => void>;

export type TroubleName = keyof typeof TROUBLES;

/**
 * By up to five seconds, and back only where no run has ended yet: a calendar that goes back between
 * the end of one run and the acquisition by the next in the same pod makes them change places, and
 * nothing in the cluster would tell.
 */
function setClock(stage: Stage): void {
  if (stage.casting.clocks === 'equal') return;
  withNode(stage, ({ clock, hasSeenDeath }) => {
    clock.offsetMs += stage.world.random.between(hasSeenDeath ? 0 : -5_000, 5_000);
  });
}

type Mark = Parameters<Stage['server']['markLease']>[0];

function mark(stage: Stage, change: Mark, mended: Mark): void {
  stage.server.markLease(change);
  stage.world.at(until(stage, between(stage, 0.2, 8)), () => stage.server.markLease(mended));
}
