/** What faults are made of: whom they strike, for how long, and the deaths that many share. */
import type { Elector } from './elector.ts';
import type { Aftermath, Misjudgement, Node, RunningPod } from './kubelet.ts';
import type { Weather } from './network.ts';
import type { Operator } from './operator.ts';
import type { Stage } from './stage.ts';

/** A living process and its pod. */
export interface Candidate {
  readonly elector: Elector;
  readonly pod: RunningPod;
}

/** The holder of the Lease, if it lives. */
export function withLeader({ server, workload }: Stage, act: (leader: Candidate) => void): void {
  const elector = workload.electors.get(server.lease.holder);
  const pod = workload.podOf(server.lease.holder);
  if (elector?.isAlive && pod !== undefined) act({ elector, pod });
}

export function withStandby(stage: Stage, act: (standby: Candidate) => void): void {
  const standbys: Candidate[] = [];
  for (const pod of stage.workload.pods.values()) {
    const { elector } = pod;
    if (elector === undefined || elector.identity === stage.server.lease.holder) continue;
    standbys.push({ elector, pod });
  }
  const [first, ...others] = standbys;
  if (first !== undefined) act(stage.world.random.pick([first, ...others]));
}

export function withNode({ world, nodes }: Stage, act: (node: Node) => void): void {
  act(world.random.pick(nodes));
}

/** Often the one that leads. */
export function withOperator({ world, operators }: Stage, act: (operator: Operator) => void): void {
  const [first, ...others] = operators;
  if (first === undefined) return;
  const leading = operators.find(({ isLeading }) => isLeading);
  act(leading && world.random.chance(0.6) ? leading : world.random.pick([first, ...others]));
}

/** From `low` to `high` retry periods, in ms. */
export function between({ world, casting }: Stage, low: number, high: number): number {
  return casting.settings.retryPeriodMs * world.random.between(low, high);
}

/** The instant after `forMs`, or the healing if that comes first. */
export function until({ world, healAtMs }: Stage, forMs: number): number {
  return Math.min(world.nowMs + forMs, healAtMs);
}

/** Unless everything has healed by then. */
export function later({ world, healAtMs }: Stage, inMs: number, act: () => void): void {
  if (world.nowMs + inMs < healAtMs) world.after(inMs, act);
}

/** How long a process outlives its pod's object, once its kubelet has heard. */
export function livesOnMs(stage: Stage): number {
  return stage.world.random.chance(0.4) ? between(stage, 0, 1) : between(stage, 1, 30);
}

export function killLeader(stage: Stage): void {
  withLeader(stage, ({ elector }) => end(stage, elector));
}

export function end({ world, workload }: Stage, elector: Elector): void {
  workload.podOf(elector.identity)?.exit(elector, world.random.pick([137, 1, 2, 0]));
}

/** Whoever leads next dies soon after, `times` in a row. */
export function killNext(stage: Stage, times: number): void {
  if (times === 0) return;
  stage.onNextLead.push((elector) => {
    later(stage, between(stage, 0.05, 1.6), () => {
      if (elector.isAlive) end(stage, elector);
      killNext(stage, times - 1);
    });
  });
}

/** For a few retry periods the leader's requests do not get through. */
export function loseRenewals(stage: Stage): void {
  withLeader(stage, ({ pod: { context } }) => {
    context.node.podLink.cutUntilMs = until(stage, between(stage, 0.5, 4));
  });
}

/** No operator hears of pods. */
export function silencePods(stage: Stage, forMs: number): void {
  for (const { podWatch } of stage.operators) podWatch.beSilent(until(stage, forMs));
}

/** Longer than the kubelet waits for an answer: its next report may overtake. */
export const SLOW_REPORTS: Weather = { delayMs: 500, loss: 0.05, slow: 0.6, slowMs: 9_000 };

/** Its kubelet takes the pod's container for ended, and finds it again or starts another beside it. */
export function misjudge(stage: Stage, pod: RunningPod): void {
  const then = stage.world.random.chance(0.5) ? 'corrects' : 'starts-beside';
  pod.misjudge(misjudgement(stage), then, between(stage, 0.3, 4));
}

/** Its kubelet says that the pod's container has ended, although it saw nothing of the kind. */
export function misreport(stage: Stage, pod: RunningPod): void {
  const then = stage.world.random.weighted<Aftermath>({
    corrects: 3,
    'starts-beside': 2,
    stays: 5,
  });
  pod.misreport(then, between(stage, 0.3, 8));
}

/** A candidate of an earlier installation takes part for a while. */
export function joinForeign(stage: Stage): void {
  const elector = stage.workload.startForeign();
  stage.world.at(until(stage, between(stage, 2, 30)), () => elector.die());
}

export function misjudgement({ world }: Stage): Misjudgement {
  return world.random.pick<Misjudgement>([
    'ContainerStatusUnknown',
    'Unknown',
    'RestartingAllContainers',
  ]);
}
