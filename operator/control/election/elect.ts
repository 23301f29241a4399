/**
 * Our own Lease: the loop around decide/election/election.ts. It observes, writes at most one record, and
 * answers at any instant whether this process leads.
 *
 *   following ── acquired ──► leading ── the work has stopped ──► released
 *                                └───── deadline, other holder ──► lost: the process must end
 *
 * This is not fencing: a request that was sent while leading may land later. What it does promise
 * is that `isLeading()` is never true in two processes at once, as long as clocks run at about the
 * same rate and only electors write the Lease: it ends one renew deadline after the *sending* of the
 * last successful renewal, and no candidate takes over sooner. What happens when another client edits
 * or deletes the Lease is in docs/adr/0034-a-lease-deleted-by-hand.md.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { failureOf, unreachable } from '../../base/failure.ts';
import { type Cancel, toMicroTime } from '../../base/time.ts';
import { decideElection, renewedRecord } from '../../decide/election/election.ts';
import {
  type Candidate,
  type ElectionMemory,
  noMemory,
  rememberWrite,
} from '../../decide/election/memory.ts';
import { POLL_JITTER } from '../../decide/election/settings.ts';
import type { LeaseRecord } from '../../decide/observed/lease-record.ts';
import type { CallOptions } from '../../kube/client.ts';
import { createRepeats } from '../../telemetry/repeats.ts';
import type { ElectionEnd, ElectorOptions } from './elector-options.ts';
import { OwnLease, requestTimeoutMs } from './own-lease.ts';
import { ElectionReport } from './report.ts';

/** `<hostname>_<uuid>`, new for each call: no process is taken for its predecessor. */
export function newIdentity(host: string = hostname()): string {
  return `${host}_${randomUUID()}`;
}

/** Takes part in one election, once. */
export class Elector {
  readonly #options: ElectorOptions;
  readonly #candidate: Candidate;
  readonly #lease: OwnLease;
  readonly #report: ElectionReport;
  readonly #end = Promise.withResolvers<ElectionEnd>();
  /** Aborts the work: leadership is lost, or a stop was asked for. */
  readonly #work = new AbortController();
  /** Ends the loop: a stop was asked for, and the work has stopped. */
  readonly #quit = new AbortController();
  /** Ends requests in flight: leadership is lost. */
  readonly #lost = new AbortController();
  #state: 'following' | 'leading' | 'ended' = 'following';
  #memory: ElectionMemory = noMemory;
  /** A write of ours may have landed, so there may be something to release. */
  #mayHold = false;
  #workStopped: Promise<void> = Promise.resolve();
  #cancelDeadline: Cancel = () => {};

  constructor(options: ElectorOptions) {
    this.#options = options;
    this.#lease = new OwnLease(options.client, options);
    this.#report = new ElectionReport(options.log, options.leaseName, createRepeats(options.clock));
    this.#candidate = { identity: options.identity, settings: options.settings };
  }

  /** Takes part in the election until it ends for this process. Call it once. */
  run(): Promise<ElectionEnd> {
    this.#loop().then(this.#end.resolve, this.#end.reject);
    return this.#end.promise;
  }

  /** Whether this process leads at this very instant: to be asked before each side effect. */
  isLeading(): boolean {
    return this.#state === 'leading' && this.#remainingMs(this.#memory) > 0;
  }

  /** Stops the work, renewing while it ends, and releases the Lease. Resolves as `run` does. */
  stop(): Promise<ElectionEnd> {
    this.#work.abort();
    void this.#workStopped.then(() => this.#quit.abort());
    return this.#end.promise;
  }

  async #loop(): Promise<ElectionEnd> {
    const { clock, random, settings } = this.#options;
    while (!this.#quit.signal.aborted) {
      await this.#attempt();
      if (this.#state === 'ended') return 'lost';
      const jitter = this.#state === 'leading' ? 0 : POLL_JITTER * random();
      await clock.sleep(settings.retryPeriodMs * (1 + jitter), this.#quit.signal);
    }
    return this.#mayHold ? this.#release() : 'never-led';
  }

  async #attempt(): Promise<void> {
    try {
      const renewed = this.#state === 'leading' && (await this.#renewFromCache());
      if (!renewed) await this.#readAndAct();
      this.#report.noTrouble();
    } catch (error) {
      this.#report.trouble(failureOf(error));
    }
  }

