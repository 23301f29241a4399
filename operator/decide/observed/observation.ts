/**
 * One immutable snapshot of everything that concerns a resource. `control/reconcile/observe.ts` takes it
 * from the caches; from then on every decision reads this value and nothing else.
 */
import type { HaStatus } from '../../api/status.ts';
import type { KubeObject, ObjectKey } from '../../base/kube-object.ts';
import type { FailoverView } from './failover-view.ts';
import type { Lease } from './lease.ts';
import type { Memory } from './memory.ts';
import type { Pod } from './pod.ts';
import type { SharedName } from './shared-name.ts';
import type { BudgetFacts, DeploymentFacts } from './workload.ts';

/** Of a resource that is gone, or of one that is there. */
export type Observation = Absent | Present;

/** The resource is gone; only a Lease, which has no owner, may be left of it. */
export interface Absent {
  readonly kind: 'absent';
  readonly key: ObjectKey;
  readonly leases: readonly KubeObject[];
  /** Uids of those that others use too, as far as was remembered. */
  readonly sharedLeases: readonly string[];
  readonly podCount: number;
  /** Not zero when the user kept the controller: `kubectl delete --cascade=orphan`. */
  readonly deploymentCount: number;
}

/** The resource is there, valid or not. */
export interface Present {
  readonly kind: 'present';
  readonly key: ObjectKey;
  readonly resource: KubeObject;
  /** The status last known: as cached, or as we wrote it when the cache lags behind. */
  readonly status: HaStatus;
  /** Objects that carry our labels with this resource's name, whatever their owner. */
  readonly children: readonly KubeObject[];
  /** Of its own Deployment. */
  readonly pods: readonly Pod[];
  /** Pods with our labels and another owner: they are no replicas, and yet may use our ConfigMaps and Lease. */
  readonly otherPods: readonly Pod[];
  readonly deployment?: DeploymentFacts;
  readonly lease?: Lease;
  readonly budget?: BudgetFacts;
  readonly memory: Memory;
  readonly failover: FailoverView;
  /** Other resources, in any served namespace, that name the same controller. */
  readonly sameController: SharedName;
  /** When it was taken, in ms on our clock. */
  readonly nowMs: number;
}

/** All that carry our labels: each may use what we made, and elect by our Lease. */
export function allPods({ pods, otherPods }: Present): readonly Pod[] {
  return [...pods, ...otherPods];
}
