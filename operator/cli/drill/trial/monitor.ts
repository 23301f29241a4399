/**
 * Sees what happens to one Lease and to the pods around it: watches tell at once, and reads of the Lease
 * tell for certain what had not happened yet when they were sent. Keeps what measures; decides nothing.
 */
import { failureOf, KubeError, type KubeFailure } from '../../../base/failure.ts';
import type { KubeObject, ObjectRef } from '../../../base/kube-object.ts';
import { LeaseKind, PodKind, type ResourceKind } from '../../../base/resource-kinds.ts';
import type { ContainerRun } from '../../../decide/observed/container-run.ts';
import { recordOf } from '../../../decide/observed/lease-record.ts';
import { type Pod, readPod } from '../../../decide/observed/pod.ts';
import { selectorText } from '../../../desired/naming.ts';
import { createLru } from '../../../kube/lru.ts';
import { type DrillContext, wallMsAt } from '../context.ts';
import { withSample } from '../decide/lease-samples.ts';
import type { DeathReport, LeaseSample } from '../decide/measure.ts';

export interface Monitor {
  /** In the order in which they were seen; of very many the ones that measure. */
  readonly leases: readonly LeaseSample[];
  /** The end of the leader's process, once its kubelet has told. */
  readonly death: DeathReport | undefined;
  /** Newest state of a pod, those that are gone included. */
  pod(name: string): KubeObject | undefined;
  /** What keeps a watch from working; a drill must not begin then. */
  readonly failure: KubeFailure | undefined;
  /** One more read of the Lease; an API server that is briefly away is no news. */
  read(): Promise<void>;
  stop(): void;
}

export interface MonitorTarget {
  readonly leaseName: string;
  readonly leader: Pod;
}

const WATCH_SECONDS = 300;
/** Leases are renewed every few seconds, so a watch that is silent for this long is dead. */
const SILENCE_MS = 90_000;
const PAUSE_MS = 500;
const READ_TIMEOUT_MS = 2_000;
/** More than a drill has to do with, those that are gone included. */
const MOST_PODS = 1_000;

/** Resolves when both have been seen once. Throws a KubeError when they cannot be. */
export async function startMonitor(
  context: DrillContext,
  watched: MonitorTarget,
): Promise<Monitor> {
  const monitor = new LiveMonitor(context, watched);
  try {
    await monitor.start();
    return monitor;
  } catch (error) {
    monitor.stop();
    throw error;
  }
}

class LiveMonitor implements Monitor {
  leases: readonly LeaseSample[] = [];
  readonly #context: DrillContext;
  readonly #watched: MonitorTarget;
  readonly #lease: ObjectRef & { readonly namespace: string };
  readonly #pods = createLru<KubeObject>(MOST_PODS);
  readonly #stopping = new AbortController();
  death: DeathReport | undefined;
  failure: KubeFailure | undefined;

  constructor(context: DrillContext, watched: MonitorTarget) {
    const { apiVersion, kind } = LeaseKind;
    this.#context = context;
    this.#watched = watched;
    this.#lease = { apiVersion, kind, namespace: context.namespace, name: watched.leaseName };
  }

  async start(): Promise<void> {
    const labelSelector = selectorText({ name: this.#context.name });
    const fieldSelector = `metadata.name=${this.#watched.leaseName}`;
    await Promise.all([
      this.#follow(LeaseKind, { fieldSelector }, () => this.#getLease()),
      this.#follow(PodKind, { labelSelector }, () => this.#listPods(labelSelector)),
    ]);
  }

  pod(name: string): KubeObject | undefined {
    return this.#pods.get(name);
  }

  async read(): Promise<void> {
    await this.#getLease().catch(() => {});
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #getLease(): Promise<string> {
    const sentAtMs = this.#context.clock.nowMs();
    const { signal } = this.#stopping;
    const options = { signal, timeoutMs: READ_TIMEOUT_MS, retry: 'never' } as const;
    const lease = await this.#context.connection.client.get(this.#lease, options);
    this.#seeLease(lease, sentAtMs);
    return lease.metadata.resourceVersion ?? '';
  }

  async #listPods(labelSelector: string): Promise<string> {
    const { connection, namespace, requestTimeout: timeoutMs } = this.#context;
    const options = { labelSelector, timeoutMs, signal: this.#stopping.signal };
    const { items, resourceVersion } = await connection.client.list(PodKind, namespace, options);
    for (const pod of items) this.#seePod(pod);
    return resourceVersion;
  }

  /** Resolves after the first look; goes on by itself until it is stopped. */
  async #follow(
    kind: ResourceKind,
    selector: { readonly labelSelector?: string; readonly fieldSelector?: string },
    snapshot: () => Promise<string>,
  ): Promise<void> {
    const first = await snapshot();
    void this.#goOn(kind, selector, { first, snapshot });
  }

  async #goOn(
    kind: ResourceKind,
    selector: { readonly labelSelector?: string; readonly fieldSelector?: string },
    { first, snapshot }: { readonly first: string; readonly snapshot: () => Promise<string> },
  ): Promise<void> {
    const { connection, namespace, clock } = this.#context;
    const { signal } = this.#stopping;
    for (let version: string | undefined = first; !signal.aborted; version = undefined) {
      const openedAtMs = clock.nowMs();
      try {
        const resourceVersion = version ?? (await snapshot());
        const times = { timeoutSeconds: WATCH_SECONDS, inactivityLimitMs: SILENCE_MS };
        const options = { ...selector, ...times, resourceVersion, signal };
        for await (const event of connection.client.watch(kind, namespace, options)) {
          if (event.type === 'ERROR') throw new KubeError(event.failure);
          if (event.type !== 'BOOKMARK') this.#see(event.object);
        }
        const endedAtOnce = clock.nowMs() - openedAtMs < PAUSE_MS;
        if (endedAtOnce) await clock.sleep(PAUSE_MS, signal);
      } catch (error) {
        this.failure = failureOf(error);
        await clock.sleep(PAUSE_MS, signal);
      }
    }
  }

  #see(object: KubeObject): void {
    if (object.kind === PodKind.kind) this.#seePod(object);
    else this.#seeLease(object);
  }

  #seeLease({ spec }: KubeObject, sentAtMs?: number): void {
    const atMs = this.#context.clock.nowMs();
    const sample = { atMs, wallMs: wallMsAt(this.#context, atMs), record: recordOf(spec) };
    this.leases = withSample(
      this.leases,
      sentAtMs === undefined ? sample : { ...sample, sentAtMs },
    );
  }

  #seePod(pod: KubeObject): void {
    this.#pods.set(pod.metadata.name, pod);
    const { leader } = this.#watched;
    if (pod.metadata.uid !== leader.uid || leader.current?.kind !== 'running') return;
    const { containerId } = leader.current;
    const { current, previous } = readPod(pod);
    const end = [current, previous].find((run) => isEndOf(run, containerId));
    if (end?.kind !== 'ended') return;
    const atMs = this.#context.clock.nowMs();
    const { finishedAtS } = end.exit;
    this.death ??= {
      atMs,
      wallMs: wallMsAt(this.#context, atMs),
      ...(finishedAtS !== undefined && { finishedAtS }),
    };
  }
}

/** An end that somebody saw: one that is only concluded has no time, or no reason that tells anything. */
function isEndOf(run: ContainerRun | undefined, containerId: string): boolean {
  if (run?.kind !== 'ended' || run.containerId !== containerId) return false;
  const { finishedAtS, reason } = run.exit;
  return finishedAtS !== undefined && !['ContainerStatusUnknown', 'Unknown'].includes(reason);
}
