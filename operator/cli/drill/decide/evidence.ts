/** What was seen of a failover: samples of the Lease, and the end of the old leader's process. */
import type { LeaseRecord } from '../../../decide/observed/lease-record.ts';

/** A state of the Lease as it was read, or came by a watch. Instants in ms on our monotonic clock. */
export interface LeaseSample {
  readonly atMs: number;
  /** When the read was sent that shows it; missing for an event of a watch. */
  readonly sentAtMs?: number;
  /** The calendar of this machine at `atMs`, in ms since 1970. */
  readonly wallMs: number;
  readonly record: LeaseRecord;
}

/** The kubelet's report that the old leader's process has ended. */
export interface DeathReport {
  readonly atMs: number;
  readonly wallMs: number;
  /** Whole seconds on the node's clock. */
  readonly finishedAtS?: number;
}

/** Everything that a trial is measured by. Instants in ms on our monotonic clock. */
export interface Evidence {
  /** Holder that is struck. */
  readonly from: string;
  /** When the request was sent that ends it. */
  readonly struckAtMs: number;
  /** It still worked then: one of its pushes ended later and succeeded. */
  readonly workedAtMs?: number;
  /** In the order in which they came. */
  readonly leases: readonly LeaseSample[];
  readonly death?: DeathReport;
}
