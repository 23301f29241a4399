/**
 * From what is to what shall be: the steps between an observation and the desired objects, each
 * with its reason. Pure, so that "what would you do?" costs nothing and can be tested as a table.
 *
 * Never takes over by accident: an object is ours when its controller owner is this resource, or
 * when it carries our labels and has no controller owner. Anything else gives `refuse`.
 */
import type { Ha } from '../api/ha.ts';
import type { KubeObject, ObjectRef } from '../base/kube-object.ts';
import { describeRef, refOf } from '../base/kube-object.ts';
import {
  ConfigMapKind,
  DeploymentKind,
  LeaseKind,
  RESOURCE_KIND,
  RoleBindingKind,
} from '../base/resource-kinds.ts';
import { leaderMark } from '../desired/leader-mark.ts';
import {
  APPLIED_HASH_ANNOTATION,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  NAME_LABEL,
} from '../desired/naming.ts';
import { differences, fingerprint } from './difference.ts';
import { holderAmong } from './holder.ts';
import { withinPatience } from './leadership.ts';
import { allPods, type Present } from './observation.ts';
import { createLease, endLease, keepingMark } from './plan-lease.ts';

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
  readonly rehearse: readonly Step[];
}

export function planChanges(ha: Ha, observation: Present, desired: readonly KubeObject[]): Plan {
  const changes = desired.flatMap((object) => planObject(ha, observation, object));
  const deletes = planDeletes(ha, observation, desired);
  const waves = [
    [...planMarks(ha, observation), ...changes.filter((step) => waveOf(step) === 0)],
    changes.filter((step) => waveOf(step) === 1),
    changes.filter((step) => waveOf(step) === 2),
    deletes,
  ];
  return {
    waves: waves.filter((wave) => wave.length > 0),
    rehearse: changes.filter((step) => kindOfStep(step) === DeploymentKind.kind),
  };
}

function planObject(ha: Ha, observation: Present, desired: KubeObject): readonly Step[] {
  const live = observation.children.find((child) => sameObject(child, desired));
  if (live === undefined) return [createStep(ha, observation, desired)];

  const ownership = ownershipOf(live, ha);
  if (ownership.kind === 'foreign') {
    return [{ kind: 'refuse', ref: refOf(desired), owner: ownership.owner }];
  }
  if (ownership.kind === 'predecessor') {
    return [{ kind: 'await', ref: refOf(desired), what: 'the garbage collector to remove it' }];
  }
  if (live.metadata.deletionTimestamp !== undefined) {
    return [{ kind: 'await', ref: refOf(desired), what: 'its deletion to finish' }];
  }
  const object = keepingMark(desired, live, observation);
  const changed = differences(live, object);
  const mark = changed.length === 0 ? '' : fingerprint(live, object);
  if (changed.length === 0 || observation.memory.harmless.has(mark)) return [];
  const reason = `${changed.find((path) => !path.includes(APPLIED_HASH_ANNOTATION)) ?? 'a field that is no longer wanted'} differs`;
  return [{ kind: 'update', object, live, fingerprint: mark, reason, changed }];
}

function createStep(ha: Ha, observation: Present, desired: KubeObject): Step {
  return desired.kind === LeaseKind.kind
    ? createLease(ha, observation, desired)
    : { kind: 'create', object: desired, reason: 'missing' };
}

/** Before the Deployment: whatever makes pods go must find the leader marked. */
function planMarks(ha: Ha, observation: Present): readonly Step[] {
  const { lease, pods } = observation;
  const { election, namespace } = ha;
  if (election.mode === 'Disabled') return []; // the one replica needs no mark
  const holder = holderAmong(lease?.holder ?? '', pods);
  // In a failover of seconds the old marks do no harm; after it they are wrong.
  if (holder.kind === 'nobody' && (lease === undefined || !isPatienceOver(ha, observation)))
    return [];
  if (holder.kind === 'stranger' && withinPatience(ha, observation)) return [];
  const leader = holder.kind === 'pod' ? holder.pod : undefined;
  return pods
    .filter((pod) => !pod.deleting && pod.mark !== (pod === leader ? 'whole' : 'none'))
    .map((pod) => ({
      kind: 'mark',
      object: leaderMark({ ...pod, namespace }, pod === leader),
      reason: pod === leader ? 'leads' : 'leads no more',
    }));
}

