/** What takes the leader away, or looks as if it had. None makes the API server lie. */
import {
  between,
  end,
  joinForeign,
  killLeader,
  killNext,
  later,
  livesOnMs,
  loseRenewals,
  misjudge,
  misjudgement,
  misreport,
  SLOW_REPORTS,
  silencePods,
  until,
  withLeader,
  withStandby,
} from './acts.ts';
import type { Stage } from './stage.ts';

export interface Ending {
  /** How often it is drawn. */
  readonly weight: number;
  readonly strike: (stage: Stage) => void;
  /** Retry periods until everything heals, at least and at most. Default `BRIEF`. */
  readonly periods?: readonly [number, number];
}

export const BRIEF: readonly [number, number] = [3, 8];
/** Enough to lose the election, and often enough for another to win it. */
const LONG: readonly [number, number] = [6, 18];

export const ENDINGS = {
  'leader killed': { weight: 28, strike: killLeader },
  'leader deleted': { weight: 20, strike: deleteLeader },
  'leader killed, then deleted': { weight: 6, strike: killAndDelete },
  'leader deleted by force': { weight: 6, strike: forceDelete },
  'leader deleted, then by force': { weight: 4, strike: deleteAndForce },
  'name comes again': { weight: 5, strike: comeAgain },
  'leader cut off': { weight: 7, strike: cutOff, periods: LONG },
  'leader cannot renew': { weight: 5, strike: cutFromRenewing, periods: LONG },
  'leader paused': { weight: 6, strike: pause, periods: LONG },
  'leader lost by its kubelet': { weight: 8, strike: loseFromSight },
  'leader outlives a false report': { weight: 8, strike: outliveReport, periods: [6, 40] },
  'foreign leader': { weight: 3, strike: giveToForeign, periods: LONG },
  'leader outlives its container': { weight: 2, strike: endContainerAlone },
  'crash loop': { weight: 3, strike: crashLoop, periods: [16, 24] },
  'standby restarts unseen': { weight: 5, strike: restartUnseen, periods: [9, 14] },
  'twins in one pod': { weight: 4, strike: makeTwins },
  nothing: { weight: 2, strike: () => {} },
} as const satisfies Record<string, Ending>;

export type EndingName = keyof typeof ENDINGS;

function deleteLeader(stage: Stage): void {
  withLeader(stage, ({ pod }) => stage.workload.delete(pod));
}

function killAndDelete(stage: Stage): void {
  withLeader(stage, ({ pod }) => {
    killLeader(stage);
    later(stage, between(stage, 0.1, 2.5), () => stage.workload.delete(pod));
  });
}

function forceDelete(stage: Stage): void {
  withLeader(stage, ({ pod }) => stage.workload.forceDelete(pod, livesOnMs(stage)));
}

function deleteAndForce(stage: Stage): void {
  withLeader(stage, ({ pod }) => {
    stage.workload.delete(pod);
    later(stage, between(stage, 0.01, 0.5), () => {
      stage.workload.forceDelete(pod, livesOnMs(stage));
    });
  });
}

/**
 * The next pod bears the name of one that still runs. A Deployment never does this, so the stories do
 * it only where all nodes share one clock: acquisition and start of a container are compared by it.
 */
function comeAgain(stage: Stage): void {
  if (stage.casting.clocks === 'apart') {
    deleteLeader(stage);
    return;
  }
  withLeader(stage, ({ pod }) => {
    stage.workload.forceDelete(pod, livesOnMs(stage), pod.context.name);
  });
}

/** The whole node: neither the leader nor its kubelet gets through. */
function cutOff(stage: Stage): void {
  withLeader(stage, ({ pod: { context } }) => {
    const untilMs = until(stage, between(stage, 2, 20));
    context.node.podLink.cutUntilMs = untilMs;
    context.node.kubeletLink.cutUntilMs = untilMs;
  });
}

function cutFromRenewing(stage: Stage): void {
  withLeader(stage, ({ pod: { context } }) => {
    context.node.podLink.cutUntilMs = until(stage, between(stage, 2, 20));
  });
}

function pause(stage: Stage): void {
  withLeader(stage, ({ elector }) => elector.pause(until(stage, between(stage, 1, 20))));
}

function loseFromSight(stage: Stage): void {
  withLeader(stage, ({ pod }) => {
    misjudge(stage, pod);
    if (stage.world.random.chance(0.5)) {
      later(stage, between(stage, 0.5, 8), () => killLeader(stage));
    }
  });
}

/** It renews on, many times or never, and then late once; now and then it dies in the end. */
function outliveReport(stage: Stage): void {
  withLeader(stage, ({ pod }) => {
    misreport(stage, pod);
    later(stage, between(stage, 0, 30), () => loseRenewals(stage));
    if (stage.world.random.chance(0.3)) {
      later(stage, between(stage, 2, 30), () => killLeader(stage));
    }
  });
}

/** All our pods lose their leader while somebody else is at the Lease. */
function giveToForeign(stage: Stage): void {
  joinForeign(stage);
  killLeader(stage);
  killNext(stage, 1);
}

/** In pods that share their processes, the container's first one may end without the elector. */
function endContainerAlone(stage: Stage): void {
  withLeader(stage, ({ pod }) => {
    if (stage.casting.unsupported) pod.endContainerAlone();
    else killLeader(stage);
    later(stage, between(stage, 0.1, 2), () => loseRenewals(stage));
  });
}

function crashLoop(stage: Stage): void {
  killLeader(stage);
  killNext(stage, 6);
}

/**
 * While nobody hears from the pods, a standby begins its next run, and that one leads next. When the
 * end of the earlier run is told at last, its renewals are late as well.
 */
function restartUnseen(stage: Stage): void {
  withStandby(stage, ({ elector, pod }) => {
    if (stage.world.random.chance(0.5)) pod.context.node.kubeletLink.weather = SLOW_REPORTS;
    else silencePods(stage, between(stage, 6, 12));
    end(stage, elector);
    later(stage, between(stage, 0.3, 1.5), () => {
      killLeader(stage);
      stage.onNextLead.push(() => later(stage, between(stage, 1, 4), () => loseRenewals(stage)));
    });
  });
}

/** A standby that its kubelet has lost lives beside the next run; one of them leads, one of them ends. */
function makeTwins(stage: Stage): void {
  const { world } = stage;
  withStandby(stage, ({ elector, pod }) => {
    if (world.random.chance(0.5)) silencePods(stage, between(stage, 3, 8));
    pod.misjudge(misjudgement(stage), 'starts-beside', between(stage, 0.1, 0.5));
    later(stage, between(stage, 1, 2), () => killLeader(stage));
    stage.onNextLead.push((leader) => {
      later(stage, between(stage, 1, 3), () => {
        loseRenewals(stage);
        const twin = leader === elector ? pod.elector : elector;
        if (twin?.isAlive) end(stage, twin);
      });
    });
  });
}
