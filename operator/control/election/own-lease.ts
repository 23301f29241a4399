/**
 * Our own Lease on the API server: one read, one conditional write, one release. It decides
 * nothing. Fields that it does not know are kept, since it writes what it read with a new record.
 */
import { defined } from '../../base/defined.ts';
import { failureOf } from '../../base/failure.ts';
import type { KubeObject, ObjectRef } from '../../base/kube-object.ts';
import { record as asRecord } from '../../base/read.ts';
import { LeaseKind, refTo, typeMeta } from '../../base/resource-kinds.ts';
import { type Clock, toMicroTime } from '../../base/time.ts';
import type { ElectionSettings } from '../../decide/election/settings.ts';
import {
  type LeaseRecord,
  type ObservedLease,
  observedLease,
  releasedRecord,
} from '../../decide/observed/lease-record.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';

/** What an election needs of the API server. */
export type LeaseClient = Pick<KubeClient, 'get' | 'create' | 'replace'>;

/** A request has at least this long, in ms: as in controller-runtime (pkg/leaderelection). */
const SHORTEST_TIMEOUT_MS = 1000;
/** Pause between two tries to release, in ms: several must fit into a pod's last five seconds. */
const RELEASE_RETRY_MS = 250;
/** Tries to release begin within this, in ms: a process that is told to end has about 5 s in all. */
const RELEASE_TRIES_MS = 1_000;
/** Limit of one try to release, in ms. */
const RELEASE_TRY_MS = 1_000;

/** Limit of one request: the larger of 1 s and half the renew deadline, so that a second fits in. */
export function requestTimeoutMs({ renewDeadlineMs }: ElectionSettings): number {
  return Math.max(SHORTEST_TIMEOUT_MS, renewDeadlineMs / 2);
}

/** The Lease of that address, and its state as last read or written. */
export class OwnLease {
  readonly #client: LeaseClient;
  readonly #ref: ObjectRef;
  /** As last read or written; undefined: there was none. */
  #lease: KubeObject | undefined;

  constructor(client: LeaseClient, address: { namespace: string; leaseName: string }) {
    this.#client = client;
    this.#ref = refTo(LeaseKind, { namespace: address.namespace, name: address.leaseName });
  }

  /** A live GET. Throws a KubeError for anything but an answer or a 404. */
  async read(options: CallOptions): Promise<ObservedLease> {
    try {
      this.#lease = await this.#client.get(this.#ref, options);
    } catch (error) {
      if (failureOf(error).kind !== 'not-found') throw error;
      this.#lease = undefined;
    }
    return observedLease(this.#lease);
  }

  /** PUT of what was last read or written, with its resourceVersion; POST if there was none. */
  async write(record: LeaseRecord, options: CallOptions): Promise<void> {
    const before = this.#lease;
    this.#lease =
      before === undefined
        ? await this.#client.create(this.#fresh(record), options)
        : await this.#client.replace(withRecord(before, record), options);
  }

  /**
   * Frees the Lease if it names `identity`, within about 2 s; each try but the first reads it anew.
   * Only for a process that no longer acts on its leadership.
   */
  async release(identity: string, options: ReleaseOptions): Promise<'released' | 'unreleased'> {
    const { clock, settings } = options;
    const timeoutMs = Math.min(requestTimeoutMs(settings), RELEASE_TRY_MS);
    const endAtMs = clock.nowMs() + Math.min(settings.renewDeadlineMs, RELEASE_TRIES_MS);
    let observed = observedLease(this.#lease);
    while (clock.nowMs() < endAtMs) {
      try {
        if (observed.kind !== 'held') observed = await this.read({ timeoutMs });
        if (observed.kind === 'held' && observed.record.holderIdentity === identity) {
          const record = releasedRecord(observed.record, toMicroTime(clock.wallClock()));
          await this.write(record, { timeoutMs });
        }
        return 'released';
      } catch {
        observed = { kind: 'absent' };
        await clock.sleep(RELEASE_RETRY_MS);
      }
    }
    return 'unreleased';
  }

  #fresh(record: LeaseRecord): KubeObject {
    const { namespace, name } = this.#ref;
    const metadata = { name, ...defined({ namespace }) };
    return withRecord({ ...typeMeta(LeaseKind), metadata }, record);
  }
}

/** What a release is timed by. */
export interface ReleaseOptions {
  readonly clock: Clock;
  readonly settings: ElectionSettings;
}

function withRecord(lease: KubeObject, record: LeaseRecord): KubeObject {
  return { ...lease, spec: { ...asRecord(lease.spec), ...record } };
}
