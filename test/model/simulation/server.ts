/**
 * The API server: one Lease, some pods, and one counter of versions. What it has accepted is logged
 * in order; lists and watches read from these logs. An update names the version that it was made from,
 * and is refused if that is not the present one.
 */
import type { Pod } from '../../../operator/decide/observed/pod.ts';
import type { World } from './world.ts';

/** What electors write. Times are of the writer's calendar, in ms. */
export interface ElectionRecord {
  /** Empty: nobody. */
  readonly holder: string;
  readonly durationS: number;
  readonly acquiredAtMs: number;
  readonly renewedAtMs: number;
  readonly transitions: number;
}

export interface LeaseObject extends ElectionRecord {
  readonly version: number;
  /** The spec, as text. */
  readonly text: string;
  /** The record as client-go compares it: its times cut to whole seconds. */
  readonly raw: string;
  /** When it was accepted, in true time. No actor reads this. */
  readonly acceptedAtMs: number;
  /** When its record was accepted, in true time: marks and restores leave that alone. No actor reads this. */
  readonly writtenAtMs: number;
  /** It carries our labels: only then the operators' watches tell of it. */
  readonly isMarked: boolean;
  /** No owner has claimed it. */
  readonly isOurs: boolean;
  /** The identity that the operator has cleared to make this. No actor reads this. */
  readonly freedOf?: string;
}

export interface PodObject {
  readonly version: number;
  readonly pod: Pod;
  /** In true time. No actor reads this. */
  readonly acceptedAtMs: number;
}

export interface PodEvent extends PodObject {
  readonly kind: 'upsert' | 'delete';
}

export interface PodStatus {
  readonly current: Pod['current'];
  readonly previous: Pod['previous'];
}

/** Who is told of what was accepted, at once: the two ends of the watches, and the oracle. */
export interface ServerListeners {
  readonly leaseChanged: (lease: LeaseObject, before: LeaseObject) => void;
  readonly podChanged: (event: PodEvent) => void;
}

export class Server {
  readonly leaseLog: LeaseObject[] = [];
  readonly podLog: PodEvent[] = [];
  readonly notReady = new Set<string>();
  readonly #world: World;
  readonly #listeners: ServerListeners;
  readonly #pods = new Map<string, PodObject>();
  #version = 1;
  #lease: LeaseObject;