function isPatienceOver(ha: Ha, observation: Present): boolean {
  return observation.memory.lastSignAtMs !== undefined && !withinPatience(ha, observation);
}

/** What the spec no longer wants. ConfigMaps and the Lease wait until no pod can need them. */
function planDeletes(
  ha: Ha,
  observation: Present,
  desired: readonly KubeObject[],
): readonly Step[] {
  const uid = observation.resource.metadata.uid ?? '';
  return observation.children
    .filter((child) => !desired.some((object) => sameObject(child, object)))
    .filter((child) => child.metadata.deletionTimestamp === undefined)
    .filter((child) => isOurs(child, uid) && !stillNeeded(child, observation))
    .map((child) =>
      child.kind === LeaseKind.kind
        ? endLease(ha, observation, child)
        : {
            kind: 'delete',
            ref: refOf(child),
            uid: child.metadata.uid ?? '',
            reason: 'no longer wanted',
          },
    );
}

function stillNeeded(child: KubeObject, observation: Present): boolean {
  if (child.kind !== ConfigMapKind.kind && child.kind !== LeaseKind.kind) return false;
  return !rolledOut(observation) || allPods(observation).some((pod) => uses(pod, child));
}

function uses(pod: Present['pods'][number], child: KubeObject): boolean {
  if (child.kind === LeaseKind.kind) return pod.electionMode !== 'Disabled';
  return pod.configMaps.includes(child.metadata.name);
}

/** The deployment controller has seen the newest template and no older pod is left. */
export function rolledOut(observation: Present): boolean {
  const deployment = observation.deployment;
  return deployment?.current === true && deployment.updated === deployment.replicas;
}

export type Ownership =
  | { readonly kind: 'ours' }
  /** Owned by an earlier resource of the same name: the garbage collector will remove it. */
  | { readonly kind: 'predecessor' }
  | { readonly kind: 'foreign'; readonly owner: string };

/** Whose an object is by its owner; without one it is ours only if it is labelled so. */
export function ownershipOf(live: KubeObject, ha: Pick<Ha, 'name' | 'uid'>): Ownership {
  const owner = live.metadata.ownerReferences?.find((reference) => reference.controller === true);
  if (owner === undefined) return { kind: 'ours' };
  if (owner.uid === ha.uid) return { kind: 'ours' };
  if (owner.kind === RESOURCE_KIND && owner.name === ha.name) return { kind: 'predecessor' };
  return { kind: 'foreign', owner: `${owner.kind} "${owner.name}"` };
}

/** Some object is its controller: then that alone says whose it is. */
export function isControlled({ metadata }: KubeObject): boolean {
  return metadata.ownerReferences?.some(({ controller }) => controller === true) ?? false;
}

/** Carries our labels, naming this resource. */
export function isLabelled({ metadata }: KubeObject, { name }: Pick<Ha, 'name'>): boolean {
  const { [MANAGED_BY_LABEL]: manager, [NAME_LABEL]: resource } = metadata.labels ?? {};
  return manager === MANAGED_BY && resource === name;
}

/** Carries no label of any resource of ours. */
export function isUnclaimed({ metadata }: KubeObject): boolean {
  return metadata.labels?.[NAME_LABEL] === undefined;
}

function isOurs(child: KubeObject, uid: string): boolean {
  const owner = child.metadata.ownerReferences?.find((reference) => reference.controller === true);
  return owner === undefined || owner.uid === uid;
}

function sameObject(a: KubeObject, b: KubeObject): boolean {
  return a.kind === b.kind && a.metadata.name === b.metadata.name && a.apiVersion === b.apiVersion;
}

/**
 * What pods need comes first, bindings after the roles they name, the Deployment last. A new one is
 * made beside the binding, whose check for escalation alone takes the API server about 95 ms: the
 * first pod asks for its Lease long after that.
 */
function waveOf(step: Step): 0 | 1 | 2 {
  const kind = kindOfStep(step);
  if (kind === DeploymentKind.kind) return step.kind === 'create' ? 1 : 2;
  return kind === RoleBindingKind.kind ? 1 : 0;
}

function kindOfStep(step: Step): string {
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
