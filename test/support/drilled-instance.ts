/**
 * A resource whose leader can be taken down, on a clock that the test moves: the kubelet reports after
 * 300 ms (a crashed pod stays, another one is replaced), the operator frees the Lease 20 ms later, and the
 * standby takes it 900 ms after the strike.
 */
import { KubeError } from '../../operator/base/failure.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { type Clock, toMicroTime, toTime } from '../../operator/base/time.ts';
import type { InstanceSnapshot } from '../../operator/cli/view/decide/instance-snapshot.ts';
import { CAUSE_ANNOTATION } from '../../operator/decide/observed/pod.ts';
import { aControllerPod, aHeldLease, aLedInstance, identityOf, podName } from './a-led-instance.ts';

export const REPORTED_MS = 300;
export const TAKEN_MS = 900;
const FREED_MS = 320;
const RENEWED_MS = 905;
const RESTARTED_MS = 500;
const PERIOD_MS = 1_000;

type Told = (type: 'MODIFIED' | 'DELETED', object: KubeObject) => void;

/** What happens in it; `drill-connection.ts` is how a command reaches it. */
export class DrilledInstance {
  readonly #clock: Clock;
  readonly #listeners = new Set<Told>();
  #objects: Required<InstanceSnapshot> = aLedInstance();
  #holder = 'a';
  #nextLetter = 'c';
  #standbysLost = false;
  #version = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#renewForEver();
  }

  get objects(): InstanceSnapshot {
    return this.#objects;
  }

  /** How many watches are open. */
  get listeners(): number {
    return this.#listeners.size;
  }

  get holder(): string {
    return this.#holder;
  }

  change(changes: Partial<InstanceSnapshot>): void {
    this.#objects = { ...this.#objects, ...changes };
  }

  /** From now on nobody takes a Lease that is free. */
  loseStandbys(): void {
    this.#standbysLost = true;
  }

  /** Tells of every change from now on, until the function that it gives is called. */
  listen(told: Told): () => void {
    this.#listeners.add(told);
    return () => this.#listeners.delete(told);
  }

  pod(letter: string): KubeObject {
    const found = this.#objects.pods.find((pod) => isCalled(pod, letter));
    if (found !== undefined) return found;
    throw new KubeError({ kind: 'not-found', message: `pods "${podName(letter)}" not found` });
  }

  annotate(letter: string, annotations: Readonly<Record<string, string>>): void {
    const pod = this.pod(letter);
    this.#setPod({ ...pod, metadata: { ...pod.metadata, annotations } });
  }

  takeDown(letter: string): void {
    const pod = this.pod(letter);
    const deletionTimestamp = toTime(this.#clock.wallClock());
    this.#setPod({ ...pod, metadata: { ...pod.metadata, deletionTimestamp } });
    if (letter === this.#holder) this.#endLeader(letter, () => this.#removePod(letter));
  }

  /** By an ephemeral container, which stays; the process starts anew. */
  crash(letter: string): void {
    this.#endLeader(letter, () => {
      this.#setPod(this.#ended(letter));
      this.#clock.schedule(RESTARTED_MS, () => this.#setPod(restarted(this.pod(letter))));
    });
  }

  /** Another pod takes the Lease, as after an expiry, though the holder lives. */
  handOver(letter: string): void {
    this.#holder = letter;
    this.#setLease(letter);
  }

  #endLeader(letter: string, report: () => void): void {
    const cause = this.pod(letter).metadata.annotations?.[CAUSE_ANNOTATION] ?? 'Unknown';
    const next = this.#objects.pods.find((pod) => !isCalled(pod, letter))?.metadata.name.at(-1);
    this.#holder = '';
    this.#clock.schedule(REPORTED_MS, report);
    this.#clock.schedule(FREED_MS, () => this.#setLease(''));
    if (this.#standbysLost || next === undefined) return;
    this.#clock.schedule(TAKEN_MS, () => {
      this.#holder = next;
      const acquireTime = toMicroTime(this.#clock.wallClock());
      this.#setLease(next, acquireTime);
      this.#clock.schedule(RENEWED_MS - TAKEN_MS, () => this.#setLease(next, acquireTime));
      this.#tellHistory({ cause, from: letter, to: next });
    });
  }

  #removePod(letter: string): void {
    const ended = this.#ended(letter);
    this.#setPod(ended);
    const pods = this.#objects.pods.filter((pod) => !isCalled(pod, letter));
    this.#objects = { ...this.#objects, pods };
    this.#tell('DELETED', ended);
    this.#setPod(aControllerPod(this.#nextLetter));
    this.#nextLetter = String.fromCharCode(this.#nextLetter.charCodeAt(0) + 1);
  }

  #ended(letter: string): KubeObject {
    const terminated = {
      containerID: containerIdOf(this.pod(letter)),
      exitCode: 0,
      reason: 'Completed',
      finishedAt: toTime(this.#clock.wallClock()),
    };
    const containerStatuses = [{ name: 'manager', state: { terminated } }];
    return { ...this.pod(letter), status: { containerStatuses } };
  }

  #renewForEver(): void {
    this.#clock.schedule(PERIOD_MS, () => {
      if (this.#holder !== '') this.#setLease(this.#holder);
      this.#renewForEver();
    });
  }

  #setLease(letter: string, acquireTime?: string): void {
    const lease = aHeldLease(letter, toMicroTime(this.#clock.wallClock()), acquireTime);
    this.#objects = { ...this.#objects, lease };
    this.#tell('MODIFIED', lease);
  }

  #setPod(pod: KubeObject): void {
    this.#version += 1;
    const metadata = { ...pod.metadata, resourceVersion: String(this.#version) };
    const changed = { ...pod, metadata };
    const others = this.#objects.pods.filter(({ metadata: { name } }) => name !== metadata.name);
    this.#objects = { ...this.#objects, pods: [...others, changed].toSorted(byName) };
    this.#tell('MODIFIED', changed);
  }

  #tellHistory({ cause, from, to }: Readonly<Record<'cause' | 'from' | 'to', string>>): void {
    const failover = {
      time: toTime(this.#clock.wallClock()),
      cause,
      fromIdentity: identityOf(from),
      toIdentity: identityOf(to),
      winner: 'Standby',
      assist: 'Cleared',
    };
    const { resource } = this.#objects;
    const status = resource.status as { readonly failovers?: readonly unknown[] };
    const failovers = [failover, ...(status.failovers ?? [])];
    this.change({ resource: { ...resource, status: { ...status, failovers } } });
  }

  #tell(...change: Parameters<Told>): void {
    for (const told of [...this.#listeners]) told(...change);
  }
}

function containerIdOf({ status }: KubeObject): string {
  const { containerStatuses } = status as {
    readonly containerStatuses: readonly { readonly containerID: string }[];
  };
  return containerStatuses[0]?.containerID ?? '';
}

function restarted(pod: KubeObject): KubeObject {
  const { ephemeralContainers = [], ...spec } = pod.spec as {
    readonly ephemeralContainers?: readonly unknown[];
  };
  const running = { startedAt: '2026-01-01T03:00:00Z' };
  return {
    ...pod,
    spec: { ...spec, ephemeralContainers: [...ephemeralContainers, { name: 'drill' }] },
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [
        { name: 'manager', containerID: `${containerIdOf(pod)}+`, state: { running } },
      ],
    },
  };
}

function isCalled({ metadata }: KubeObject, letter: string): boolean {
  return metadata.name === podName(letter);
}

function byName(one: KubeObject, other: KubeObject): number {
  return one.metadata.name < other.metadata.name ? -1 : 1;
}
