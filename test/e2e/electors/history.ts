/**
 * What electors of several processes did, on the one monotonic clock of their machine, and what of
 * it must never be. It is told by the electors themselves and believes none of them alone.
 */
import type { ElectionSettings } from '../../../operator/decide/election/settings.ts';
import type { HostLine } from './protocol.ts';

export type Family = 'ours' | 'client-go';

export interface ElectorEvent extends Omit<HostLine, 'atNs'> {
  readonly family: Family;
  readonly atMs: number;
}

/** The one time that an elector led. */
export interface Leadership {
  readonly lease: string;
  readonly elector: string;
  readonly family: Family;
  readonly fromMs: number;
  /** Infinity while it lasts. Ours ends with the renew deadline, even if the process is stopped. */
  readonly untilMs: number;
  /** When its last record was sent that the API server took. */
  readonly renewedAtMs: number;
  readonly writesAtMs: readonly number[];
  /** Those before it led, after it said that it no longer did, or with a deadline that had passed. */
  readonly strayWritesAtMs: readonly number[];
  /** When it sent the record that frees the Lease. */
  readonly releasingAtMs?: number;
  /** `killed` with its process, or an `ElectionEnd`; undefined while it lasts. */
  readonly end?: string;
  /**
   * Whether the next record after its own was an empty one: by the word of the API server, since an
   * elector whose release got no answer does not know. Undefined: nobody has asked.
   */
  readonly freed?: boolean;
}

/** Two that led one Lease at once, or wrote while the other led. */
export interface Overlap {
  readonly earlier: Leadership;
  readonly later: Leadership;
  readonly ms: number;
  readonly writes: number;
}

/** Who led, in the order in which they began. */
export function leadershipsOf(
  events: readonly ElectorEvent[],
  settings: ElectionSettings,
): readonly Leadership[] {
  return [...Map.groupBy(events, ({ elector }) => elector).values()]
    .flatMap((own) => leadershipOf(own, settings) ?? [])
    .toSorted((a, b) => a.fromMs - b.fromMs);
}

/** Everything that must not be, one sentence each. */
export function problemsOf(
  leaderships: readonly Leadership[],
  settings: ElectionSettings,
): readonly string[] {
  return [
    ...overlapsOf(leaderships).map(describeOverlap),
    ...leaderships.flatMap(describeStrayWrites),
    ...leaderships.flatMap(earlyRelease),
    ...successions(leaderships).flatMap(([before, after]) => [
      ...earlySuccession(before, after, settings),
      ...lateSuccession(before, after, settings),
    ]),
  ];
}

/**
 * Of these, what no lack of CPU excuses. client-go bounds its tries to renew and not the age of a renewal: one
 * that stands still may lead beside another. And whoever stands still succeeds late.
 */
export function breachesOf(
  leaderships: readonly Leadership[],
  settings: ElectionSettings,
): readonly string[] {
  const ours = leaderships.filter(({ family }) => family === 'ours');
  return [
    ...overlapsOf(leaderships)
      .filter(({ earlier }) => earlier.family === 'ours')
      .map(describeOverlap),
    ...ours.flatMap(describeStrayWrites),
    ...ours.flatMap(earlyRelease),
    ...successions(leaderships).flatMap(([before, after]) =>
      earlySuccession(before, after, settings),
    ),
  ];
}

export function overlapsOf(leaderships: readonly Leadership[]): readonly Overlap[] {
  return leaderships
    .flatMap((earlier, index) =>
      leaderships.slice(index + 1).flatMap((later) => {
        if (later.lease !== earlier.lease) return [];
        const ms = Math.max(0, Math.min(earlier.untilMs, later.untilMs) - later.fromMs);
        return [{ earlier, later, ms, writes: writesWithin(earlier, later) }];
      }),
    )
    .filter(({ ms, writes }) => ms > 0 || writes > 0);
}

/** `client-go -> ours` and the like, with the times in ms without a leader. */
export function turnsOf(
  leaderships: readonly Leadership[],
): ReadonlyMap<string, readonly number[]> {
  const turns = successions(leaderships);
  const byFamilies = Map.groupBy(turns, ([before, after]) => `${before.family} -> ${after.family}`);
  return new Map(
    [...byFamilies].map(([families, ofThem]) => [
      families,
      ofThem.map(([before, after]) => after.fromMs - before.untilMs),
    ]),
  );
}

/** Each leadership with the next one of its Lease. */
function successions(
  leaderships: readonly Leadership[],
): readonly (readonly [before: Leadership, after: Leadership])[] {
  return leaderships.flatMap((before, index) => {
    const after = leaderships.slice(index + 1).find(({ lease }) => lease === before.lease);
    return after === undefined ? [] : [[before, after] as const];
  });
}

