/** Giving a Lease back to those who use it too: our labels are removed, and nothing else. */
import { failureOf } from '../../base/failure.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { withoutOurLabels } from '../../decide/plan/lease-end.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';

/**
 * Removes our labels from a Lease and leaves its record alone; `address` as `givenBack` makes it. Returns the
 * Lease; undefined: it is gone. Throws a KubeError, a conflict when another client wrote meanwhile or when
 * there is no Lease of that uid any more: then observe again.
 */
export async function giveBack(
  kube: Pick<KubeClient, 'apply' | 'replace'>,
  address: KubeObject,
  options: CallOptions,
): Promise<KubeObject | undefined> {
  try {
    const left = await kube.apply(address, { ...options, conflicts: 'force' });
    const cleaned = withoutOurLabels(left);
    return cleaned === undefined ? left : await kube.replace(cleaned, options);
  } catch (error) {
    // It was deleted between the two writes, or its namespace was: then there is nothing left to give back.
    const { kind } = failureOf(error);
    if (kind === 'not-found' || kind === 'invalid') return undefined;
    throw error;
  }
}
