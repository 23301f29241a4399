/** Reading `status.conditions` of an object of Kubernetes, whatever its kind. */
import type { KubeObject } from './kube-object.ts';
import { record, records } from './read.ts';

/** The condition of that type; undefined when the object has none, or no status yet. */
export function conditionOf(
  object: KubeObject,
  type: string,
): Readonly<Record<string, unknown>> | undefined {
  return records(record(object.status).conditions).find((condition) => condition.type === type);
}

/**
 * Whether the condition of that type has the status True. False and Unknown are not, and neither is a condition that
 * is missing: a Pod or a Node is ready only if it says so itself.
 */
export function isConditionTrue(object: KubeObject, type: string): boolean {
  return conditionOf(object, type)?.status === 'True';
}
