/**
 * How a kubelet tells the API server of one pod: it notices changes when it lists its containers, once
 * in a second, and has one report on its way at a time. One that was not answered in time may still
 * arrive, and even after the next.
 */
import type { ContainerRun } from '../../../operator/decide/observed/container-run.ts';
import type { PodContext } from './kubelet.ts';
import { call } from './network.ts';
import type { PodStatus } from './server.ts';

export interface PodReportsOptions {
  /** What is to be told now; undefined: nothing yet. */
  readonly status: () => PodStatus | undefined;
  /** Whether the pod may go once this was taken. */
  readonly isLast: () => boolean;
}

const RELIST_MS = 1_000;
const TIMEOUT_MS = 3_000;

export class PodReports {
  readonly #context: PodContext;
  readonly #options: PodReportsOptions;
  #isNoticing = false;
  #isReporting = false;
  #isOutdated = false;

  constructor(context: PodContext, options: PodReportsOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Noticed at the next relist. */
  changed(): void {
    if (this.#isNoticing) return;
    const { world } = this.#context;
    this.#isNoticing = true;
    world.at(this.nextRelistMs() + world.random.between(5, 100), () => {
      this.#isNoticing = false;
      this.#report();
    });
  }

  /** Once the kubelet is up. */
  nextRelistMs(): number {
    const { world, node } = this.#context;
    const fromMs = Math.max(world.nowMs, node.kubeletDownUntilMs);
    return Math.ceil((fromMs - node.relistPhaseMs) / RELIST_MS) * RELIST_MS + node.relistPhaseMs;
  }

  #report(): void {
    const { world, server, node, name, uid } = this.#context;
    const status = this.#options.status();
    if (status === undefined) return;
    if (world.nowMs < node.kubeletDownUntilMs) {
      this.changed();
      return;
    }
    if (this.#isReporting) {
      this.#isOutdated = true;
      return;
    }
    this.#isReporting = true;
    this.#isOutdated = false;
    call(world, node.kubeletLink, {
      timeoutMs: TIMEOUT_MS,
      request: () => {
        world.note(() => `API server hears that in ${name} ${told(status)}`);
        return server.putStatus(name, uid, status);
      },
      answer: (isTaken) => {
        this.#isReporting = false;
        if (isTaken === undefined || this.#isOutdated) this.#report();
        else if (isTaken && this.#options.isLast()) this.#remove();
      },
    });
  }

  #remove(): void {
    const { world, server, node, name, uid } = this.#context;
    call(world, node.kubeletLink, {
      timeoutMs: TIMEOUT_MS,
      request: () => {
        server.removePod(name, uid);
        return true;
      },
      answer: (isDone) => {
        if (isDone === undefined) this.#remove();
      },
    });
  }
}

function told({ current, previous }: PodStatus): string {
  const runs = [previous, current].filter((run) => run !== undefined);
  return runs.length === 0 ? 'nothing runs yet' : runs.map(tell).join(', then ');
}

function tell(run: ContainerRun): string {
  if (run.kind === 'waiting') return 'the next one waits';
  if (run.kind === 'running') return `${run.containerId} runs since ${run.startedAtS}`;
  const { reason, finishedAtS = 'no known time' } = run.exit;
  return `${run.containerId} ended at ${finishedAtS} (${reason})`;
}
