/**
 * Watches resources, their Leases and their pods with the user's own credentials, and sends the page what changes. Reads
 * only. What cannot be read is sent as a problem.
 */
import { leaseNameOf } from '../../../api/lease-name.ts';
import { defined } from '../../../base/defined.ts';
import { type KubeObject, keyText, type ObjectKey } from '../../../base/kube-object.ts';
import type { Clock } from '../../../base/time.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { changeBetween, type FeedEvent, type PageState } from '../message.ts';
import { createHealth, type Health } from './health.ts';
import { createLeaseHistories } from './lease-histories.ts';
import type { Instant } from './lease-history.ts';
import { type ObservedInstance, pageInstance } from './page-instance.ts';
import { createSources, type Sources } from './sources.ts';

/** Which cluster, and what of it. */
interface FeedOptions {
  readonly client: Pick<KubeClient, 'list' | 'watch'>;
  readonly clock: Clock;
  /** Numbers in [0, 1), for the pauses of watches that start again. */
  readonly random: () => number;
  /** Missing: all of them. */
  readonly namespace?: string;
  /** Address of the API server. */
  readonly server: string;
}

/** The state of the cluster, and its changes as they come. */
export interface Feed {
  /** Resolves with the first list of the resources. */
  readonly synced: Promise<void>;
  start(): void;
  /** Final. */
  stop(): Promise<void>;
  /** Everything as it is now. */
  state(): PageState;
  /** Calls `listener` for every change from now on; the returned function ends that. */
  listen(listener: (event: FeedEvent) => void): () => void;
}

/** Not started yet. */
export function createFeed(options: FeedOptions): Feed {
  return new LiveFeed(options);
}

class LiveFeed implements Feed {
  readonly #options: FeedOptions;
  readonly #health: Health;
  readonly #sources: Sources;
  readonly #listeners = new Set<(event: FeedEvent) => void>();
  /** What was last sent of each resource, by its key. */
  readonly #sent = new Map<string, ObservedInstance>();
  /** By the key of the Lease. */
  readonly #histories = createLeaseHistories();
  /** Resources that something has happened to since the last event, by key. */
  readonly #changed = new Map<string, ObjectKey>();

  constructor(options: FeedOptions) {
    this.#options = options;
    const { client, server, clock, random, namespace } = options;
    this.#health = createHealth({ client, server, onChange: () => this.#emitHealth() });
    this.#sources = createSources(
      defined({
        client: this.#health.client,
        clock,
        random,
        namespace,
        onChange: (resource: ObjectKey) => this.#markChanged(resource),
        onLease: (key: string, lease: KubeObject | undefined) =>
          this.#histories.update(key, lease, this.#now()),
      }),
    );
  }

  get synced(): Promise<void> {
    return this.#sources.synced;
  }

  start(): void {
    this.#sources.start();
    this.#sources.synced.then(
      () => this.#emitHealth(),
      () => {},
    );
  }

  async stop(): Promise<void> {
    this.#listeners.clear();
    await this.#sources.stop();
  }

  state(): PageState {
    const { server, namespace } = this.#options;
    const at = this.#now();
    return {
      nowMs: at.wall.getTime(),
      scope: defined({ server: new URL(server).host, namespace }),
      ...this.#healthNow(),
      instances: [...this.#sent].toSorted(byKey).map(([, one]) => pageInstance(one, at)),
    };
  }

  listen(listener: (event: FeedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #now(): Instant {
    const { clock } = this.#options;
    return { nowMs: clock.nowMs(), wall: clock.wallClock() };
  }

  /** What arrives together is sent together. */
  #markChanged(resource: ObjectKey): void {
    if (this.#changed.size === 0) queueMicrotask(() => this.#emitChanges());
    this.#changed.set(keyText(resource), resource);
  }

  #emit(event: FeedEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  #emitHealth(): void {
    this.#emit({ event: 'health', data: this.#healthNow() });
  }

  #healthNow(): Pick<PageState, 'synced' | 'problems'> {
    return { synced: this.#sources.isSynced(), problems: this.#health.problems() };
  }

  #emitChanges(): void {
    const at = this.#now();
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const [key, resource] of changed) this.#emitChange(key, resource, at);
  }

  #emitChange(key: string, resource: ObjectKey, at: Instant): void {
    const before = this.#sent.get(key);
    const now = this.#observe(resource);
    if (now === undefined) {
      if (this.#sent.delete(key)) this.#emit({ event: 'gone', data: { key } });
      return;
    }
    this.#sent.set(key, now);
    const old = before && pageInstance(before, at);
    const data = changeBetween(old, pageInstance(now, at), at.wall.getTime());
    if (data !== undefined) this.#emit({ event: 'change', data });
  }

  #observe(key: ObjectKey): ObservedInstance | undefined {
    const resource = this.#sources.resource(key);
    if (resource === undefined) return undefined;
    const leaseKey = { namespace: key.namespace, name: leaseNameOf(resource) };
    const lease = this.#sources.lease(leaseKey);
    const history = lease && this.#histories.get(keyText(leaseKey));
    const pods = this.#sources.podsOf(key);
    return defined({ snapshot: defined({ resource, pods, lease, gaps: [] }), history });
  }
}

function byKey<Value>([a]: readonly [string, Value], [b]: readonly [string, Value]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
