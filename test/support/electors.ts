/** Processes that run an elector each against one fake Lease server, and the history of who led when. */
import { Elector } from '../../operator/control/election/elect.ts';
import type { ElectionEnd } from '../../operator/control/election/elector-options.ts';
import type { ElectionSettings } from '../../operator/decide/election/settings.ts';
import { silentLog } from '../../operator/telemetry/log.ts';
import {
  createLeaseServer,
  createProcess,
  type Fate,
  type LeaseServer,
  PROMPT,
  type Process,
} from './fake-lease-server.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

export const SETTINGS: ElectionSettings = {
  leaseDurationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2000,
};

export interface ElectorOnTest {
  readonly elector: Elector;
  readonly process: Process;
  readonly identity: string;
  /** How it ended, once it has. */
  end(): ElectionEnd | 'failed' | undefined;
  /** 1 while the metric says that it leads. */
  master(): 0 | 1;
  slowPaths(): number;
  /** The signal that its work got, once it led. */
  signal(): AbortSignal | undefined;
}

export interface ElectorSetup {
  readonly fate?: (verb: string) => Fate;
  readonly rate?: number;
  readonly random?: () => number;
  readonly work?: (signal: AbortSignal) => Promise<void> | void;
}

export interface World {
  readonly clock: ManualClock;
  readonly server: LeaseServer;
  readonly electors: readonly ElectorOnTest[];
  /** Two processes that led at the same instant, as found whenever one begins to lead. */
  readonly overlaps: readonly string[];
  /** Starts one more elector. */
  readonly start: (identity: string, setup?: ElectorSetup) => ElectorOnTest;
  /** Identities of those that lead now. */
  readonly leaders: () => readonly string[];
}

export function createWorld(): World {
  const clock = createManualClock();
  const server = createLeaseServer(clock);
  const electors: ElectorOnTest[] = [];
  const overlaps: string[] = [];

  /** Of two overlapping intervals, the later begins within the earlier: looking at beginnings is enough. */
  function noteOverlaps(identity: string): void {
    for (const other of electors) {
      if (other.identity !== identity && other.elector.isLeading()) {
        overlaps.push(`${identity} began at ${clock.nowMs()} while ${other.identity} led`);
      }
    }
  }

  function start(identity: string, setup: ElectorSetup = {}): ElectorOnTest {
    const process = createProcess(clock, setup.rate);
    let end: ElectionEnd | 'failed' | undefined;
    let master: 0 | 1 = 0;
    let slowPaths = 0;
    let signal: AbortSignal | undefined;
    const elector = new Elector({
      client: server.client(identity, process.clock, setup.fate ?? (() => PROMPT)),
      namespace: 'ingress-ha-system',
      leaseName: 'ingress-controller-ha',
      identity,
      settings: SETTINGS,
      clock: process.clock,
      random: setup.random ?? (() => 0.5),
      log: silentLog,
      observer: {
        masterStatusChanged(status) {
          master = status;
          if (status === 1) noteOverlaps(identity);
        },
        slowPathTaken: () => {
          slowPaths += 1;
        },
      },
      onStartedLeading(given) {
        signal = given;
        return setup.work?.(given);
      },
    });
    elector.run().then(
      (how) => {
        end = how;
      },
      () => {
        end = 'failed';
      },
    );
    const onTest: ElectorOnTest = {
      elector,
      process,
      identity,
      end: () => end,
      master: () => master,
      slowPaths: () => slowPaths,
      signal: () => signal,
    };
    electors.push(onTest);
    return onTest;
  }

  const leaders = () =>
    electors.filter(({ elector }) => elector.isLeading()).map(({ identity }) => identity);
  return { clock, server, electors, overlaps, start, leaders };
}
