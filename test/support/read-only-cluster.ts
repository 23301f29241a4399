/**
 * A cluster that can only be read, for commands that must not write: objects and pages as given. Any
 * other call rejects, and so fails the test that makes it.
 */
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import type { Connection } from '../../operator/cli/connection.ts';

export interface ReadOnlyCluster {
  readonly client: Connection['client'];
  readonly pages: Connection['pages'];
  /** `get Lease/x`, `list pods`, `page /version`, in the order of the calls. */
  readonly reads: readonly string[];
  /** Every call that begins so fails. */
  fail(call: string, failure: KubeFailure): void;
}

export function readOnlyCluster(
  objects: readonly KubeObject[],
  pages: Readonly<Record<string, string>> = {},
): ReadOnlyCluster {
  const reads: string[] = [];
  const failures: { readonly call: string; readonly failure: KubeFailure }[] = [];

  function meet(call: string): void {
    reads.push(call);
    const found = failures.find((each) => call.startsWith(each.call));
    if (found !== undefined) throw new KubeError(found.failure);
  }

  const refuse = () => Promise.reject(new Error('This command must only read'));
  return {
    reads,
    fail: (call, failure) => failures.push({ call, failure }),
    client: {
      async get({ kind, name, namespace = '' }) {
        meet(`get ${kind}/${name}`);
        const found = objects.find(
          ({ kind: is, metadata }) =>
            is === kind && metadata.name === name && (metadata.namespace ?? '') === namespace,
        );
        if (found !== undefined) return found;
        throw new KubeError({
          kind: 'not-found',
          message: `Cannot get ${kind} "${name}": not found`,
        });
      },
      async list({ kind, plural }, namespace, { labelSelector } = {}) {
        meet(`list ${plural}`);
        const items = objects.filter(
          ({ kind: is, metadata }) =>
            is === kind &&
            (namespace === '' || metadata.namespace === namespace) &&
            selects(labelSelector, metadata.labels ?? {}),
        );
        return { items, resourceVersion: '1' };
      },
      watch: () => {
        throw new Error('This command must not watch');
      },
      apply: refuse,
      create: refuse,
      replace: refuse,
      delete: refuse,
    },
    pages: {
      async page({ path }) {
        meet(`page ${path}`);
        const found = pages[path.split('?')[0] ?? ''];
        if (found !== undefined) return found;
        throw new KubeError({ kind: 'not-found', message: `Cannot get ${path}: not found` });
      },
    },
  };
}

/** `a=b,c=d`; absent: all. */
function selects(selector: string | undefined, labels: Readonly<Record<string, string>>): boolean {
  return (selector ?? '')
    .split(',')
    .filter((part) => part !== '')
    .every((part) => {
      const [key = '', value] = part.split('=');
      return labels[key] === value;
    });
}
