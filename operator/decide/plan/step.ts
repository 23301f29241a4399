/** One write that a plan asks for, the plan itself, and how logs name its steps. */
import { describeRef, type KubeObject, type ObjectRef, refOf } from '../../base/kube-object.ts';
import { DeploymentKind, RoleBindingKind } from '../../base/resource-kinds.ts';

/** One change of one object. */
export type Step =
  /** No object of ours of that name is in the caches. */
  | {
      readonly kind: 'create';
      readonly object: KubeObject;
      /** `spec` of a Lease deleted under a living leader: it is created again with it, by POST. */
      readonly record?: Readonly<Record<string, unknown>>;
      /** Uid of the object that the watch no longer delivers: if it still exists, it has lost our labels. */
      readonly formerUid?: string;
      /** The user has agreed to share an object of that name that carries no label of any resource. */
      readonly share?: boolean;
      readonly reason: string;
    }
  | {
      readonly kind: 'update';
      readonly object: KubeObject;
      readonly live: KubeObject;
      /** See `fingerprint` in difference.ts; '' for none. */
      readonly fingerprint: string;
      readonly reason: string;
      /** Paths of the fields that differ, at most 5. */
      readonly changed: readonly string[];
    }
  | {
      readonly kind: 'delete';
      readonly ref: ObjectRef;
      readonly uid: string;
      /** Of a Lease: it is not deleted if it was acquired or renewed meanwhile. */
      readonly resourceVersion?: string;
      readonly reason: string;
    }
  /** Our labels come off a Lease that others may use; the object names none of our fields. */
  | { readonly kind: 'give-back'; readonly object: KubeObject; readonly reason: string }
  /** A pod is given the marks of the leader, or loses them; one that is gone needs none. */
  | { readonly kind: 'mark'; readonly object: KubeObject; readonly reason: string }
  /** It exists and is not ours: nothing is written. */
  | { readonly kind: 'refuse'; readonly ref: ObjectRef; readonly owner: string }
  /** It has to be removed first, which others do. */
  | { readonly kind: 'await'; readonly ref: ObjectRef; readonly what: string };

/** Steps that may run side by side; the next wave starts when the one before has succeeded. */
export type Wave = readonly Step[];

/** All steps of one reconcile. */
export interface Plan {
  readonly waves: readonly Wave[];
  /** Applied as a dry run before anything is written: if the API server rejects one, no step runs. */
  readonly dryRun: readonly Step[];
}

/**
 * Which wave of the plan a step belongs to. What pods need comes first, bindings after the roles they
 * name, the Deployment last. A new one is created beside the binding, whose check for escalation alone
 * takes the API server about 95 ms: the first pod asks for its Lease long after that.
 */
export function waveOf(step: Step): 0 | 1 | 2 {
  const kind = kindOfStep(step);
  if (kind === DeploymentKind.kind) return step.kind === 'create' ? 1 : 2;
  return kind === RoleBindingKind.kind ? 1 : 0;
}

/** The kind of the object that a step is about: `Deployment`. */
export function kindOfStep(step: Step): string {
  return refOfStep(step).kind;
}

/** The object that a step is about. */
export function refOfStep(step: Step): ObjectRef {
  return 'object' in step ? refOf(step.object) : step.ref;
}

/** How logs and events name a step: `create Deployment "prod/edge"`. */
export function describeStep(step: Step): string {
  return `${step.kind} ${describeRef(refOfStep(step))}`;
}
