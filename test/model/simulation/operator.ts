/**
 * One replica of the operator: a process that lists, watches and decides, and that may crash at any
 * step of what it does. The next process knows nothing.
 */
import { READ_TIMEOUT_MS } from '../../../operator/control/failover/live-read.ts';
import { FailoverLoop, type LoopContext } from './failover-loop.ts';
import { type Call, call, type Link } from './network.ts';
import type { LeaseObject, PodEvent } from './server.ts';
import { Watch } from './watch.ts';

export interface OperatorContext extends Omit<LoopContext, 'isLeading' | 'call'> {
  readonly link: Link;
}

export class Operator {
  readonly context: OperatorContext;
  readonly leaseWatch: Watch<LeaseObject>;
  readonly podWatch: Watch<PodEvent>;
  onCrash = () => {};
  /** Of the present process. */
  #loop: FailoverLoop | undefined;
  #isLeading = false;
  /** Until it crashes, of its requests: before each, while it is on its way, and at its answer. */
  #stepsToCrash = Number.POSITIVE_INFINITY;

  constructor(context: OperatorContext) {
    const { world, server, link } = context;
    this.context = context;
    this.leaseWatch = new Watch<LeaseObject>({
      ...{ world, link, log: server.leaseLog },
      onList: (leases) => {
        const lease = leases.at(-1);
        if (lease !== undefined) this.#loop?.caches.leaseTold(lease, this.#loop.nowMs);
        this.#loop?.listed('lease');
      },
      onEvent: (lease) => {
        if (this.#loop?.caches.leaseTold(lease, this.#loop.nowMs)) this.#loop.onEvent();
      },
    });
    this.podWatch = new Watch<PodEvent>({
      ...{ world, link, log: server.podLog },
      onList: (events) => {
        this.#loop?.caches.podsListed(standing(events), this.#loop.nowMs);
        this.#loop?.listed('pods');
      },
      onEvent: (event) => {
        if (this.#loop?.caches.podTold(event, this.#loop.nowMs)) this.#loop.onEvent();
      },
    });
  }

  get isRunning(): boolean {
    return this.#loop !== undefined;
  }

  get isLeading(): boolean {
    return this.#isLeading;
  }

  /** A new process. `staleMs`: how old its first lists may be. */
  start(staleMs: number): void {
    const loop: FailoverLoop = new FailoverLoop({
      ...this.context,
      isLeading: () => this.#isLeading,
      call: (request) => this.#call(loop, request),
    });
    this.#loop = loop;
    this.leaseWatch.start(staleMs);
    this.podWatch.start(staleMs);
  }

  crash(): void {
    if (this.#loop === undefined) return;
    const { world, name } = this.context;
    world.note(() => `${name} crashes`);
    this.#loop.end();
    this.#loop = undefined;
    this.#isLeading = false;
    this.leaseWatch.stop();
    this.podWatch.stop();
    this.onCrash();
  }

  /** At the `steps`-th step of its requests from now on. */
  crashAfter(steps: number): void {
    this.#stepsToCrash = steps;
  }

  lead(): void {
    if (this.#isLeading || this.#loop === undefined) return;
    const { world, name } = this.context;
    world.note(() => `${name} leads the operators`);
    this.#isLeading = true;
    this.#loop.onEvent();
  }

  /** What it has sent may still arrive. */
  follow(): void {
    this.#isLeading = false;
    this.#loop?.follow();
  }

  #call<T>(loop: FailoverLoop, { request, answer }: Omit<Call<T>, 'timeoutMs'>): void {
    if (loop.isOver || this.#crashesHere()) return;
    const { world, link } = this.context;
    call<T>(world, link, {
      timeoutMs: READ_TIMEOUT_MS,
      request,
      answer: (reply) => {
        if (!loop.isOver && !this.#crashesHere()) answer(reply);
      },
    });
    this.#crashesHere();
  }

  #crashesHere(): boolean {
    this.#stepsToCrash -= 1;
    if (this.#stepsToCrash !== 0) return false;
    this.crash();
    return true;
  }
}

/** What stands after these events. */
function standing(events: readonly PodEvent[]): readonly PodEvent[] {
  const pods = new Map<string, PodEvent>();
  for (const event of events) {
    if (event.kind === 'delete') pods.delete(event.pod.name);
    else pods.set(event.pod.name, event);
  }
  return [...pods.values()];
}
