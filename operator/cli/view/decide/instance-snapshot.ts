/**
 * What was read of one resource and of what belongs to it. Every command that shows or judges a resource starts from
 * this shape; the other one is `InstanceView`, which is what it shows.
 */
import type { KubeFailure } from '../../../base/failure.ts';
import type { KubeObject } from '../../../base/kube-object.ts';

/** The objects as the API server gave them. A child that does not exist is missing, as is one that `gaps` names. */
export interface InstanceSnapshot {
  readonly resource: KubeObject;
  readonly deployment?: KubeObject;
  /** Sorted by name. */
  readonly pods: readonly KubeObject[];
  readonly lease?: KubeObject;
  readonly budget?: KubeObject;
  /** What could not be read, sorted by kind. Empty: everything was read. */
  readonly gaps: readonly ReadGap[];
}

/** A kind of object that could not be read, so that objects of it may exist. */
export interface ReadGap {
  /** Plural of the kind, such as `pods`. */
  readonly what: string;
  readonly failure: KubeFailure;
}

/** `pods in "prod" could not be read: …`: one sentence on one line. */
export function gapText(
  { what, failure }: ReadGap,
  { resource }: Pick<InstanceSnapshot, 'resource'>,
): string {
  const { namespace = '' } = resource.metadata;
  return `${what} in "${namespace}" could not be read: ${failure.message.split('\n')[0]}`;
}
