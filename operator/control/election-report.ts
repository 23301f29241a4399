/** What an election tells the outside: one line for each transition, and numbers for metrics. */
import type { KubeFailure } from '../base/failure.ts';
import type { LeaseRecord, Sighting } from '../decide/lease-record.ts';
import type { Log } from '../telemetry/log.ts';

/** Learns what an elector does: the source of the `leader_election_*` metrics. */
export interface ElectionObserver {
  /** 1 from the moment in which this process leads, 0 from that in which it no longer does. */
  masterStatusChanged(status: 0 | 1): void;
  /** The renewal of the cached Lease failed; it is read and decided upon anew. */
  slowPathTaken(): void;
}

/** Says what is new, and only that: a candidate polls for as long as it lives. */
export class ElectionReport {
  readonly #log: Log;
  #leader = '';
  #trouble = '';

  constructor(log: Log, leaseName: string) {
    this.#log = log.with({ leaseName });
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
  following(sighting: Sighting): void {
    const leader = sighting.kind === 'held' ? sighting.record.holderIdentity : '';
    if (leader !== '' && leader !== this.#leader) {
      this.#log.info('Following the leader', { leader });
    }
    this.#leader = leader;
  }

  /** Once per kind of failure, until a request succeeds. */
  trouble({ kind, message }: KubeFailure): void {
    if (kind === this.#trouble) return;
    this.#trouble = kind;
    this.#log.warn('Cannot read or write our Lease', { failure: kind, message });
  }

  noTrouble(): void {
    this.#trouble = '';
  }
}
