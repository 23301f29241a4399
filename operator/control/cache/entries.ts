/** One object in a cache: as its watch delivered it, and as we wrote it ahead of that. */
import type { KubeObject } from '../../base/kube-object.ts';

/** At least one of both states. */
export interface Entry {
  /** As the watch delivered it. */
  readonly delivered?: KubeObject;
  /** As we wrote it, ahead of the watch; it counts until `untilMs` on the monotonic clock. */
  readonly written?: { readonly object: KubeObject; readonly untilMs: number };
}

/** By the text of a reference. */
export type Entries = Map<string, Entry>;

/** The state that counts now; undefined: there is none. */
export function currentOf(entry: Entry | undefined, nowMs: number): KubeObject | undefined {
  return writtenOf(entry, nowMs) ?? entry?.delivered;
}

/** As we wrote it, while that counts. */
export function writtenOf(entry: Entry | undefined, nowMs: number): KubeObject | undefined {
  const written = entry?.written;
  return written !== undefined && nowMs < written.untilMs ? written.object : undefined;
}

/** The states that count now. */
export function currentObjects(entries: Entries | undefined, nowMs: number): readonly KubeObject[] {
  return [...(entries?.values() ?? [])].flatMap((entry) => currentOf(entry, nowMs) ?? []);
}