function leadershipOf(
  events: readonly ElectorEvent[],
  { renewDeadlineMs }: ElectionSettings,
): Leadership | undefined {
  const first = events.find(({ kind }) => kind === 'leading');
  if (first === undefined) return undefined;
  const { lease, elector, family, atMs: fromMs } = first;
  const stopped = events.find(({ kind }) => kind === 'stopped' || kind === 'ended');
  const ended = events.find(({ kind }) => kind === 'ended');
  const releasing = events.find(({ kind }) => kind === 'releasing');
  const saidMs = stopped?.atMs ?? Number.POSITIVE_INFINITY;
  const renewedAtMs = Math.max(...timesOf(events, 'renewed'));
  // client-go bounds the tries to renew, and not the age of the last one that succeeded.
  const toleratedMs = family === 'ours' ? renewDeadlineMs : Number.POSITIVE_INFINITY;
  return {
    lease,
    elector,
    family,
    fromMs,
    untilMs: Math.min(saidMs, renewedAtMs + toleratedMs),
    renewedAtMs,
    writesAtMs: timesOf(events, 'write'),
    strayWritesAtMs: strayWrites(events, toleratedMs),
    ...(releasing && { releasingAtMs: releasing.atMs }),
    ...(ended?.how !== undefined && { end: ended.how }),
  };
}

/** Events stand in the order in which they were told: a renewal counts from its answer on. */
function strayWrites(events: readonly ElectorEvent[], toleratedMs: number): readonly number[] {
  const stray: number[] = [];
  let deadlineMs = Number.NEGATIVE_INFINITY;
  let leads = false;
  for (const { kind, atMs } of events) {
    if (kind === 'renewed') deadlineMs = atMs + toleratedMs;
    if (kind === 'leading') leads = true;
    if (kind === 'stopped' || kind === 'ended') leads = false;
    if (kind === 'write' && !(leads && atMs < deadlineMs)) stray.push(atMs);
  }
  return stray;
}

/** When it told that, in the order in which it was told; in ms. */
export function timesOf(
  events: readonly ElectorEvent[],
  wanted: HostLine['kind'],
): readonly number[] {
  return events.filter(({ kind }) => kind === wanted).map(({ atMs }) => atMs);
}

/** Of either one, while the other led. */
function writesWithin(earlier: Leadership, later: Leadership): number {
  const during = (writes: readonly number[], { fromMs, untilMs }: Leadership) =>
    writes.filter((atMs) => atMs >= fromMs && atMs < untilMs).length;
  return during(earlier.writesAtMs, later) + during(later.writesAtMs, earlier);
}

function describeOverlap({ earlier, later, ms, writes }: Overlap): string {
  const both = `${earlier.elector} and ${later.elector}`;
  return `${both} led ${earlier.lease} at once for ${ms} ms, with ${writes} writes`;
}

function describeStrayWrites(one: Leadership): readonly string[] {
  const { elector, fromMs, untilMs, strayWritesAtMs } = one;
  return strayWritesAtMs.map(
    (atMs) => `${elector} wrote at ${atMs}, leading from ${fromMs} to ${untilMs}`,
  );
}

/** client-go may release beside its work when it has lost; ours has stopped whenever it releases. */
function earlyRelease({ elector, family, untilMs, releasingAtMs }: Leadership): readonly string[] {
  if (family !== 'ours' || releasingAtMs === undefined || releasingAtMs >= untilMs) return [];
  return [`${elector} released at ${releasingAtMs}, leading until ${untilMs}`];
}

/** Before the Lease had expired, of one that had not freed it. */
function earlySuccession(
  before: Leadership,
  after: Leadership,
  settings: ElectionSettings,
): readonly string[] {
  const expiryMs = expiryOf(before, settings);
  const { end, releasingAtMs = Number.POSITIVE_INFINITY, freed = end === 'released' } = before;
  const freedItself = freed && releasingAtMs <= after.fromMs;
  if (after.fromMs >= expiryMs || freedItself) return [];
  return [`${describeSuccession(before, after)}, before its Lease expired at ${expiryMs}`];
}

/**
 * After it had expired, of one that says it had freed it. One that does not know whether it had
 * (`unreleased`) may be succeeded early or late: its release may have been carried out although no answer
 * came, and nobody can tell when.
 */
function lateSuccession(
  before: Leadership,
  after: Leadership,
  settings: ElectionSettings,
): readonly string[] {
  const expiryMs = expiryOf(before, settings);
  if (after.fromMs < expiryMs || before.end !== 'released') return [];
  const when = describeSuccession(before, after);
  return [`${when}, as if it had not been released before ${expiryMs}`];
}

function expiryOf({ renewedAtMs }: Leadership, { leaseDurationMs }: ElectionSettings): number {
  return renewedAtMs + leaseDurationMs;
}

function describeSuccession(before: Leadership, after: Leadership): string {
  return `${after.elector} succeeded ${before.elector} at ${after.fromMs}`;
}
