/** How an election is reported: one log line for each transition, and numbers for metrics. */
import type { KubeFailure } from '../../base/failure.ts';
import type { LeaseRecord, ObservedLease } from '../../decide/observed/lease-record.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Repeats } from '../../telemetry/repeats.ts';

/** Is called with what an elector does: the source of the `leader_election_*` metrics. */
export interface ElectionObserver {
  /** 1 from the moment in which this process leads, 0 from that in which it no longer does. */
  masterStatusChanged(status: 0 | 1): void;
  /** The renewal of the cached Lease failed; it is read and decided upon anew. */
  slowPathTaken(): void;
}

/** Logs transitions only: a candidate polls for as long as it lives. */
export class ElectionReport {
  readonly #log: Log;
  readonly #troubles: Repeats;
  readonly #leaseName: string;
  #leader = '';

  constructor(log: Log, leaseName: string, troubles: Repeats) {
    this.#log = log.with({ leaseName });
    this.#leaseName = leaseName;
    this.#troubles = troubles;
  }

  acquired(identity: string, record: LeaseRecord): void {
    this.#log.info('Leadership acquired', { identity, transitions: record.leaseTransitions });
  }

  lost(because: string): void {
    this.#log.warn('Leadership lost', { because });
  }

  released(): void {
    this.#log.info('Leadership released');
  }

  notReleased(): void {
    this.#log.warn(
      'No answer to the release of the Lease: if it was not carried out, it expires by itself',
    );
  }

  /** Once per leader. */
  following(observed: ObservedLease): void {
    const leader = observed.kind === 'held' ? observed.record.holderIdentity : '';
    if (leader !== '' && leader !== this.#leader) {
      this.#log.info('Following the leader', { leader });
    }
    this.#leader = leader;
  }

  /** Once per kind of failure, and now and then while it goes on. */
  trouble({ kind, message }: KubeFailure): void {
    if (!this.#troubles.isNews(this.#leaseName, kind)) return;
    this.#log.warn('Cannot read or write our Lease', { failure: kind, message });
  }

  noTrouble(): void {
    if (!this.#troubles.isOver(this.#leaseName)) return;
    this.#log.info('Our Lease is read and written again');
  }
}
