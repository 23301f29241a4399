/**
 * Comparing `metadata.resourceVersion`. Versions of one kind are whole numbers that grow (KEP-5504,
 * Kubernetes 1.35); anything else is believed as it comes.
 */

/** True only when both are whole numbers and `a` is the greater one; unknown versions are not. */
export function isNewerVersion(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (!/^[0-9]+$/.test(a) || !/^[0-9]+$/.test(b)) return false;
  return BigInt(a) > BigInt(b);
}
