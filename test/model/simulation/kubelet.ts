/**
 * A pod on its node: containers that run and end, and a kubelet that notices, restarts them in place,
 * and tells the API server what it believes. After a restart of its own or of the runtime that may be
 * wrong: then a process runs on of which it says that it ended (`misjudge`).
 */
import type { ContainerRun, Exit } from '../../../operator/decide/observed/container-run.ts';
import { calendarS, type MachineClock } from './clock.ts';
import type { Elector } from './elector.ts';
import type { Link } from './network.ts';
import { PodReports } from './pod-reports.ts';
import type { PodStatus, Server } from './server.ts';
import type { World } from './world.ts';

/** A machine that runs pods. */
export interface Node {
  readonly name: string;
  readonly clock: MachineClock;
  /** Of the pods on it. */
  readonly podLink: Link;
  readonly kubeletLink: Link;
  /** The kubelet is down: it notices and does nothing before. */
  kubeletDownUntilMs: number;
  /** A process on it has ended. */
  hasSeenDeath: boolean;
  /** When its relists come, within each second. */
  readonly relistPhaseMs: number;
}

/** What the kubelet takes for the end of a process that runs on. */
export type Misjudgement = 'ContainerStatusUnknown' | 'Unknown' | 'RestartingAllContainers';
/** What becomes of it: the kubelet finds it again, starts the next one beside it, or never learns. */
export type Aftermath = 'corrects' | 'starts-beside' | 'stays';

export interface PodContext {
  readonly world: World;
  readonly server: Server;
  readonly node: Node;
  readonly name: string;
  readonly uid: string;
  /** With the hook the sidecar ends soon after the controller, without it at the grace period. */
  readonly sidecar: 'with-hook' | 'without-hook';
  readonly newElector: (pod: RunningPod) => Elector;
}

interface Container {
  readonly startedAtS: number;
  readonly elector: Elector;
  /** As the kubelet believes. */
  exit?: Exit;
}

const GRACE_MS = 10_000;
const SIDECAR_MS = 300;
/** Before a restart in place: the first comes at once. */
const BACK_OFFS_MS = [0, 10_000, 20_000, 40_000, 60_000];

export class RunningPod {
  readonly context: PodContext;
  readonly #reports: PodReports;
  #current: Container | undefined;
  #previous: Container | undefined;
  #restarts = 0;
  #isBackingOff = false;
  /** A run was started beside one that lives. */
  #hasTwin = false;
  #mayRestart = true;
  /** The kubelet knows that the pod is to end. */
  #isTerminating = false;
  /** All its containers have ended since. */
  #hasEnded = false;

