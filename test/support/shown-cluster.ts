/** A cluster to look at: objects that can be got, listed by selectors and watched, and nothing to write. */
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import { describeRef, type KubeObject, type ObjectRef } from '../../operator/base/kube-object.ts';
import type { ResourceKind } from '../../operator/base/resource-kinds.ts';
import type { KubeClient, WatchEvent } from '../../operator/kube/client.ts';

export interface ShownCluster {
  readonly client: KubeClient;
  /** `get pods`, `list leases`: what was asked. */
  readonly asked: readonly string[];
  put(...objects: readonly KubeObject[]): void;
  remove(name: string): void;
  /** From now on such calls fail: `list pods`, `get`, `list`; undefined: they do not any more. */
  fail(call: string, failure: KubeFailure | undefined): void;
  /** Hands events to the open watch, which goes on. */
  tell(...events: readonly WatchEvent[]): void;
  /** Ends the open watch, with a failure or as the server does after its time. */
  endWatch(failure?: KubeFailure): void;
}

export function createShownCluster(...initial: readonly KubeObject[]): ShownCluster {
  let objects = [...initial];
  let version = 1;
  const asked: string[] = [];
  const failures = new Map<string, KubeFailure>();
  const watched: (WatchEvent | 'end' | KubeFailure)[] = [];
  let wake = () => {};

  function meet(verb: string, resource: string): void {
    asked.push(`${verb} ${resource}`);
    const failure = failures.get(`${verb} ${resource}`) ?? failures.get(verb);
    if (failure !== undefined) throw new KubeError(failure);
  }

  function tellWatch(...news: readonly (typeof watched)[number][]): void {
    watched.push(...news);
    wake();
  }

  const readOnly = () => Promise.reject(new Error('This cluster is only looked at'));
  const client: KubeClient = {
    async get(ref) {
      meet('get', pluralOf(ref));
      const found = objects.find((one) => isAt(one, ref));
      if (found !== undefined) return found;
      const message = `Cannot get ${describeRef(ref)}: ${pluralOf(ref)} "${ref.name}" not found`;
      throw new KubeError({ kind: 'not-found', message });
    },
    async list(kind, namespace, { labelSelector, fieldSelector } = {}) {
      meet('list', kind.plural);
      const items = objects.filter(
        (one) => isListed(one, kind, namespace) && fits(one, labelSelector, fieldSelector),
      );
      return { items, resourceVersion: String(version) };
    },
    async *watch(kind, _, { signal }) {
      meet('watch', kind.plural);
      signal.addEventListener('abort', () => wake());
      while (!signal.aborted) {
        const next = watched.shift();
        if (next === 'end') return;
        if (next === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if ('type' in next) yield next;
        else throw new KubeError(next);
      }
    },
    apply: readOnly,
    create: readOnly,
    replace: readOnly,
    delete: readOnly,
  };

  return {
    client,
    asked,
    put(...more) {
      version += 1;
      for (const one of more) {
        objects = objects.filter((other) => !isAt(other, { ...one, ...one.metadata }));
        objects.push(one);
      }
    },
    remove(name) {
      objects = objects.filter(({ metadata }) => metadata.name !== name);
    },
    fail(call, failure) {
      if (failure === undefined) failures.delete(call);
      else failures.set(call, failure);
    },
    tell: tellWatch,
    endWatch: (failure) => tellWatch(failure ?? 'end'),
  };
}

/** All kinds looked at here have it so. */
function pluralOf({ kind }: { readonly kind: string }): string {
  return `${kind.toLowerCase()}s`;
}

function isAt({ kind, metadata }: KubeObject, ref: Omit<ObjectRef, 'apiVersion'>): boolean {
  return kind === ref.kind && metadata.name === ref.name && metadata.namespace === ref.namespace;
}

function isListed(one: KubeObject, { kind }: ResourceKind, namespace: string): boolean {
  return one.kind === kind && (namespace === '' || one.metadata.namespace === namespace);
}

function fits(one: KubeObject, labels = '', fields = ''): boolean {
  const pairs = (text: string) =>
    text
      .split(',')
      .filter((pair) => pair !== '')
      .map((pair) => pair.split('='));
  const labelled = pairs(labels).every(([key = '', value]) => one.metadata.labels?.[key] === value);
  const fielded = pairs(fields).every(([path = '', value]) => fieldAt(one, path) === value);
  return labelled && fielded;
}

function fieldAt(one: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, part) =>
        typeof value === 'object' && value !== null && part in value
          ? (value as Readonly<Record<string, unknown>>)[part]
          : undefined,
      one,
    );
}
