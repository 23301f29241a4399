/** What is tried instead of a status that the API server rejected: at most three statuses with less in them. */
import { isDeepStrictEqual } from 'node:util';
import type { HaStatus } from '../../api/status.ts';

/** What the conditions and the generation need: left out last. */
const KEPT: ReadonlySet<string> = new Set(['observedGeneration', 'conditions']);
/** What an autoscaler reads, and the history, which cannot be computed again. */
const LASTING: ReadonlySet<string> = new Set(['replicas', 'selector', 'failovers']);

/**
 * First without what `message`, the rejection, names (`status.leader.identity: Too long`, `.status.standbys:
 * field not declared in schema`; of the lasting part what is `stored` now stays, since that was accepted),
 * then the conditions with the lasting part of what is stored, then the conditions alone. Never what was
 * rejected already.
 */
export function leanerStatuses(
  rejected: HaStatus,
  message: string,
  stored: HaStatus,
): readonly HaStatus[] {
  const named = new Set([...message.matchAll(/\bstatus\.([A-Za-z]+)/g)].map(([, name]) => name));
  const bare = keeping(rejected, (name) => KEPT.has(name));
  const lasting = keeping(stored, (name) => LASTING.has(name));
  const candidates = [
    {
      ...keeping(stored, (name) => LASTING.has(name) && named.has(name)),
      ...keeping(rejected, (name) => KEPT.has(name) || !named.has(name)),
    },
    { ...lasting, ...bare },
    bare,
  ];
  return candidates.filter(
    (one, place) =>
      ![rejected, ...candidates.slice(0, place)].some((it) => isDeepStrictEqual(it, one)),
  );
}

function keeping(status: HaStatus, keep: (name: string) => boolean): HaStatus {
  const members = Object.entries(status).filter(([name]) => keep(name));
  return { ...Object.fromEntries(members), observedGeneration: status.observedGeneration };
}
