/**
 * What to do about an object that exists already under the name of one of ours that was to be created: our
 * caches hold labelled objects only, so a create is preceded by one live read.
 */
import type { Ha } from '../../api/ha.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { MANAGED_BY_LABEL, NAME_LABEL } from '../../desired/naming.ts';
import {
  isControlled,
  isLabelled,
  isUnclaimed,
  type Ownership,
  ownershipOf,
} from '../observed/ownership.ts';
import { differences, fingerprint } from './difference.ts';
import { markedLike } from './lease-end.ts';
import type { StepResult } from './outcome.ts';
import type { Step } from './step.ts';

type Create = Extract<Step, { kind: 'create' }>;

/** `go`: run this step, which fits the live object; `stop`: run no step of the plan, for this reason. */
export type Adoption =
  | { readonly kind: 'go'; readonly step: Step }
  | { readonly kind: 'stop'; readonly result: StepResult };

/**
 * An object of that name exists. It is ours if it has lost its labels, or if our caches do not hold it yet
 * (a lost answer, a late watch): then it is updated. Else the step is refused.
 */
export function adopt(step: Create, live: KubeObject, owner: Pick<Ha, 'name' | 'uid'>): Adoption {
  if (live.metadata.deletionTimestamp !== undefined) {
    return { kind: 'stop', result: { kind: 'awaiting', step, what: 'its deletion to finish' } };
  }
  const ownership = ownershipOf(live, owner);
  if (ownership.kind === 'predecessor') {
    const what = 'the garbage collector to remove it';
    return { kind: 'stop', result: { kind: 'awaiting', step, what } };
  }
  const { uid } = live.metadata;
  const known =
    isControlled(live) ||
    isLabelled(live, owner) ||
    (step.formerUid ?? '') === uid ||
    (step.share === true && isUnclaimed(live));
  if (ownership.kind === 'foreign' || !known) {
    return { kind: 'stop', result: { kind: 'refused', step, owner: ownerOf(live, ownership) } };
  }
  const object = markedLike(live, step.object);
  const changed = differences(live, object);
  const reason = 'not known to exist';
  const mark = fingerprint(live, object);
  return { kind: 'go', step: { kind: 'update', object, live, fingerprint: mark, reason, changed } };
}

function ownerOf(live: KubeObject, ownership: Ownership): string {
  if (ownership.kind === 'foreign') return ownership.owner;
  const manager = live.metadata.labels?.[MANAGED_BY_LABEL];
  const instance = live.metadata.labels?.[NAME_LABEL];
  if (instance !== undefined) return `another IngressControllerHA, "${instance}"`;
  return manager === undefined ? 'somebody else' : `"${manager}"`;
}
