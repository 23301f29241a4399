/**
 * Sees what happens in some namespaces as any client would: by watches of its own. The instant of an
 * event is when it was read here, on the monotonic clock of this process, so that a duration is the
 * difference of two readings of one clock and includes the way of the event to its reader.
 */
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import {
  CHILD_KINDS,
  IngressControllerHAKind,
  type ResourceKind,
} from '../../../operator/base/resource-kinds.ts';
import { systemClock } from '../../../operator/base/time.ts';
import { NAME_LABEL, OURS_SELECTOR } from '../../../operator/desired/naming.ts';
import { createCredentials } from '../../../operator/kube/credentials/credentials.ts';
import { createHttpClient, type HttpKubeClient } from '../../../operator/kube/http/http-client.ts';
import { createReflector } from '../../../operator/kube/watch/reflector.ts';
import type { Reflector } from '../../../operator/kube/watch/reflector-types.ts';
import { silentLog } from '../../../operator/telemetry/log.ts';
import { createMetrics } from '../../../operator/telemetry/metrics.ts';
import type { Address } from '../../e2e/support/admin.ts';

export interface Sight {
  readonly kind: 'add' | 'update' | 'delete';
  /** Its state, or the last one when it is gone. */
  readonly object: KubeObject;
  readonly atMs: number;
}

type Listener = (sight: Sight) => void;

/** Long after every goal, and soon enough to tell that something hangs. */
const PATIENCE_MS = 90_000;

export class Observer {
  readonly #client: HttpKubeClient;
  readonly #reflectors: readonly Reflector[];
  readonly #listeners = new Set<Listener>();

  private constructor(
    kubeconfig: string,
    namespaces: readonly string[],
    further: readonly ResourceKind[],
  ) {
    this.#client = clientOf(kubeconfig);
    const { metrics } = createMetrics();
    this.#reflectors = namespaces.flatMap((namespace) =>
      [IngressControllerHAKind, ...CHILD_KINDS, ...further].map((kind) =>
        createReflector({
          client: this.#client,
          kind,
          namespace,
          ...(kind !== IngressControllerHAKind && { labelSelector: OURS_SELECTOR }),
          onChange: (change) =>
            this.#tell({
              kind: change.kind,
              object: change.kind === 'delete' ? change.last : change.object,
              atMs: performance.now(),
            }),
          clock: systemClock,
          random: Math.random,
          log: silentLog,
          metrics,
        }),
      ),
    );
  }

  /**
   * Resolves when every watch has its first list. Kinds in `further`, such as pods, are watched as
   * children are, and count as such.
   */
  static async start(
    kubeconfig: string,
    namespaces: readonly string[],
    further: readonly ResourceKind[] = [],
  ): Promise<Observer> {
    const observer = new Observer(kubeconfig, namespaces, further);
    for (const reflector of observer.#reflectors) reflector.start();
    await Promise.all(observer.#reflectors.map((reflector) => reflector.synced));
    return observer;
  }

  /** The children of a resource that are there now. */
  children({ namespace, name }: Address): readonly KubeObject[] {
    return this.#reflectors
      .flatMap(({ store }) => store.list())
      .filter(({ metadata }) => metadata.namespace === namespace)
      .filter(({ metadata }) => metadata.labels?.[NAME_LABEL] === name);
  }

  /** The resource as it is now. */
  resource({ namespace, name }: Address): KubeObject | undefined {
    return this.#reflectors
      .map(({ store }) => store.get({ name, ...(namespace !== undefined && { namespace }) }))
      .find((object) => object?.kind === IngressControllerHAKind.kind);
  }

  /** Tells every event from now on, in order. */
  listen(listener: (sight: Sight) => void): void {
    this.#listeners.add(listener);
  }

  /** The instant of the event after which `check` holds, which only then is asked: ask before acting. */
  until(what: string, check: (sight: Sight) => boolean): Promise<Sight> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
        settle();
      };
      const listener: Listener = (sight) => {
        if (check(sight)) end(() => resolve(sight));
      };
      const timer = setTimeout(
        () => end(() => reject(new Error(`Not seen within ${PATIENCE_MS / 1000} s: ${what}`))),
        PATIENCE_MS,
      );
      this.#listeners.add(listener);
    });
  }

  /** Resolves at once when it holds already. */
  async once(what: string, holds: () => boolean): Promise<void> {
    if (!holds()) await this.until(what, holds);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.stop()));
    this.#client.close();
  }

  #tell(sight: Sight): void {
    for (const listener of [...this.#listeners]) listener(sight);
  }
}

/** A client over the operator's own transport. */
export function clientOf(kubeconfig: string): HttpKubeClient {
  const credentials = createCredentials({ kind: 'kubeconfig', files: [kubeconfig] }, systemClock);
  return createHttpClient({ credentials, clock: systemClock, version: 'bench' });
}
