/** What is still worth writing of a status that was refused: pure, and never more than two more tries. */
import { isDeepStrictEqual } from 'node:util';
import type { HaStatus } from '../api/status.ts';

/** These say what the status is about, and go last. */
const KEPT: ReadonlySet<string> = new Set(['observedGeneration', 'conditions']);

/**
 * First without what the refusal names (`status.leader.identity: Too long`, `.status.standbys: field not
 * declared in schema`), then the conditions alone. Never what was refused already.
 */
export function leanerStatuses(refused: HaStatus, message: string): readonly HaStatus[] {
  const named = new Set([...message.matchAll(/\bstatus\.([A-Za-z]+)/g)].map(([, name]) => name));
  const without = keeping(refused, (name) => KEPT.has(name) || !named.has(name));
  const bare = keeping(refused, (name) => KEPT.has(name));
  return [without, bare].filter(
    (one, place, all) =>
      !isDeepStrictEqual(one, refused) &&
      !all.slice(0, place).some((it) => isDeepStrictEqual(it, one)),
  );
}

function keeping(status: HaStatus, keep: (name: string) => boolean): HaStatus {
  const members = Object.entries(status).filter(([name]) => keep(name));
  return { ...Object.fromEntries(members), observedGeneration: status.observedGeneration };
}
