/** Names from the cluster for a shell that completes, within two seconds, and nothing on stderr when it fails. */
import { defined } from '../../base/defined.ts';
import { IngressControllerHAKind, type ResourceKind } from '../../base/resource-kinds.ts';
import type { Surroundings } from '../connection.ts';

/** Which names. */
export interface ClusterQuestion {
  readonly what: 'resources' | 'namespaces';
  /** Values of the flags typed so far. */
  readonly values: Readonly<Record<string, string>>;
}

/** A person waits at the keyboard for this long at most, in ms. */
const LIMIT_MS = 2_000;

const NamespaceKind: ResourceKind = {
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  scope: 'Cluster',
};

/** Sorted; empty when there is no answer in time. */
export async function completeFromCluster(
  question: ClusterQuestion,
  surroundings: Surroundings,
): Promise<readonly string[]> {
  const giveUp = new AbortController();
  // Credentials may come from an exec plugin, which no deadline of a request reaches.
  const late = surroundings.clock.sleep(LIMIT_MS, giveUp.signal).then(() => []);
  const names = list(question, surroundings, giveUp.signal).catch(() => []);
  const first = await Promise.race([names, late]);
  giveUp.abort();
  return first;
}

async function list(
  { what, values }: ClusterQuestion,
  { clock, connect }: Surroundings,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { kubeconfig, context, as, namespace } = values;
  const flags = defined({ requestTimeout: LIMIT_MS, kubeconfig, context, as });
  const connection = await connect(flags, clock);
  try {
    const [kind, where] =
      what === 'namespaces'
        ? [NamespaceKind, '']
        : [IngressControllerHAKind, namespace ?? connection.namespace];
    const options = { timeoutMs: LIMIT_MS, signal, retry: 'never' } as const;
    const { items } = await connection.client.list(kind, where, options);
    return items.map(({ metadata }) => metadata.name).toSorted();
  } finally {
    connection.close();
  }
}