  constructor(context: PodContext) {
    this.context = context;
    this.#reports = new PodReports(context, {
      // While a pod terminates its kubelet keeps silent until all containers have ended.
      status: () => (this.#isTerminating && !this.#hasEnded ? undefined : this.#status()),
      isLast: () => this.#hasEnded,
    });
  }

  /** The process of the container that the kubelet takes for the present one, while it lives. */
  get elector(): Elector | undefined {
    return this.#current?.elector.isAlive ? this.#current.elector : undefined;
  }

  startContainer(): void {
    if (this.#isTerminating || !this.#mayRestart) return;
    const { world, node, newElector } = this.context;
    const elector = newElector(this);
    world.note(() => `${node.name} starts ${elector.containerId} for ${elector.identity}`);
    this.#previous = this.#current;
    // The runtime notes it when the process runs already, on a busy machine late.
    const notedAtMs = world.nowMs + world.random.between(0, 900);
    this.#current = { elector, startedAtS: calendarS(node.clock, notedAtMs) };
    this.#isBackingOff = false;
    world.after(world.random.between(50, 400), () => {
      if (elector.isAlive) elector.start();
    });
    this.#reports.changed();
  }

  /** The process of `elector` ends, as the runtime sees. */
  exit(elector: Elector, code: number): void {
    const { world, node } = this.context;
    elector.die();
    node.hasSeenDeath = true;
    world.note(() => `${elector.identity} ends with ${code}`);
    const reason = code === 0 ? 'Completed' : code === 137 ? 'OOMKilled' : 'Error';
    const exit = { code, reason, finishedAtS: calendarS(node.clock, world.nowMs) };
    // An earlier run that the kubelet had lost: what it tells of it becomes true, too late.
    if (this.#previous?.elector === elector) this.#previous.exit = exit;
    if (this.#current?.elector === elector) {
      this.#current.exit = exit;
      if (!this.#isTerminating) this.#restart();
    }
    this.#reports.changed();
  }

  /** The first process of the container ends, the elector runs on: other containers keep it alive. */
  endContainerAlone(): void {
    const { world, node } = this.context;
    const container = this.#current;
    if (container === undefined || container.exit !== undefined) return;
    world.note(() => `${container.elector.identity} outlives its container`);
    const finishedAtS = calendarS(node.clock, world.nowMs);
    container.exit = { code: 1, reason: 'Error', finishedAtS };
    this.#reports.changed();
  }

  /**
   * The kubelet concludes that the container has ended, which is wrong. After `forMs` it finds it
   * again (`corrects`), or has started the next one beside it by then.
   */
  misjudge(reason: Misjudgement, then: 'corrects' | 'starts-beside', forMs: number): void {
    const { world, node } = this.context;
    const container = this.#current;
    if (container === undefined || container.exit !== undefined) return;
    world.note(() => `${node.name} takes ${container.elector.containerId} for ended: ${reason}`);
    const code = reason === 'Unknown' ? 255 : 137;
    const finishedAtS = calendarS(node.clock, world.nowMs);
    container.exit = { code, reason, ...(reason === 'Unknown' && { finishedAtS }) };
    this.#reports.changed();
    world.after(forMs, () => this.#afterwards(container, then));
  }

  /**
   * The kubelet says that the container has ended, in the very words of an end that it has seen, and the
   * process runs on. Which is what failover cannot see through, until the process renews.
   */
  misreport(then: Aftermath, forMs: number): void {
    const { world, node } = this.context;
    const container = this.#current;
    if (container === undefined || container.exit !== undefined) return;
    const finishedAtS = calendarS(node.clock, world.nowMs);
    world.note(() => `${node.name} says falsely that ${container.elector.containerId} has ended`);
    container.elector.misreportedAtS = finishedAtS;
    container.exit = { code: 137, reason: 'Error', finishedAtS };
    this.#reports.changed();
    if (then === 'stays') return;
    world.after(forMs, () => this.#afterwards(container, then));
  }

  #afterwards(container: Container, then: Aftermath): void {
    if (this.#current !== container || !container.elector.isAlive) return;
    if (then === 'corrects' || this.#hasTwin) {
      delete container.exit;
      this.#reports.changed();
    } else this.#startBeside();
  }

  /** The kubelet hears that the pod is to end. `graceMs`: for its processes, at most. */
  terminate(graceMs = GRACE_MS): void {
    const { world, sidecar } = this.context;
    if (this.#isTerminating) return;
    this.#isTerminating = true;
    const { elector } = this;
    const endsInMs = Math.min(graceMs, this.#drainMs(elector));
    const sidecarEndsInMs = sidecar === 'with-hook' ? endsInMs + SIDECAR_MS : GRACE_MS;
    world.after(endsInMs, () => {
      if (elector?.isAlive) this.exit(elector, world.random.pick([0, 1, 143]));
    });
    world.after(Math.max(endsInMs, Math.min(graceMs, sidecarEndsInMs)), () => {
      this.#hasEnded = true;
      this.#reports.changed();
    });
  }

  /** Its object is gone, and the kubelet knows. */
  endRestarts(): void {
    this.#mayRestart = false;
  }

  /** From the order to stop to the end of the process. One that is paused does not hear it. */
  #drainMs(elector: Elector | undefined): number {
    const { world } = this.context;
    if (elector === undefined) return 0;
    if (world.nowMs < elector.pausedUntilMs) return GRACE_MS;
    return world.random.chance(0.7)
      ? world.random.between(20, 300)
      : world.random.between(0, 2_000);
  }

  /**
   * There are two processes in the pod now. The next restart takes long: a third run would hide from
   * every status that the first was lost, and that is more than failover claims to see through.
   */
  #startBeside(): void {
    this.#hasTwin = true;
    this.startContainer();
    this.#restarts = BACK_OFFS_MS.length;
  }

  #restart(): void {
    const { world } = this.context;
    const backOffMs = BACK_OFFS_MS[Math.min(this.#restarts, BACK_OFFS_MS.length - 1)] ?? 0;
    this.#restarts += 1;
    const ended = this.#current;
    const noticedAtMs = this.#reports.nextRelistMs() + world.random.between(20, 400);
    if (backOffMs > 0) {
      world.at(noticedAtMs, () => {
        this.#isBackingOff = this.#current === ended;
        this.#reports.changed();
      });
    }
    world.at(noticedAtMs + backOffMs, () => {
      if (this.#current === ended) this.startContainer();
    });
  }

  #status(): PodStatus {
    const current = this.#current && runOf(this.#current);
    const previous = this.#previous && runOf(this.#previous);
    const isWaiting = this.#isBackingOff && !this.#hasEnded && current?.kind === 'ended';
    return isWaiting ? { current: { kind: 'waiting' }, previous: current } : { current, previous };
  }
}

function runOf({ elector: { containerId }, startedAtS, exit }: Container): ContainerRun {
  if (exit === undefined) return { kind: 'running', containerId, startedAtS };
  return { kind: 'ended', containerId, exit };
}
