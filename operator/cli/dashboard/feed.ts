/**
 * Watches resources, their Leases and their pods with the user's own credentials, and tells the page what
 * changes. Reads only. Each watch starts again by itself; what cannot be read is told as a problem.
 */
import { leaseNameOf } from '../../api/lease-name.ts';
import { defined } from '../../base/defined.ts';
import { type KubeObject, keyText } from '../../base/kube-object.ts';
import {
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
  type ResourceKind,
} from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import { trimPod } from '../../decide/observed/trim-pod.ts';
import { NAME_LABEL, OURS_SELECTOR } from '../../desired/naming.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Change } from '../../kube/watch/changes.ts';
import { createReflector } from '../../kube/watch/reflector.ts';
import type { Reflector, ReflectorOptions } from '../../kube/watch/reflector-types.ts';
import { silentLog } from '../../telemetry/log.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { createHealth, type Health } from './health.ts';
import { changeBetween, type FeedEvent, type PageState } from './message.ts';
import { pageInstance, type Subject } from './page-instance.ts';
import type { Instant } from './sighting.ts';
import { createSightings } from './sightings.ts';

export interface FeedOptions {
  readonly client: Pick<KubeClient, 'list' | 'watch'>;
  readonly clock: Clock;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  /** Missing: all of them. */
  readonly namespace?: string;
  /** Address of the API server. */
  readonly server: string;
}

export interface Feed {
  /** Resolves with the first list of the resources. */
  readonly synced: Promise<void>;
  start(): void;
  /** Final. */
  stop(): Promise<void>;
  /** Everything as it is now. */
  state(): PageState;
  /** Tells what changes from now on; the returned function ends that. */
  listen(listener: (event: FeedEvent) => void): () => void;
}

/** Not started yet. */
export function createFeed(options: FeedOptions): Feed {
  return new LiveFeed(options);
}

class LiveFeed implements Feed {
  readonly #options: FeedOptions;
  readonly #health: Health;
  readonly #resources: Reflector;
  readonly #leases: Reflector;
  readonly #pods: Reflector;
  readonly #listeners = new Set<(event: FeedEvent) => void>();
  /** What was last told of each resource, by its key. */
  readonly #subjects = new Map<string, Subject>();
  /** By the key of the Lease. */
  readonly #sightings = createSightings();
  /** Keys of resources that something has happened to. */
  readonly #changed = new Set<string>();

