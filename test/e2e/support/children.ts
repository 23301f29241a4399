/** What belongs to a resource in the cluster, looked at from outside: by label, whoever owns it. */
import assert from 'node:assert/strict';
import { parseResource } from '../../../operator/api/parse.ts';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { record } from '../../../operator/base/read.ts';
import {
  CHILD_KINDS,
  DeploymentKind,
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
} from '../../../operator/base/resource-kinds.ts';
import { desiredObjects } from '../../../operator/desired/desired.ts';
import { DEFAULT_POLICY } from '../../../operator/desired/installer.ts';
import { childName, NAME_LABEL } from '../../../operator/desired/naming.ts';
import { type Address, type Admin, ReplicaSetKind } from './admin.ts';

/** Every object that the operator wants for a resource, as it would apply it. */
export function childrenWanted(resource: KubeObject): readonly KubeObject[] {
  const parsed = parseResource(resource);
  assert.equal(parsed.kind, 'valid', JSON.stringify(parsed));
  if (parsed.kind !== 'valid') return [];
  return desiredObjects(parsed.ha, DEFAULT_POLICY, { podReplacement: 'Surge' });
}

/** The children that exist, the Lease among them, without pods and ReplicaSets. */
export async function childrenOf(
  admin: Admin,
  { namespace = '', name }: Address,
): Promise<readonly KubeObject[]> {
  const selector = `${NAME_LABEL}=${name}`;
  const lists = CHILD_KINDS.map((kind) => admin.list(kind, namespace, selector));
  return (await Promise.all(lists)).flat();
}

export function podsOf(admin: Admin, { namespace = '', name }: Address) {
  return admin.list(PodKind, namespace, `${NAME_LABEL}=${name}`);
}

/** The uids of its pods that are not on their way out, sorted. */
export async function podUids(admin: Admin, address: Address): Promise<readonly string[]> {
  const pods = await podsOf(admin, address);
  return pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.uid ?? '')
    .toSorted();
}

/** The resource itself and everything that is left of it. */
export async function remainsOf(admin: Admin, address: Address): Promise<readonly KubeObject[]> {
  const { namespace = '', name } = address;
  const [resource, children, pods, replicaSets] = await Promise.all([
    admin.get(IngressControllerHAKind, address),
    childrenOf(admin, address),
    podsOf(admin, address),
    admin.list(ReplicaSetKind, namespace, `${NAME_LABEL}=${name}`),
  ]);
  return [...(resource === undefined ? [] : [resource]), ...children, ...pods, ...replicaSets];
}

/** `Lease "a", Pod "b"`: for messages. */
export function namesOf(objects: readonly KubeObject[]): string {
  return objects.map(({ kind, metadata }) => `${kind} "${metadata.name}"`).join(', ');
}

export function deploymentOf(admin: Admin, { namespace = '', name }: Address) {
  return admin.read(DeploymentKind, { namespace, name: childName({ name }) });
}

/** The `spec` of its Lease, empty when there is none. */
export async function leaseSpec(admin: Admin, { namespace = '', name }: Address) {
  const lease = await admin.get(LeaseKind, { namespace, name: `${name}-leader` });
  return record(lease?.spec);
}

/** Name of the ConfigMap that the resource wants now. */
export function configMapWanted(resource: KubeObject): string {
  const found = childrenWanted(resource).find(({ kind }) => kind === 'ConfigMap');
  return found?.metadata.name ?? '';
}
