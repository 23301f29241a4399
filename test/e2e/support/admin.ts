/**
 * The cluster as its admin sees and changes it, over the operator's own transport but under a field
 * manager of its own: what a test writes must not pass for a write of the operator.
 */
import { text as readText } from 'node:stream/consumers';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { kindOf, type ResourceKind } from '../../../operator/base/resource-kinds.ts';
import { systemClock } from '../../../operator/base/time.ts';
import { createCredentials } from '../../../operator/kube/credentials/credentials.ts';
import { createTransport, type Exchange } from '../../../operator/kube/http/transport.ts';
import { collectionPath, withQuery } from '../../../operator/kube/paths.ts';
import { ANSWER_HANG_MS } from '../../support/hang-limits.ts';

/** Where an object is; the namespace is left out for cluster-scoped kinds. */
export interface Address {
  readonly namespace?: string;
  readonly name: string;
}

export interface Answer {
  readonly status: number;
  readonly body: KubeObject & { readonly message?: string };
}

export interface Admin {
  /** The live object, or undefined when there is none. */
  get(kind: ResourceKind, address: Address): Promise<KubeObject | undefined>;
  /** The live object; throws when there is none. */
  read(kind: ResourceKind, address: Address): Promise<KubeObject>;
  list(kind: ResourceKind, namespace: string, labels?: string): Promise<readonly KubeObject[]>;
  /** POST. */
  create(object: KubeObject, kind?: ResourceKind): Promise<KubeObject>;
  /** A JSON merge patch, as `kubectl edit` sends it: null removes a field, lists are replaced. */
  patch(
    kind: ResourceKind,
    address: Address,
    change: Readonly<Record<string, unknown>>,
    subresource?: 'status' | 'scale',
  ): Promise<KubeObject>;
  /** Gone already is fine. */
  remove(kind: ResourceKind, address: Address, propagation?: Propagation): Promise<void>;
  /** Any request; no status is an error. */
  request(exchange: Exchange): Promise<Answer>;
  close(): void;
}

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export const NamespaceKind: ResourceKind = {
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  scope: 'Cluster',
};
export const ReplicaSetKind: ResourceKind = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  scope: 'Namespaced',
};

const MANAGER = { fieldManager: 'e2e', fieldValidation: 'Strict' };

export function adminOf(kubeconfig: string): Admin {
  const credentials = createCredentials({ kind: 'kubeconfig', files: [kubeconfig] }, systemClock);
  const transport = createTransport('e2e');

  async function request(exchange: Exchange): Promise<Answer> {
    const signal = AbortSignal.timeout(ANSWER_HANG_MS);
    const response = await transport.open(await credentials.current(), exchange, signal);
    const text = await readText(response);
    const isJson = response.headers['content-type']?.includes('json') === true;
    // What is not served at all is answered in plain text.
    const body = isJson ? JSON.parse(text) : { message: text };
    return { status: response.statusCode ?? 0, body };
  }

  async function demand(exchange: Exchange): Promise<KubeObject> {
    const { status, body } = await request(exchange);
    if (status < 300) return body;
    throw new Error(`${exchange.method} ${exchange.path}: ${status} ${body.message}`);
  }

  async function get(kind: ResourceKind, address: Address): Promise<KubeObject | undefined> {
    const path = pathOf(kind, address);
    const { status, body } = await request({ method: 'GET', path, headers: {} });
    if (status === 404) return undefined;
    if (status >= 300) throw new Error(`GET ${path}: ${status} ${body.message}`);
    return body;
  }

  return {
    request,
    get,
    async read(kind, address) {
      const object = await get(kind, address);
      if (object === undefined) throw new Error(`There is no ${pathOf(kind, address)}`);
      return object;
    },
    async list(kind, namespace, labelSelector) {
      const path = withQuery(collectionPath(kind, namespace), { labelSelector });
      const { items } = await demand({ method: 'GET', path, headers: {} });
      return (items as readonly KubeObject[]).map((item) => ({
        ...item,
        apiVersion: kind.apiVersion,
        kind: kind.kind,
      }));
    },
    create(object, kind = kindOf(object)) {
      const path = withQuery(collectionPath(kind, object.metadata.namespace), MANAGER);
      return demand({ method: 'POST', path, headers: JSON_BODY, body: JSON.stringify(object) });
    },
    patch(kind, address, change, subresource) {
      const below = subresource === undefined ? '' : `/${subresource}`;
      const path = withQuery(`${pathOf(kind, address)}${below}`, MANAGER);
      const body = JSON.stringify(change);
      return demand({ method: 'PATCH', path, headers: MERGE_BODY, body });
    },
    async remove(kind, address, propagationPolicy = 'Background') {
      const path = withQuery(pathOf(kind, address), { propagationPolicy });
      const { status, body } = await request({ method: 'DELETE', path, headers: {} });
      if (status >= 300 && status !== 404) {
        throw new Error(`DELETE ${path}: ${status} ${body.message}`);
      }
    },
    close: () => transport.close(),
  };
}

const JSON_BODY = { 'content-type': 'application/json' };
const MERGE_BODY = { 'content-type': 'application/merge-patch+json' };

function pathOf(kind: ResourceKind, { namespace, name }: Address): string {
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}
