/**
 * The API server: one Lease, some pods, and one counter of versions. What it has accepted is logged
 * in order; lists and watches read from these logs. An update names the version that it was made from,
 * and is refused if that is not the present one.
 */
import type { CandidatePod } from '../../../operator/decide/candidate-pod.ts';
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
  /** The identity that the operator has cleared to make this. No actor reads this. */
  readonly freedOf?: string;
}

export interface PodObject {
  readonly version: number;
  readonly pod: CandidatePod;
  /** In true time. No actor reads this. */
  readonly acceptedAtMs: number;
}

export interface PodEvent extends PodObject {
  readonly kind: 'upsert' | 'delete';
}

export interface PodStatus {
  readonly current: CandidatePod['current'];
  readonly previous: CandidatePod['previous'];
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
    this.#lease = leaseOf(nobody, 1, 0);
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
    const lease = leaseOf(record, this.#version + 1, this.#world.nowMs);
    if (lease.text === before.text) return before; // as a real one: nothing changes, nothing is written
    this.#version += 1;
    this.#lease = freedOf === undefined ? lease : { ...lease, freedOf };
    this.leaseLog.push(this.#lease);
    this.#listeners.leaseChanged(this.#lease, before);
    return this.#lease;
  }

  pod(name: string): PodObject | undefined {
    return this.#pods.get(name);
  }

  createPod(pod: CandidatePod): void {
    this.#accept('upsert', pod);
  }

  /** Reports and marks are for one uid: whatever bears the name by now is left alone. */
  patchPod(name: string, uid: string, change: Partial<CandidatePod>): boolean {
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

  #accept(kind: PodEvent['kind'], pod: CandidatePod): void {
    this.#version += 1;
    const event = { kind, pod, version: this.#version, acceptedAtMs: this.#world.nowMs };
    if (kind === 'delete') this.#pods.delete(pod.name);
    else this.#pods.set(pod.name, event);
    this.podLog.push(event);
    this.#listeners.podChanged(event);
  }
}

function leaseOf(record: ElectionRecord, version: number, acceptedAtMs: number): LeaseObject {
  const { holder, durationS, acquiredAtMs, renewedAtMs, transitions } = record;
  const fixed = `${holder} ${durationS} ${transitions}`;
  const acquiredAtS = Math.floor(acquiredAtMs / 1000);
  return {
    ...{ holder, durationS, acquiredAtMs, renewedAtMs, transitions, version, acceptedAtMs },
    text: `${fixed} ${acquiredAtMs} ${renewedAtMs}`,
    raw: `${fixed} ${acquiredAtS} ${Math.floor(renewedAtMs / 1000)}`,
  };
}
