/**
 * The steps from an observation to the desired objects, each with its reason. Pure, so that a plan can be
 * shown without a write, and tested as a table.
 *
 * Never takes over by accident: an object is ours when its controller owner is this resource, or
 * when it carries our labels and has no controller owner. Anything else gives `refuse`.
 */
import type { Ha } from '../../api/ha.ts';
import { type KubeObject, refOf } from '../../base/kube-object.ts';
import { ConfigMapKind, DeploymentKind, LeaseKind } from '../../base/resource-kinds.ts';
import { APPLIED_HASH_ANNOTATION } from '../../desired/naming.ts';
import { leaderMark } from '../../desired/pod/leader-mark.ts';
import { withinGracePeriod } from '../election/leadership.ts';
import { holderAmong } from '../observed/holder.ts';
import { allPods, type Present } from '../observed/observation.ts';
import { ownershipOf } from '../observed/ownership.ts';
import { differences, fingerprint } from './difference.ts';
import { createLease, endLease, keepingMark } from './plan-lease.ts';
import { kindOfStep, type Plan, type Step, waveOf } from './step.ts';

/** Steps in waves: an object that is as desired has none. `desired`: all children that the resource wants. */
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
    dryRun: changes.filter((step) => kindOfStep(step) === DeploymentKind.kind),
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
  if (changed.length === 0 || observation.memory.noOps.has(mark)) return [];
  const reason = `${changed.find((path) => !path.includes(APPLIED_HASH_ANNOTATION)) ?? 'a field that is no longer wanted'} differs`;
  return [{ kind: 'update', object, live, fingerprint: mark, reason, changed }];
}

function createStep(ha: Ha, observation: Present, desired: KubeObject): Step {
  return desired.kind === LeaseKind.kind
    ? createLease(ha, observation, desired)
    : { kind: 'create', object: desired, reason: 'missing' };
}

/** Before the Deployment: what removes pods (a rollout, a smaller scale) must find the leader marked. */
function planMarks(ha: Ha, observation: Present): readonly Step[] {
  const { lease, pods } = observation;
  const { election, namespace } = ha;
  if (election.mode === 'Disabled') return []; // the one replica needs no mark
  const holder = holderAmong(lease?.holder ?? '', pods);
  // Within the grace period of a failover the old marks stay; after it they are wrong.
  if (holder.kind === 'none' && (lease === undefined || !isGracePeriodOver(ha, observation)))
    return [];
  if (holder.kind === 'foreign' && withinGracePeriod(ha, observation)) return [];
  const leader = holder.kind === 'pod' ? holder.pod : undefined;
  return pods
    .filter((pod) => !pod.deleting && pod.mark !== (pod === leader ? 'whole' : 'none'))
    .map((pod) => ({
      kind: 'mark',
      object: leaderMark({ ...pod, namespace }, pod === leader),
      reason: pod === leader ? 'leads' : 'leads no more',
    }));
}

function isGracePeriodOver(ha: Ha, observation: Present): boolean {
  return observation.memory.lastRenewalAtMs !== undefined && !withinGracePeriod(ha, observation);
}

/** What the spec no longer wants. ConfigMaps and the Lease wait until no pod can need them. */
function planDeletes(
  ha: Ha,
  observation: Present,
  desired: readonly KubeObject[],
): readonly Step[] {
  return observation.children
    .filter((child) => !desired.some((object) => sameObject(child, object)))
    .filter((child) => child.metadata.deletionTimestamp === undefined)
    .filter((child) => ownershipOf(child, ha).kind === 'ours' && !stillNeeded(child, observation))
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

/** Whether the deployment controller has observed the newest template, and no older pod is left. */
export function rolledOut(observation: Present): boolean {
  const deployment = observation.deployment;
  return deployment?.current === true && deployment.updated === deployment.replicas;
}

function sameObject(a: KubeObject, b: KubeObject): boolean {
  return a.kind === b.kind && a.metadata.name === b.metadata.name && a.apiVersion === b.apiVersion;
}
