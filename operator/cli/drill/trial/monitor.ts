/**
 * Watches one Lease and the pods of its resource for the time of a trial. Watches show changes at once; reads of the Lease
 * show for certain what had not happened yet when they were sent. Keeps samples; decides nothing.
 */
import { defined } from '../../../base/defined.ts';
import { failureOf, KubeError, type KubeFailure } from '../../../base/failure.ts';
import type { KubeObject, ObjectRef } from '../../../base/kube-object.ts';
import { LeaseKind, PodKind, type ResourceKind, refTo } from '../../../base/resource-kinds.ts';
import type { ContainerRun } from '../../../decide/observed/container-run.ts';
import { recordOf } from '../../../decide/observed/lease-record.ts';
import { type Pod, readPod } from '../../../decide/observed/pod.ts';
import { selectorText } from '../../../desired/naming.ts';
import { createLru } from '../../../kube/lru.ts';
import { type DrillContext, wallMsAt } from '../context.ts';
import type { DeathReport, LeaseSample } from '../decide/evidence.ts';
import { withSample } from '../decide/lease-samples.ts';

/** What was seen so far. */
export interface Monitor {
  /** In the order in which they came; of very many those that bound a measured span. */
  readonly leases: readonly LeaseSample[];
  /** The end of the leader's process, once its kubelet has reported it. */
  readonly death: DeathReport | undefined;
  /** Newest state of a pod, also of one that was deleted. */
  pod(name: string): KubeObject | undefined;
  /** What keeps a watch from working; a drill must not begin then. */
  readonly failure: KubeFailure | undefined;
  /** Reads the Lease once more. Never rejects: an API server that is briefly away is no failure. */
  read(): Promise<void>;
  stop(): void;
}

/** Which Lease, and which leader's end. */
interface MonitorTarget {
  readonly leaseName: string;
  readonly leader: Pod;
}

const WATCH_SECONDS = 300;
/** Leases are renewed every few seconds, so a watch that is silent for this long is dead. */
const SILENCE_MS = 90_000;
const PAUSE_MS = 500;
const READ_TIMEOUT_MS = 2_000;
/** More than a drill has to do with, deleted ones included. */
const MAX_PODS = 1_000;

/** Resolves when Lease and pods have been read once. Rejects with a KubeError when they cannot be. */
export async function startMonitor(context: DrillContext, target: MonitorTarget): Promise<Monitor> {
  const monitor = new LiveMonitor(context, target);
  try {
    await monitor.start();
    return monitor;
  } catch (error) {
    monitor.stop();
    throw error;
  }
}

/** The holder by the newest sample; empty: nobody. Undefined before the first one. */
export function lastHolder({ leases }: Monitor): string | undefined {
  return leases.at(-1)?.record.holderIdentity;
}

class LiveMonitor implements Monitor {
  leases: readonly LeaseSample[] = [];
  readonly #context: DrillContext;
  readonly #target: MonitorTarget;
  readonly #lease: ObjectRef;
  readonly #pods = createLru<KubeObject>(MAX_PODS);
  readonly #stopping = new AbortController();
  death: DeathReport | undefined;
  failure: KubeFailure | undefined;

  constructor(context: DrillContext, target: MonitorTarget) {
    const { namespace } = context;
    this.#context = context;
    this.#target = target;
    this.#lease = refTo(LeaseKind, { namespace, name: target.leaseName });
  }

  async start(): Promise<void> {
    const labelSelector = selectorText({ name: this.#context.name });
    const fieldSelector = `metadata.name=${this.#target.leaseName}`;
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
    this.#addSample(lease, sentAtMs);
    return lease.metadata.resourceVersion ?? '';
  }

  async #listPods(labelSelector: string): Promise<string> {
    const { connection, namespace, requestTimeout: timeoutMs } = this.#context;
    const options = { labelSelector, timeoutMs, signal: this.#stopping.signal };
    const { items, resourceVersion } = await connection.client.list(PodKind, namespace, options);
    for (const pod of items) this.#addPod(pod);
    return resourceVersion;
  }

  /** Resolves after the first read; goes on by itself until it is stopped. */
  async #follow(
    kind: ResourceKind,
    selector: { readonly labelSelector?: string; readonly fieldSelector?: string },
    readAll: () => Promise<string>,
  ): Promise<void> {
    const first = await readAll();
    void this.#watch(kind, selector, { first, readAll });
  }

  async #watch(
    kind: ResourceKind,
    selector: { readonly labelSelector?: string; readonly fieldSelector?: string },
    { first, readAll }: { readonly first: string; readonly readAll: () => Promise<string> },
  ): Promise<void> {
    const { connection, namespace, clock } = this.#context;
    const { signal } = this.#stopping;
    for (let version: string | undefined = first; !signal.aborted; version = undefined) {
      const openedAtMs = clock.nowMs();
      try {
        const resourceVersion = version ?? (await readAll());
        const times = { timeoutSeconds: WATCH_SECONDS, inactivityLimitMs: SILENCE_MS };
        const options = { ...selector, ...times, resourceVersion, signal };
        for await (const event of connection.client.watch(kind, namespace, options)) {
          if (event.type === 'ERROR') throw new KubeError(event.failure);
          if (event.type !== 'BOOKMARK') this.#add(event.object);
        }
        const endedAtOnce = clock.nowMs() - openedAtMs < PAUSE_MS;
        if (endedAtOnce) await clock.sleep(PAUSE_MS, signal);
      } catch (error) {
        this.failure = failureOf(error);
        await clock.sleep(PAUSE_MS, signal);
      }
    }
  }

  #add(object: KubeObject): void {
    if (object.kind === PodKind.kind) this.#addPod(object);
    else this.#addSample(object);
  }

  #addSample({ spec }: KubeObject, sentAtMs?: number): void {
    const atMs = this.#context.clock.nowMs();
    const wallMs = wallMsAt(this.#context, atMs);
    const sample = defined({ atMs, wallMs, record: recordOf(spec), sentAtMs });
    this.leases = withSample(this.leases, sample);
  }

  #addPod(pod: KubeObject): void {
    this.#pods.set(pod.metadata.name, pod);
    const { leader } = this.#target;
    if (pod.metadata.uid !== leader.uid || leader.current?.kind !== 'running') return;
    const { containerId } = leader.current;
    const { current, previous } = readPod(pod);
    const end = [current, previous].find((run) => isEndOf(run, containerId));
    if (end?.kind !== 'ended') return;
    const atMs = this.#context.clock.nowMs();
    const { finishedAtS } = end.exit;
    this.death ??= defined({ atMs, wallMs: wallMsAt(this.#context, atMs), finishedAtS });
  }
}

/** An end that the kubelet saw: one that is only concluded has no time, or a reason that says nothing. */
function isEndOf(run: ContainerRun | undefined, containerId: string): boolean {
  if (run?.kind !== 'ended' || run.containerId !== containerId) return false;
  const { finishedAtS, reason } = run.exit;
  return finishedAtS !== undefined && !['ContainerStatusUnknown', 'Unknown'].includes(reason);
}
