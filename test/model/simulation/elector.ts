/**
 * One process of the controller, as far as the election goes: client-go's algorithm step by step
 * (tools/leaderelection of v0.37), with the request timeout of controller-runtime. It never releases.
 *
 *   acquire: try ──no──► rest RP × (1 … 2.2) ──► try again
 *              └─yes─► renew: try, each RP for at most RD ──yes──► rest RP ──► a new round
 *                                                         └─no───► the process ends
 *
 * Whoever sees another holder while it leads goes on trying, and leading, until RD is over.
 */
import { calendarMs, type MachineClock, trueMs } from './clock.ts';
import { type Call, call, type Link } from './network.ts';
import type { ElectionRecord, LeaseObject, Server } from './server.ts';
import type { World } from './world.ts';

/** As rendered into the controller's configuration, in ms. */
export interface ElectionSettings {
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
}

export interface ElectorContext {
  /** In which it is the first process. */
  readonly containerId: string;
  readonly world: World;
  readonly server: Server;
  readonly settings: ElectionSettings;
  readonly link: Link;
  readonly clock: MachineClock;
  /** It believes from now on that it leads. */
  readonly onLead: (elector: Elector) => void;
  /** It has lost the election and ends itself. */
  readonly onLoss: (elector: Elector) => void;
  readonly onDeath: (elector: Elector) => void;
}

/** Of client-go: candidates rest up to this much longer than one retry period. */
const JITTER_FACTOR = 1.2;
/** From the loss of the election to the end of the process. */
const LONGEST_EXIT_MS = 100;

type Tried = (isHolder: boolean) => void;

export class Elector {
  readonly identity: string;
  readonly containerId: string;
  readonly clock: MachineClock;
  isAlive = true;
  /** When its kubelet says that it ended, which is a lie; in whole seconds of the node's calendar. */
  misreportedAtS: number | undefined;
  isLeading = false;
  pausedUntilMs = 0;
  /** True ms that it has spent paused. */
  pausedMs = 0;
  readonly #context: ElectorContext;
  readonly #requestTimeoutMs: number;
  /** Of the Lease as it was last answered: what an update is based on. */
  #version = 0;
  #raw = '';
  #observed: ElectionRecord | undefined;
  #observedAtMs = 0;

  constructor(identity: string, context: ElectorContext) {
    this.identity = identity;
    this.containerId = context.containerId;
    this.clock = context.clock;
    this.#context = context;
    this.#requestTimeoutMs = requestTimeoutMs(context.settings);
  }

  /** Its first try comes at once. */
  start(): void {
    this.#acquire();
  }

  /** Nothing runs in it from now on; requests on their way may still arrive. */
  die(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.isLeading = false;
    this.#context.onDeath(this);
  }

