/**
 * Everything that goes into a report, read one after the other so that a loaded API server hardly
 * notices. What cannot be read becomes a gap, and the rest is collected all the same. Secrets are never
 * asked for: there is no request to them in this folder.
 */

import { CRD_NAME } from '../../api/crd.ts';
import { leaseNameOf } from '../../api/lease-name.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import {
  ConfigMapKind,
  CustomResourceDefinitionKind,
  DeploymentKind,
  DisruptionBudgetKind,
  EventKind,
  IngressControllerHAKind,
  LeaseKind,
  NodeKind,
  PodKind,
  type ResourceKind,
  RoleBindingKind,
  RoleKind,
  refTo,
  ServiceKind,
} from '../../base/resource-kinds.ts';
import { podOfHolder } from '../../decide/observed/holder.ts';
import { readLease } from '../../decide/observed/lease.ts';
import { readPod } from '../../decide/observed/pod.ts';
import { childName, selectorText } from '../../desired/naming.ts';
import { operatorParts } from './collect-operator.ts';
import {
  type Address,
  addPage,
  type Collected,
  type Collection,
  type CollectOptions,
  listed,
  pathOf,
  tryGet,
  tryList,
} from './collection.ts';

const ReplicaSetKind: ResourceKind = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  scope: 'Namespaced',
};

/** Newest first; an API server keeps events for an hour. */
const MAX_EVENTS = 1_000;

/** Throws a KubeError only when the resources themselves cannot be read. */
export async function collect(options: CollectOptions): Promise<Collected> {
  const collection: Collection = { options, parts: [], gaps: [] };
  const resources = await resourcesOf(options);
  const nodes = new Set<string>();
  for (const resource of resources) {
    collection.parts.push({ kind: 'object', object: resource });
    const children = await childrenOf(collection, resource);
    for (const object of children) collection.parts.push({ kind: 'object', object });
    const node = leaderNode(children);
    if (node !== undefined) nodes.add(node);
  }
  for (const name of [...nodes].toSorted()) await addOne(collection, NodeKind, { name });
  await addOne(collection, CustomResourceDefinitionKind, { name: CRD_NAME });
  const operator = await operatorParts(collection);
  await addEvents(collection, [...resources, ...operator]);
  await addPage(
    collection,
    { path: '/version', what: 'version of the API server' },
    'versions/server',
  );
  return { parts: collection.parts, gaps: collection.gaps };
}

async function resourcesOf(options: CollectOptions): Promise<readonly KubeObject[]> {
  const { client, call, namespace, name } = options;
  if (name !== undefined) {
    return [await client.get(refTo(IngressControllerHAKind, { namespace, name }), call)];
  }
  const found = await listed(options, IngressControllerHAKind, { namespace });
  return found.toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
}

async function childrenOf(
  collection: Collection,
  { metadata, ...rest }: KubeObject,
): Promise<readonly KubeObject[]> {
  const { namespace = '', name } = metadata;
  const labelSelector = selectorText({ name });
  const found: KubeObject[] = [];
  for (const kind of [DeploymentKind, ReplicaSetKind, PodKind, ConfigMapKind]) {
    found.push(...(await tryList(collection, kind, { namespace, labelSelector })));
  }
  for (const kind of [RoleKind, RoleBindingKind, DisruptionBudgetKind, ServiceKind]) {
    found.push(...(await tryGet(collection, kind, { namespace, name: childName({ name }) })));
  }
  const leaseName = leaseNameOf({ metadata, ...rest });
  found.push(...(await tryGet(collection, LeaseKind, { namespace, name: leaseName })));
  return found;
}

function leaderNode(children: readonly KubeObject[]): string | undefined {
  const lease = children.find(({ kind }) => kind === LeaseKind.kind);
  const pods = children.filter(({ kind }) => kind === PodKind.kind).map(readPod);
  return lease && podOfHolder(readLease(lease).holder, pods)?.nodeName;
}

async function addOne(collection: Collection, kind: ResourceKind, at: Address): Promise<void> {
  for (const object of await tryGet(collection, kind, at))
    collection.parts.push({ kind: 'object', object });
}

/** Those about what is in the report already, oldest first. */
async function addEvents(collection: Collection, about: readonly KubeObject[]): Promise<void> {
  const { options, parts } = collection;
  const uids = new Set(
    parts.flatMap((part) => (part.kind === 'object' ? [part.object.metadata.uid] : [])),
  );
  const namespaces = new Set(about.map(({ metadata }) => metadata.namespace ?? ''));
  const found: KubeObject[] = [];
  for (const namespace of [...namespaces].toSorted()) {
    for (const event of await tryList(collection, EventKind, { namespace })) {
      const { involvedObject } = event as { readonly involvedObject?: { readonly uid?: string } };
      const atMs = Date.parse(timeOf(event));
      const tooOld = options.sinceMs !== undefined && options.nowMs - atMs > options.sinceMs;
      if (uids.has(involvedObject?.uid) && !tooOld) found.push(event);
    }
  }
  const sorted = found.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  if (sorted.length > MAX_EVENTS) {
    collection.gaps.push(`Of ${sorted.length} events only the newest ${MAX_EVENTS} are here`);
  }
  for (const object of sorted.slice(-MAX_EVENTS)) parts.push({ kind: 'object', object });
}

function timeOf({ metadata, ...event }: KubeObject): string {
  const { lastTimestamp, eventTime } = event;
  return String(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '');
}

function sortKey(event: KubeObject): string {
  return `${timeOf(event)} ${pathOf(event)}`;
}
