/** Many stories, one after the other, until one breaks an invariant; and what they were about. */
import type { RefuseReason } from '../../../operator/decide/failover/types.ts';
import { type Counts, type Invariant, noCounts } from './invariants.ts';
import { type FaultName, type Told, tellStory } from './story.ts';

export interface Campaign {
  /** Stories told, the broken one included. */
  readonly stories: number;
  /** The first story in which an invariant was broken; the campaign ends with it. */
  readonly broken: Told | undefined;
  readonly counts: Readonly<Counts>;
  /** Stories with at least one accepted clear. */
  readonly helped: number;
  /** Stories in which a refusal was given, by its reason. */
  readonly refusals: ReadonlyMap<RefuseReason, number>;
  /** How often each has struck. */
  readonly faults: ReadonlyMap<FaultName, number>;
  /** Mean from the death of a holder until somebody led next. */
  readonly leaderlessMs: { readonly assisted: number; readonly plain: number };
  readonly tookMs: number;
}

export interface CampaignOptions {
  readonly firstSeed: number;
  /** How many seeds, one story each. */
  readonly count: number;
  /** Only this invariant ends the campaign. Default: any of them. */
  readonly sought?: Invariant;
}

/** The stories of `count` seeds from `firstSeed` on. */
export function runCampaign({ firstSeed, count, sought }: CampaignOptions): Campaign {
  const startedAtMs = performance.now();
  const totals = { assisted: noCounts(), plain: noCounts() };
  const refusals = new Map<RefuseReason, number>();
  const faults = new Map<FaultName, number>();
  let stories = 0;
  let helped = 0;
  let broken: Told | undefined;
  while (stories < count && broken === undefined) {
    const told = tellStory(firstSeed + stories);
    stories += 1;
    const isAssisted = told.casting.policy.mode === 'Assisted';
    add(isAssisted ? totals.assisted : totals.plain, told.counts);
    if (told.counts.stopped + told.counts.crashed > 0) helped += 1;
    for (const reason of told.refusals) increment(refusals, reason);
    for (const fault of told.faults) increment(faults, fault);
    const isSought = told.violations.some((it) => sought === undefined || it.invariant === sought);
    if (isSought) broken = told;
  }
  const { assisted, plain } = totals;
  const leaderlessMs = {
    assisted: assisted.leaderlessMs / assisted.replacements,
    plain: plain.leaderlessMs / plain.replacements,
  };
  const counts = noCounts();
  add(counts, assisted);
  add(counts, plain);
  const tookMs = performance.now() - startedAtMs;
  return { stories, broken, counts, helped, refusals, faults, leaderlessMs, tookMs };
}

function add(total: Counts, counts: Readonly<Counts>): void {
  for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += counts[name];
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