  /**
   * The fast path, as in client-go: one PUT of what we wrote last. False: it failed, so read the Lease
   * first.
   */
  async #renewFromCache(): Promise<boolean> {
    const ours = this.#memory.lastHeld;
    if (ours === undefined) return false;
    try {
      await this.#write(renewedRecord(ours, this.#candidate, this.#timestamp()));
      return true;
    } catch {
      this.#options.observer?.slowPathTaken();
      return false;
    }
  }

  async #readAndAct(): Promise<void> {
    if (this.#loseIfDeadlinePassed()) return;
    const observed = await this.#lease.read(this.#callOptions());
    if (this.#state === 'ended') return;
    const input = { observed, nowMs: this.#options.clock.nowMs(), timestamp: this.#timestamp() };
    const { memory, decision } = decideElection(this.#memory, input, this.#candidate);
    this.#memory = memory;
    switch (decision.kind) {
      case 'follow':
        return this.#report.following(observed);
      case 'stand-down':
        return this.#lose(decision.because);
      case 'acquire':
      case 'renew':
        return this.#write(decision.record);
      default:
        return unreachable(decision);
    }
  }

  /** One conditional write, counted from the moment in which it is sent. */
  async #write(record: LeaseRecord): Promise<void> {
    if (this.#loseIfDeadlinePassed()) return;
    if (this.#state === 'following' && this.#quit.signal.aborted) return;
    const sentAtMs = this.#options.clock.nowMs();
    this.#mayHold = true;
    await this.#lease.write(record, this.#callOptions());
    if (this.#state === 'ended' || this.#loseIfDeadlinePassed()) return;
    const memory = rememberWrite(record, sentAtMs, this.#candidate);
    // An acquisition that took longer than the deadline is not one: the next attempt reads again.
    if (this.#remainingMs(memory) === 0) return;
    this.#memory = memory;
    this.#leadOn(record);
  }

  #leadOn(record: LeaseRecord): void {
    const { clock, observer, identity } = this.#options;
    const inMs = this.#remainingMs(this.#memory);
    this.#cancelDeadline();
    this.#cancelDeadline = clock.schedule(inMs, () => this.#lose('deadline-passed'));
    if (this.#state === 'leading') return;
    this.#state = 'leading';
    observer?.masterStatusChanged(1);
    this.#report.acquired(identity, record);
    if (!this.#work.signal.aborted) this.#workStopped = this.#runWork();
  }

  async #runWork(): Promise<void> {
    try {
      await this.#options.onStartedLeading(this.#work.signal);
    } catch (error) {
      this.#end.reject(error);
      this.#lose('work-failed');
    }
  }

  /** State first, work next, messages last. `run` resolves without waiting for the work. */
  #lose(because: 'another-holder' | 'deadline-passed' | 'work-failed'): void {
    if (this.#state !== 'leading') return;
    this.#dropLeadership();
    this.#work.abort();
    this.#lost.abort();
    this.#report.lost(because);
    this.#end.resolve('lost');
  }

  #dropLeadership(): void {
    if (this.#state === 'leading') this.#options.observer?.masterStatusChanged(0);
    this.#state = 'ended';
    this.#cancelDeadline();
  }

  /** `isLeading` is false before the Lease becomes free. */
  async #release(): Promise<ElectionEnd> {
    const { clock, identity, settings } = this.#options;
    this.#dropLeadership();
    const end = await this.#lease.release(identity, { clock, settings });
    if (end === 'released') this.#report.released();
    else this.#report.notReleased();
    return end;
  }

  #remainingMs(memory: ElectionMemory): number {
    return Math.max(0, (memory.leadingUntilMs ?? 0) - this.#options.clock.nowMs());
  }

  #loseIfDeadlinePassed(): boolean {
    if (this.#state !== 'leading' || this.#remainingMs(this.#memory) > 0) return false;
    this.#lose('deadline-passed');
    return true;
  }

  /** A leader's request ends with its leadership at the latest. */
  #callOptions(): CallOptions {
    const limitMs = requestTimeoutMs(this.#options.settings);
    const leading = this.#state === 'leading';
    const timeoutMs = leading ? Math.min(limitMs, this.#remainingMs(this.#memory)) : limitMs;
    return { timeoutMs, signal: this.#lost.signal };
  }

  #timestamp(): string {
    return toMicroTime(this.#options.clock.wallClock());
  }
}