  /** Stopped, as by SIGSTOP: alive, without doing anything. */
  pause(untilMs: number): void {
    this.pausedMs += Math.max(0, untilMs - Math.max(this.#context.world.nowMs, this.pausedUntilMs));
    this.pausedUntilMs = Math.max(this.pausedUntilMs, untilMs);
  }

  #acquire(): void {
    this.#try(Number.POSITIVE_INFINITY, (isHolder) => {
      if (!isHolder) {
        const jitter = JITTER_FACTOR * this.#context.world.random.next();
        this.#rest(this.#context.settings.retryPeriodMs * (1 + jitter), () => this.#acquire());
        return;
      }
      this.isLeading = true;
      this.#context.onLead(this);
      this.#renew();
    });
  }

  /** One round: the first renewal follows an acquisition at once. */
  #renew(): void {
    const { world, settings } = this.#context;
    this.#attempt(world.nowMs + trueMs(this.clock, settings.renewDeadlineMs));
  }

  #attempt(deadlineMs: number): void {
    const { world, settings } = this.#context;
    const nextAtMs = world.nowMs + trueMs(this.clock, settings.retryPeriodMs);
    this.#try(deadlineMs, (isHolder) => {
      if (isHolder) this.#rest(settings.retryPeriodMs, () => this.#renew());
      else if (Math.max(nextAtMs, world.nowMs) < deadlineMs) {
        world.at(nextAtMs, () => this.#whenAwake(() => this.#attempt(deadlineMs)));
      } else world.at(deadlineMs, () => this.#whenAwake(() => this.#lose()));
    });
  }

  #lose(): void {
    const { world, onLoss } = this.#context;
    world.note(() => `${this.identity} could not renew for too long`);
    world.after(world.random.between(0, LONGEST_EXIT_MS), () => {
      if (this.isAlive) onLoss(this);
    });
  }

  /** client-go's tryAcquireOrRenew. `limitMs`: the deadline of the round, in true time. */
  #try(limitMs: number, tried: Tried): void {
    const { nowMs } = this.#context.world;
    const calendar = calendarMs(this.clock, nowMs);
    const fresh: ElectionRecord = {
      holder: this.identity,
      durationS: this.#context.settings.leaseDurationMs / 1000,
      acquiredAtMs: calendar,
      renewedAtMs: calendar,
      transitions: 0,
    };
    const observed = this.#observed;
    if (observed?.holder !== this.identity || !this.#isValid(nowMs)) {
      this.#lookFirst({ fresh, triedAtMs: nowMs, limitMs }, tried);
      return;
    }
    this.#put(kept(fresh, observed), limitMs, (isWritten) => {
      if (isWritten) tried(true);
      else this.#lookFirst({ fresh, triedAtMs: nowMs, limitMs }, tried);
    });
  }

  #lookFirst({ fresh, triedAtMs, limitMs }: Attempt, tried: Tried): void {
    const { server } = this.#context;
    this.#call(limitMs, {
      request: () => server.lease,
      answer: (lease) => {
        if (lease === undefined) {
          tried(false);
          return;
        }
        this.#version = lease.version;
        if (lease.raw !== this.#raw) this.#observe(lease);
        this.#raw = lease.raw;
        const isOurs = this.#observed?.holder === this.identity;
        if (lease.holder !== '' && this.#isValid(triedAtMs) && !isOurs) {
          tried(false);
          return;
        }
        const next = { ...fresh, transitions: lease.transitions + 1 };
        this.#put(isOurs ? kept(fresh, lease) : next, limitMs, tried);
      },
    });
  }

  #put(record: ElectionRecord, limitMs: number, written: Tried): void {
    const { server } = this.#context;
    const basedOn = this.#version;
    this.#call<LeaseObject | 'conflict'>(limitMs, {
      request: () => server.putLease(basedOn, record),
      answer: (reply) => {
        if (reply === undefined || reply === 'conflict') {
          written(false);
          return;
        }
        this.#version = reply.version;
        this.#observe(record);
        written(true);
      },
    });
  }

  #observe(record: ElectionRecord): void {
    this.#observed = record;
    this.#observedAtMs = this.#context.world.nowMs;
  }

  /** By the record's own duration, since it was observed. */
  #isValid(nowMs: number): boolean {
    const durationMs = (this.#observed?.durationS ?? 0) * 1000;
    return this.#observedAtMs + trueMs(this.clock, durationMs) > nowMs;
  }

  #call<T>(limitMs: number, { request, answer }: Omit<Call<T>, 'timeoutMs'>): void {
    const { world, link } = this.#context;
    if (limitMs <= world.nowMs) {
      answer(undefined); // nothing is sent after the deadline
      return;
    }
    const timeoutMs = trueMs(this.clock, this.#requestTimeoutMs);
    call<T>(world, link, {
      timeoutMs: Math.min(timeoutMs, limitMs - world.nowMs),
      request,
      answer: (reply) => this.#whenAwake(() => answer(reply)),
    });
  }

  #rest(ms: number, then: () => void): void {
    this.#context.world.after(trueMs(this.clock, ms), () => this.#whenAwake(then));
  }

  #whenAwake(then: () => void): void {
    const { world } = this.#context;
    if (!this.isAlive) return;
    if (world.nowMs < this.pausedUntilMs) {
      world.at(this.pausedUntilMs, () => this.#whenAwake(then));
      return;
    }
    then();
  }
}

interface Attempt {
  readonly fresh: ElectionRecord;
  readonly triedAtMs: number;
  readonly limitMs: number;
}

/** A renewal keeps when, and as how manieth holder, the Lease was taken. */
function kept(fresh: ElectionRecord, before: ElectionRecord): ElectionRecord {
  return { ...fresh, acquiredAtMs: before.acquiredAtMs, transitions: before.transitions };
}

/** As controller-runtime sets it for its election client. */
export function requestTimeoutMs({ renewDeadlineMs }: ElectionSettings): number {
  return Math.max(1_000, renewDeadlineMs / 2);
}
