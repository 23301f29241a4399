/**
 * Knows which processes live, and checks each invariant at the instant it speaks of. The numbers are
 * written out here once more, since they are promises: the constants of the operator must not be able
 * to move them.
 */

import type { Binding, FailoverPolicy } from '../../../operator/decide/failover/types.ts';
import { type ElectionSettings, type Elector, requestTimeoutMs } from './elector.ts';
import type { ArrivedClear, FailoverLoop } from './failover-loop.ts';
import { type Counts, INVARIANTS, type Invariant, noCounts, type Violation } from './invariants.ts';
import type { LeaseObject } from './server.ts';
import type { World } from './world.ts';

/** The slowest clock of the stories, in its seconds per true second. */
export const SLOWEST_RATE = 0.9;

const QUIET_PERIODS = 1.25;
const CRASHES = 3;
const CRASH_WINDOW_MS = 600_000;
/** Of LD + 4.4 RP: until a candidate has seen the last record, and until it looks after its end. */
const POLL_PERIODS = 4.4;
/** From the loss of an election to the end of the process, and what messages take in calm weather. */
const SLACK_MS = 1_000;

export interface OracleOptions {
  readonly world: World;
  readonly settings: ElectionSettings;
  readonly policy: FailoverPolicy;
  /** Every process there ever was, by identity. */
  readonly electors: ReadonlyMap<string, Elector>;
}

/** A leader whose Lease another one has taken. */
interface Superseded {
  /** Since when it could have acted. */
  readonly sinceMs: number;
  readonly pausedMs: number;
}

export class Oracle {
  readonly violations: Violation[] = [];
  readonly counts: Counts = noCounts();
  readonly #options: OracleOptions;
  readonly #leaders = new Map<Elector, Superseded | undefined>();
  readonly #cleared = new Set<string>();
  readonly #crashes = new Map<FailoverLoop, number[]>();
  #lease: LeaseObject | undefined;
  #alive = 0;
  #misbound = '';
  #leaderlessSinceMs: number | undefined;
  /** When something happened last that a replacement may wait for anew. */
  #disturbedAtMs = Number.POSITIVE_INFINITY;

  constructor(options: OracleOptions) {
    this.#options = options;
  }

  /** A clear has arrived. */
  arrived(clear: ArrivedClear): void {
    if (clear.after === 'conflict') {
      this.counts.conflicts += 1;
      return;
    }
    this.counts[clear.path] += 1;
    if (clear.loop.isOver || !clear.loop.context.isLeading()) this.counts.orphaned += 1;
    this.#mustBeDead(clear);
    this.#mustBeOurs(clear);
    this.#mustBeTheLast(clear);
    this.#mustBeQuiet(clear);
    this.#mustBePermitted(clear);
  }

  /**
   * An operator knows that its clear was accepted, and can count it. A new process has lost count, which
   * costs no safety; and a pod that is going is helped however often it crashed.
   */
  answered({ path, isGoing, loop }: ArrivedClear): void {
    if (path !== 'crashed' || isGoing) return;
    const { nowMs } = this.#options.world;
    const before = this.#crashes.get(loop) ?? [];
    const recent = [...before.filter((atMs) => nowMs - atMs < CRASH_WINDOW_MS), nowMs];
    this.#crashes.set(loop, recent);
    if (recent.length <= CRASHES) return;
    this.#violate('limited', `${recent.length} clears by one process of ${loop.context.name}`);
  }