  constructor(world: World, listeners: ServerListeners) {
    this.#world = world;
    this.#listeners = listeners;
    const nobody = { holder: '', durationS: 1, acquiredAtMs: 0, renewedAtMs: 0, transitions: 0 };
    this.#lease = { ...leaseOf(nobody, 1, 0), isMarked: true, isOurs: true };
    this.leaseLog.push(this.#lease);
  }

  get lease(): LeaseObject {
    return this.#lease;
  }

  /** `freedOf`: only for the oracle. */
  putLease(
    basedOn: number | undefined,
    record: ElectionRecord,
    freedOf?: string,
  ): LeaseObject | 'conflict' {
    const before = this.#lease;
    if (basedOn !== undefined && basedOn !== before.version) return 'conflict';
    const { isMarked, isOurs } = before;
    const lease = { ...this.#next(record), isMarked, isOurs };
    if (lease.text === before.text) return before; // as a real one: nothing changes, nothing is written
    return this.#takeLease(freedOf === undefined ? lease : { ...lease, freedOf });
  }

  /** Somebody takes our labels off it, puts an owner on it, or mends that. Its record stays. */
  markLease(mark: Partial<Pick<LeaseObject, 'isMarked' | 'isOurs'>>): void {
    const { version, acceptedAtMs } = this.#next(this.#lease);
    this.#takeLease({ ...this.#lease, ...mark, version, acceptedAtMs });
  }

  /**
   * The cluster's state of `agoMs` ago comes back, and its versions with it: they are given out anew. Of
   * pods only what was reported: pods that have come or gone since are left as they are.
   */
  restore(agoMs: number): void {
    const atMs = this.#world.nowMs - agoMs;
    const lease = this.leaseLog.findLast(({ acceptedAtMs }) => acceptedAtMs <= atMs);
    if (lease === undefined) return; // there is no snapshot that old
    this.#world.restores += 1;
    const states = new Map<string, PodEvent>();
    for (const event of this.podLog) {
      if (event.acceptedAtMs <= atMs) states.set(event.pod.uid, event);
    }
    this.#version = Math.max(lease.version, ...[...states.values()].map((it) => it.version));
    for (const [name, { pod, version }] of [...this.#pods]) {
      const before = states.get(pod.uid);
      if (before === undefined || before.version === version) continue;
      const { current, previous, ready } = before.pod;
      const { current: _, previous: __, ...rest } = pod;
      const runs = { ...(current && { current }), ...(previous && { previous }) };
      const event = { ...before, pod: { ...rest, ready, ...runs } };
      const accepted = { ...event, acceptedAtMs: this.#world.nowMs };
      this.#pods.set(name, accepted);
      this.podLog.push(accepted);
      this.#listeners.podChanged(accepted);
    }
    this.#takeLease({ ...lease, acceptedAtMs: this.#world.nowMs });
  }

  #next(record: ElectionRecord) {
    return leaseOf(record, this.#version + 1, this.#world.nowMs);
  }

  #takeLease(lease: LeaseObject): LeaseObject {
    const before = this.#lease;
    this.#version = Math.max(this.#version, lease.version);
    this.#lease = lease;
    this.leaseLog.push(lease);
    this.#listeners.leaseChanged(lease, before);
    return lease;
  }

  pod(name: string): PodObject | undefined {
    return this.#pods.get(name);
  }

  createPod(pod: Pod): void {
    this.#accept('upsert', pod);
  }

  /** Reports and marks are for one uid: whatever bears the name by now is left alone. */
  patchPod(name: string, uid: string, change: Partial<Pod>): boolean {
    const pod = this.#pods.get(name)?.pod;
    if (pod?.uid !== uid) return false;
    this.#accept('upsert', { ...pod, ...change });
    return true;
  }

  /** As a kubelet writes it: an older report that arrives later stands. */
  putStatus(name: string, uid: string, { current, previous }: PodStatus): boolean {
    const pod = this.#pods.get(name)?.pod;
    if (pod?.uid !== uid) return false;
    const { current: _, previous: __, ...rest } = pod;
    this.#accept('upsert', {
      ...rest,
      ready: current?.kind === 'running',
      ...(current !== undefined && { current }),
      ...(previous !== undefined && { previous }),
    });
    return true;
  }

  removePod(name: string, uid: string): void {
    const pod = this.#pods.get(name)?.pod;
    if (pod?.uid === uid) this.#accept('delete', pod);
  }

  #accept(kind: PodEvent['kind'], pod: Pod): void {
    this.#version += 1;
    const event = { kind, pod, version: this.#version, acceptedAtMs: this.#world.nowMs };
    if (kind === 'delete') this.#pods.delete(pod.name);
    else this.#pods.set(pod.name, event);
    this.podLog.push(event);
    this.#listeners.podChanged(event);
  }
}

function leaseOf(record: ElectionRecord, version: number, acceptedAtMs: number) {
  const { holder, durationS, acquiredAtMs, renewedAtMs, transitions } = record;
  const fixed = `${holder} ${durationS} ${transitions}`;
  const acquiredAtS = Math.floor(acquiredAtMs / 1000);
  return {
    ...{ holder, durationS, acquiredAtMs, renewedAtMs, transitions, version, acceptedAtMs },
    writtenAtMs: acceptedAtMs,
    text: `${fixed} ${acquiredAtMs} ${renewedAtMs}`,
    raw: `${fixed} ${acquiredAtS} ${Math.floor(renewedAtMs / 1000)}`,
  };
}