  constructor(options: FeedOptions) {
    this.#options = options;
    const { client, server } = options;
    this.#health = createHealth({ client, server, onChange: () => this.#tellHealth() });
    this.#resources = this.#reflector(IngressControllerHAKind, {
      onChange: (change) => this.#touch(objectOf(change).metadata),
    });
    this.#leases = this.#reflector(LeaseKind, {
      labelSelector: OURS_SELECTOR,
      onChange: (change) => this.#seeLease(change),
    });
    this.#pods = this.#reflector(PodKind, {
      labelSelector: OURS_SELECTOR,
      transform: podForPage,
      onChange: (change) => this.#touchOwner(objectOf(change)),
    });
  }

  get synced(): Promise<void> {
    return this.#resources.synced;
  }

  start(): void {
    for (const one of this.#reflectors) one.start();
    this.#resources.synced.then(
      () => this.#tellHealth(),
      () => {},
    );
  }

  async stop(): Promise<void> {
    this.#listeners.clear();
    await Promise.all(this.#reflectors.map((one) => one.stop()));
  }

  state(): PageState {
    const { server, namespace } = this.#options;
    const at = this.#now();
    return {
      nowMs: at.wall.getTime(),
      scope: { server: new URL(server).host, ...(namespace && { namespace }) },
      ...this.#healthNow(),
      instances: [...this.#subjects].toSorted(byKey).map(([, one]) => pageInstance(one, at)),
    };
  }

  listen(listener: (event: FeedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get #reflectors(): readonly Reflector[] {
    return [this.#resources, this.#leases, this.#pods];
  }

  #reflector(kind: ResourceKind, more: Pick<ReflectorOptions, 'onChange'> & Selection): Reflector {
    const { clock, random, namespace = '' } = this.#options;
    const { metrics } = createMetrics(); // nobody reads them
    const shared = { client: this.#health.client, clock, random, log: silentLog, metrics };
    return createReflector({ ...shared, ...more, kind, namespace });
  }

  #now(): Instant {
    const { clock } = this.#options;
    return { nowMs: clock.nowMs(), wall: clock.wallClock() };
  }

  /** What arrives together is told together. */
  #touch({ namespace = '', name }: ObjectKeyLike): void {
    if (this.#changed.size === 0) queueMicrotask(() => this.#tellChanges());
    this.#changed.add(keyText({ namespace, name }));
  }

  #touchOwner({ metadata }: KubeObject): void {
    const name = metadata.labels?.[NAME_LABEL];
    if (name !== undefined) this.#touch({ ...metadata, name });
  }

  #seeLease(change: Change): void {
    const lease = objectOf(change);
    const { namespace = '', name } = lease.metadata;
    const key = keyText({ namespace, name });
    this.#sightings.see(key, change.kind === 'delete' ? undefined : lease, this.#now());
    this.#touchOwner(lease);
  }

  #tell(event: FeedEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  #tellHealth(): void {
    this.#tell({ event: 'health', data: this.#healthNow() });
  }

  #healthNow(): Pick<PageState, 'synced' | 'problems'> {
    return { synced: this.#resources.isSynced(), problems: this.#health.problems() };
  }

  #tellChanges(): void {
    const at = this.#now();
    const keys = [...this.#changed];
    this.#changed.clear();
    for (const key of keys) this.#tellChange(key, at);
  }

  #tellChange(key: string, at: Instant): void {
    const before = this.#subjects.get(key);
    const subject = this.#subjectOf(key);
    if (subject === undefined) {
      if (this.#subjects.delete(key)) this.#tell({ event: 'gone', data: { key } });
      return;
    }
    this.#subjects.set(key, subject);
    const old = before && pageInstance(before, at);
    const data = changeBetween(old, pageInstance(subject, at), at.wall.getTime());
    if (data !== undefined) this.#tell({ event: 'change', data });
  }

  #subjectOf(key: string): Subject | undefined {
    const [namespace = '', name = ''] = key.split('/');
    const resource = this.#resources.store.get({ namespace, name });
    if (resource === undefined) return undefined;
    const leaseKey = { namespace, name: leaseNameOf(resource) };
    const lease = this.#leases.store.get(leaseKey);
    const sighting = lease && this.#sightings.get(keyText(leaseKey));
    const pods = this.#podsOf(namespace, name);
    return defined({ snapshot: defined({ resource, pods, lease, gaps: [] }), sighting });
  }

  #podsOf(namespace: string, name: string): readonly KubeObject[] {
    return this.#pods.store
      .list()
      .filter(({ metadata }) => metadata.namespace === namespace)
      .filter(({ metadata }) => metadata.labels?.[NAME_LABEL] === name)
      .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }
}

type Selection = Partial<Pick<ReflectorOptions, 'transform' | 'labelSelector'>>;
type ObjectKeyLike = Pick<KubeObject['metadata'], 'namespace' | 'name'>;

/** Its state, or the last one when it is gone. */
function objectOf(change: Change): KubeObject {
  return change.kind === 'delete' ? change.last : change.object;
}

function byKey([a]: readonly [string, Subject], [b]: readonly [string, Subject]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What a look needs, and no environment or arguments. */
function podForPage(pod: KubeObject): KubeObject {
  const { metadata, ...rest } = trimPod(pod);
  const { creationTimestamp } = pod.metadata;
  return { ...rest, metadata: { ...metadata, ...(creationTimestamp && { creationTimestamp }) } };
}