  /** An operator takes a holder to live in a container. */
  bound({ identity, containerId }: Binding): void {
    const elector = this.#options.electors.get(identity);
    if (elector === undefined || elector.containerId === containerId) return;
    if (this.#misbound === identity) return;
    this.#misbound = identity;
    this.counts.misbound += 1;
    this.#options.world.note(() => `${identity} is taken to live in ${containerId}`);
  }

  /** Any write of the Lease was accepted. */
  leaseChanged(lease: LeaseObject, before: LeaseObject): void {
    this.#lease = lease;
    if (lease.version <= before.version) this.#cleared.clear(); // restored
    this.#disturb();
    if (lease.holder === '' || lease.holder === before.holder) return;
    const winner = this.#options.electors.get(lease.holder);
    for (const [leader, superseded] of this.#leaders) {
      if (leader === winner) this.#leaders.set(leader, undefined);
      else if (superseded === undefined) this.#supersede(leader);
    }
    const freed =
      before.freedOf === undefined ? undefined : this.#options.electors.get(before.freedOf);
    if (freed?.isAlive && freed.misreportedAtS === undefined)
      this.#violate('unhelped', `${freed.identity} lives beside ${lease.holder}`);
  }

  started(): void {
    this.#alive += 1;
    this.#disturb();
  }

  led(elector: Elector): void {
    this.#options.world.note(() => `${elector.identity} leads`);
    this.#leaders.set(elector, undefined);
    if (this.#lease?.holder !== elector.identity) this.#supersede(elector);
    if (this.#leaderlessSinceMs === undefined) return;
    this.counts.replacements += 1;
    this.counts.leaderlessMs += this.#options.world.nowMs - this.#leaderlessSinceMs;
    this.#leaderlessSinceMs = undefined;
  }

  died(elector: Elector): void {
    this.#alive -= 1;
    this.#disturb();
    this.#mustBeBounded(elector);
    this.#leaders.delete(elector);
    if (this.#lease?.holder !== elector.identity) return;
    this.#leaderlessSinceMs ??= this.#options.world.nowMs;
  }

  /** From now on messages arrive, and replacement is owed. */
  healed(): void {
    this.#disturbedAtMs = this.#options.world.nowMs;
  }

  /** Asked now and then after healing. True: a living process holds the Lease and leads. */
  isReplaced(): boolean {
    const { world, settings, electors } = this.#options;
    const holder = electors.get(this.#lease?.holder ?? '');
    if (holder?.isAlive && holder.isLeading) return true;
    if (this.#alive === 0) this.#disturb(); // nobody could
    const { leaseDurationMs, retryPeriodMs } = settings;
    const plainMs = leaseDurationMs + POLL_PERIODS * retryPeriodMs + requestTimeoutMs(settings);
    const lateMs = world.nowMs - this.#disturbedAtMs - plainMs / SLOWEST_RATE - SLACK_MS;
    if (lateMs > 0) this.#violate('replaced', `nobody leads, ${lateMs.toFixed(0)} ms too late`);
    return false;
  }

  /** Patience is over. */
  neverEnds(): void {
    this.#violate('replaced', 'nobody leads, long after everything has healed');
  }

  /** The story is over. */
  finish(): void {
    for (const leader of this.#leaders.keys()) this.#mustBeBounded(leader);
  }

  #mustBeDead(clear: ArrivedClear): void {
    const { before } = clear;
    const holder = this.#options.electors.get(before.holder);
    if (holder === undefined) this.#violate('dead', `nobody is known as "${before.holder}"`);
    if (holder?.isAlive) this.#mustBeDeceived(holder, clear);
    if (this.#cleared.has(before.holder)) this.#violate('once', `${before.holder} again`);
    if (holder?.isAlive !== true) this.#cleared.add(before.holder);
  }

  /** It lives: then its kubelet must have said otherwise, and nothing else may have told. */
  #mustBeDeceived(holder: Elector, clear: ArrivedClear): void {
    const { before, changesSinceReport, containerId } = clear;
    const { identity, misreportedAtS } = holder;
    if (misreportedAtS === undefined) {
      this.#violate('dead', `${identity} was cleared alive`);
      return;
    }
    this.counts.deceived += 1;
    // Two processes in one pod, the elder told as ended: whatever it does looks as if the younger did it.
    if (containerId !== holder.containerId) return;
    if (before.renewedAtMs >= (misreportedAtS + 1) * 1000) {
      this.#violate('contradicted', `${identity} wrote after its reported end`);
    }
    if (changesSinceReport > 1) {
      this.#violate('contradicted', `${identity} was seen to renew ${changesSinceReport} times`);
    }
  }

  #mustBeOurs({ before: { holder, isMarked, isOurs } }: ArrivedClear): void {
    const isForeign =
      this.#options.electors.get(holder)?.containerId.startsWith('foreign') === true;
    if (isForeign) this.#violate('foreign', `${holder} is in no pod of ours`);
    if (!isMarked || !isOurs) this.#violate('foreign', `the Lease of ${holder} is not ours`);
  }

  #mustBeTheLast({ before: { holder }, hasLeft, loop }: ArrivedClear): void {
    if (hasLeft) this.#violate('last', `${loop.context.name} has seen ${holder} go`);
  }

  /** By the operator's own clock, and from the renewal itself and not from the news of it. */
  #mustBeQuiet({ before, path, loop }: ArrivedClear): void {
    if (path !== 'crashed') return;
    const { world, settings } = this.#options;
    const restedMs = (world.nowMs - before.writtenAtMs) * loop.context.clock.rate;
    const mustMs = QUIET_PERIODS * settings.retryPeriodMs;
    if (restedMs >= mustMs) return;
    this.#violate('quiet', `cleared ${restedMs.toFixed(0)} ms after a renewal, not ${mustMs}`);
  }

  #mustBePermitted({ path }: ArrivedClear): void {
    const { mode, isCrashSafe } = this.#options.policy;
    if (mode !== 'Assisted') this.#violate('permitted', `cleared although the mode is ${mode}`);
    if (path !== 'crashed' || isCrashSafe(undefined)) return;
    this.#violate('permitted', 'helped a crash of a release without safe crashes');
  }

  #supersede(leader: Elector): void {
    const { world } = this.#options;
    this.counts.overlaps += 1;
    world.note(() => `${leader.identity} still leads`);
    const sinceMs = Math.max(world.nowMs, leader.pausedUntilMs);
    this.#leaders.set(leader, { sinceMs, pausedMs: leader.pausedMs });
  }

  /** client-go's own bound. Time in which the process was stopped does not count: it did nothing. */
  #mustBeBounded(leader: Elector): void {
    const superseded = this.#leaders.get(leader);
    if (superseded === undefined) return;
    const { world, settings } = this.#options;
    const pausedMs = leader.pausedMs - superseded.pausedMs;
    const ranMs = world.nowMs - superseded.sinceMs - pausedMs;
    const { renewDeadlineMs, retryPeriodMs } = settings;
    const plainMs = renewDeadlineMs + retryPeriodMs + requestTimeoutMs(settings);
    const boundMs = plainMs / leader.clock.rate + SLACK_MS;
    if (ranMs > boundMs) this.#violate('bounded', `${leader.identity} led on for ${ranMs} ms`);
  }

  #disturb(): void {
    const { nowMs } = this.#options.world;
    if (this.#disturbedAtMs < nowMs) this.#disturbedAtMs = nowMs;
  }

  /** The first time counts; what follows from it is in the trace. */
  #violate(invariant: Invariant, text: string): void {
    if (this.violations.some((it) => it.invariant === invariant)) return;
    this.#options.world.note(() => `VIOLATED: ${INVARIANTS[invariant]}: ${text}`);
    this.violations.push({ invariant, text });
  }
}
