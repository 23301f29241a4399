/**
 * Which pod a holder of the Lease is: the one rule, for status, marks, failover, history, metrics and
 * commands. An identity is `<host name>_<uuid>`, as controller-runtime makes it; nothing else names a pod.
 *
 * A host name is the name of its pod, unless the pod's spec gives it another one. Names of pods are
 * unique, so only they may be acted upon (`podNamedBy`). Any other host name can be used by other
 * processes too, so it shows people which pod leads, and is never evidence of a death.
 */
import type { KubeObject } from '../../base/kube-object.ts';
import { record, text } from '../../base/read.ts';
import { childName } from '../../desired/naming.ts';
import { hostNameOf } from './holder-name.ts';

/** What the rule reads of a pod. */
export interface NamedPod {
  readonly name: string;
  /**
   * Host name of its processes, where that is not the pod's name. One that ends in a dot is followed by
   * the domain of the cluster, which the API does not give. `NODES_OWN`: the host name of its node.
   */
  readonly hostName?: string;
  readonly nodeName?: string;
}

/** Who holds a Lease, among the pods of one resource. `none`: it has no holder. */
export type Holder<Pod> =
  | { readonly kind: 'none' }
  | { readonly kind: 'pod'; readonly pod: Pod }
  /** One of these pods: which one does not follow from its identity. */
  | { readonly kind: 'one-of'; readonly pods: readonly Pod[] }
  /** By its identity no pod of this resource: another process holds the Lease. */
  | { readonly kind: 'foreign' };

/**
 * The pod has the host name of its node, which is the name of the Node object in most clusters, and unknown
 * in the others.
 */
export const NODES_OWN = '*';
/**
 * The kubelet cuts host names at this length in characters (hostnameMaxLen in pkg/kubelet/kubelet_pods.go),
 * and with them the identity.
 */
export const LONGEST_HOST_NAME = 63;

/** The one pod whose name is the holder's host name, exactly; undefined: none, or more than one. */
export function podNamedBy<Pod extends NamedPod>(
  holder: string,
  pods: readonly Pod[],
): Pod | undefined {
  const name = hostNameOf(holder);
  const found = pods.filter((pod) => pod.name === name);
  return found.length === 1 ? found[0] : undefined;
}

/** The rule in full: by the pod's name, else by a host name of its own. */
export function holderAmong<Pod extends NamedPod>(
  holder: string,
  pods: readonly Pod[],
): Holder<Pod> {
  if (holder === '') return { kind: 'none' };
  const named = podNamedBy(holder, pods);
  if (named !== undefined) return { kind: 'pod', pod: named };
  const host = hostNameOf(holder);
  if (host === undefined) return { kind: 'foreign' };
  const [first, ...more] = pods.filter((pod) => isCalled(pod, host));
  if (first !== undefined && more.length === 0) return { kind: 'pod', pod: first };
  // A pod with the host name of its node may have any name: it counts as one of ours.
  const found = pods.filter((pod) => isCalled(pod, host) || pod.hostName === NODES_OWN);
  return found.length > 0 ? { kind: 'one-of', pods: found } : { kind: 'foreign' };
}

/** The pod of a holder; undefined: none, or no single one, follows from the rule. */
export function podOfHolder<Pod extends NamedPod>(
  holder: string,
  pods: readonly Pod[],
): Pod | undefined {
  const found = holderAmong(holder, pods);
  return found.kind === 'pod' ? found.pod : undefined;
}

/**
 * Whether the pod belongs to a ReplicaSet of our Deployment, whose pods have names that are never used
 * again. A pod with our labels and without an owner, or with another one, is none of ours, even if it
 * holds the Lease.
 */
export function isOfOurDeployment(
  { metadata }: KubeObject,
  resource: { readonly name: string },
): boolean {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner?.kind === 'ReplicaSet' && owner.name.startsWith(`${childName(resource)}-`);
}

/** `hostName` of a pod as the kubelet sets it (pkg/kubelet/kubelet_pods.go); undefined: the pod's own name. */
export function ownHostName({ metadata, spec: fields }: KubeObject): string | undefined {
  const spec = record(fields);
  if (spec.hostNetwork === true) return NODES_OWN;
  const override = text(spec.hostnameOverride);
  if (override !== undefined) return override;
  const short = cut(text(spec.hostname) ?? metadata.name);
  const subdomain = text(spec.subdomain);
  if (spec.setHostnameAsFQDN === true && subdomain !== undefined) {
    return `${short}.${subdomain}.${metadata.namespace ?? ''}.svc.`;
  }
  return short === metadata.name ? undefined : short;
}

function cut(name: string): string {
  return name.length > LONGEST_HOST_NAME
    ? name.slice(0, LONGEST_HOST_NAME).replace(/[-.]+$/, '')
    : name;
}

function isCalled({ hostName, nodeName }: NamedPod, host: string): boolean {
  if (hostName === undefined) return false;
  if (hostName === NODES_OWN) return host === nodeName;
  return hostName.endsWith('.') ? host.startsWith(hostName) : host === hostName;
}
