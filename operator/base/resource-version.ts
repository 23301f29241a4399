/**
 * Comparing `metadata.resourceVersion`. Versions of one kind are whole numbers that grow (KEP-5504, Kubernetes 1.35);
 * any other text has no order, and the caller takes the object that came last for the newer one.
 */

/** True only when both are whole numbers and `a` is the greater one. */
export function isNewerVersion(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (!/^[0-9]+$/.test(a) || !/^[0-9]+$/.test(b)) return false;
  return BigInt(a) > BigInt(b);
}
