/** One write that a plan asks for, the plan itself, and how logs name them. */
import { describeRef, type KubeObject, type ObjectRef, refOf } from '../../base/kube-object.ts';
import { DeploymentKind, RoleBindingKind } from '../../base/resource-kinds.ts';

export type Step =
  | {
      readonly kind: 'create';
      readonly object: KubeObject;
      /** `spec` of a Lease deleted under a living leader: it is given back with it, by POST. */
      readonly record?: Readonly<Record<string, unknown>>;
      /** Uid of the object that we lost sight of: if it is still there, it has lost our labels. */
      readonly formerUid?: string;
      /** The user has agreed to share an object of that name which nobody has labelled. */
      readonly share?: boolean;
      readonly reason: string;
    }
  | {
      readonly kind: 'update';
      readonly object: KubeObject;
      readonly live: KubeObject;
      readonly fingerprint: string;
      readonly reason: string;
      readonly changed: readonly string[];
    }
  | {
      readonly kind: 'delete';
      readonly ref: ObjectRef;
      readonly uid: string;
      /** Of a Lease: whoever takes it meanwhile keeps it. */
      readonly resourceVersion?: string;
      readonly reason: string;
    }
  /** Our labels come off a Lease that others may use; the object names none of our fields. */
  | { readonly kind: 'give-back'; readonly object: KubeObject; readonly reason: string }
  /** A pod begins or ends to carry the marks of the leader; one that is gone needs none. */
  | { readonly kind: 'mark'; readonly object: KubeObject; readonly reason: string }
  | { readonly kind: 'refuse'; readonly ref: ObjectRef; readonly owner: string }
  | { readonly kind: 'await'; readonly ref: ObjectRef; readonly what: string };

/** Steps that may run side by side; the next wave starts when the one before has succeeded. */
export type Wave = readonly Step[];

export interface Plan {
  readonly waves: readonly Wave[];
  /** Applied as a dry run before anything is written: its refusal stops the whole plan. */
  readonly dryRun: readonly Step[];
}

/**
 * What pods need comes first, bindings after the roles they name, the Deployment last. A new one is
 * made beside the binding, whose check for escalation alone takes the API server about 95 ms: the
 * first pod asks for its Lease long after that.
 */
export function waveOf(step: Step): 0 | 1 | 2 {
  const kind = kindOfStep(step);
  if (kind === DeploymentKind.kind) return step.kind === 'create' ? 1 : 2;
  return kind === RoleBindingKind.kind ? 1 : 0;
}

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
