/** What an elector is made with, and how its election can end. */

import type { Clock } from '../../base/time.ts';
import type { ElectionSettings } from '../../decide/election/settings.ts';
import type { Log } from '../../telemetry/log.ts';
import type { LeaseClient } from './own-lease.ts';
import type { ElectionObserver } from './report.ts';

/**
 * How an election ends for a process.
 * `released`: the Lease does not name us any more. `unreleased`: no answer says so; it expires by itself.
 * `never-led`: stopped as a follower. `lost`: the only one to end the process with exit code 1.
 */
export type ElectionEnd = 'released' | 'unreleased' | 'never-led' | 'lost';

/** Dependencies, settings and the work of an elector. */
export interface ElectorOptions {
  /** On a connection of its own, never behind a rate limit. */
  readonly client: LeaseClient;
  readonly namespace: string;
  readonly leaseName: string;
  /** Unique for each process: see `newIdentity`. */
  readonly identity: string;
  /** Must pass `checkElectionSettings`. */
  readonly settings: ElectionSettings;
  readonly clock: Clock;
  /** Numbers in [0, 1): spreads the candidates' polls. */
  readonly random: () => number;
  readonly log: Log;
  /** Default: none. */
  readonly observer?: ElectionObserver;
  /**
   * The work. Called at most once; it must end soon after `signal` aborts, and its promise settle
   * when nothing of it runs any more: only then is the Lease released. A rejection ends the
   * election: leadership is dropped and `run` rejects with it.
   */
  onStartedLeading(signal: AbortSignal): Promise<void> | void;
}
