/**
 * How long nobody led, as an interval that holds the true value whatever the delays on the way:
 *
 *     the strike is sent ─ the old process ends ─ its end is seen
 *                          ├──── leaderless ────┤ …
 *     a read is sent that does not show the new holder ─ it takes the Lease ─ a renewal by it is seen
 *
 * The old leader worked at least until the strike was sent (or until a push of its was seen to end later),
 * and at most until its end was reported. The new one cannot lead before the last read was sent that did
 * not show it, since a read shows the state of a moment after it was sent; and it has got the answer when it
 * renews, at once after it has taken the Lease. Its work begins beside that renewal and not before it, which
 * is the one thing that is assumed and not seen: it begins within START_MS of that sample. No clock is
 * compared with another but for the kubelet's whole seconds, and there only in the one direction that is
 * sure. All instants are ms on one monotonic clock, unless named otherwise.
 */
import { defined } from '../../../base/defined.ts';
import type { DeathReport, Evidence, LeaseSample } from './evidence.ts';
import { between, type Duration, type Span } from './span.ts';

/** What a failover has taken, and when. Instants in ms on our monotonic clock. */
export interface Measured {
  readonly to: string;
  /** When the old one stopped to lead. */
  readonly end: Span;
  /** When the new one began. */
  readonly begin: Span;
  /** When the Lease was first seen with the new holder: the best single value for `begin`. */
  readonly seenAtMs: number;
  /** By the new holder's clock. */
  readonly acquireTime?: string;
  readonly leaderless: Duration;
}

/** A busy machine may start the new leader's work later than its next renewal: seen up to 80 ms. */
export const START_MS = 250;

/** Undefined until another one has taken the Lease and has renewed it, which shows that it got the answer. */
export function measure(evidence: Evidence): Measured | undefined {
  const acquired = acquisitionIn(evidence);
  if (acquired === undefined) return undefined;
  const to = acquired.record.holderIdentity;
  const knownAtMs = renewedAtMs(evidence, to);
  if (knownAtMs === undefined) return undefined;
  const latestMs = knownAtMs + START_MS;
  const begin = { earliestMs: notBeforeMs(evidence, acquired), latestMs };
  const end = endOf(evidence, begin);
  const { acquireTime } = acquired.record;
  const seenAtMs = acquired.atMs;
  return defined({ to, end, begin, seenAtMs, leaderless: between(end, begin), acquireTime });
}

/** The same, once it is known that the new one led by `atMs`, since its work was seen. */
export function ledBy(measured: Measured, atMs: number): Measured {
  const latestMs = Math.max(measured.begin.earliestMs, Math.min(measured.begin.latestMs, atMs));
  const begin = { ...measured.begin, latestMs };
  return { ...measured, begin, leaderless: between(measured.end, begin) };
}

/** The first sample with another holder. */
function acquisitionIn({ from, leases, struckAtMs }: Evidence): LeaseSample | undefined {
  return leases.find(({ atMs, record: { holderIdentity } }) => {
    return atMs >= struckAtMs && holderIdentity !== '' && holderIdentity !== from;
  });
}

/** The last read that cannot have missed it; the strike came before it in any case. */
function notBeforeMs({ leases, struckAtMs }: Evidence, { atMs, record }: LeaseSample): number {
  const reads = leases.flatMap((sample) => {
    const shows = sample.record.holderIdentity === record.holderIdentity;
    return shows || sample.sentAtMs === undefined ? [] : [sample.sentAtMs];
  });
  return Math.min(atMs, Math.max(struckAtMs, ...reads));
}

/** The answer to its acquisition has reached it, or it would not renew. */
function renewedAtMs({ leases }: Evidence, to: string): number | undefined {
  return leases.find(({ record }) => {
    return record.holderIdentity === to && record.renewTime !== record.acquireTime;
  })?.atMs;
}

/** It led until the strike, and for as long as it was seen to work. */
function endOf(evidence: Evidence, begin: Span): Span {
  const { struckAtMs, workedAtMs = struckAtMs } = evidence;
  const latestMs = endedByMs(evidence, begin);
  return { earliestMs: Math.min(latestMs, Math.max(struckAtMs, workedAtMs)), latestMs };
}

/**
 * The old one had ended when its kubelet's report was seen, and also when the Lease was seen free: whoever
 * frees it, the operator or the leader itself, does so afterwards. Without either it is only known to
 * have lost the Lease to the new one.
 */
function endedByMs(evidence: Evidence, begin: Span): number {
  const { from, leases, death, struckAtMs } = evidence;
  const freed = leases.find(({ atMs, record }) => {
    return atMs >= struckAtMs && record.holderIdentity === '';
  });
  const byKubelet = death === undefined ? Infinity : finishedByMs(death, nodeLag(from, leases));
  const seen = Math.min(death?.atMs ?? Infinity, freed?.atMs ?? Infinity, byKubelet);
  return Math.max(struckAtMs, Math.min(seen, begin.latestMs));
}

/** The second in which it ended was over then; the node's clock may run behind ours by `lagMs` at most. */
function finishedByMs({ atMs, wallMs, finishedAtS }: DeathReport, lagMs: number): number {
  if (finishedAtS === undefined || lagMs === Infinity) return Infinity;
  return (finishedAtS + 1) * 1000 + lagMs - (wallMs - atMs);
}

/**
 * The old leader stamps its renewals with the clock of its node, which is its kubelet's too, before they
 * can be seen: the smallest difference between stamp and sample bounds how far that clock is behind ours.
 */
function nodeLag(from: string, leases: readonly LeaseSample[]): number {
  return leases
    .filter(({ record }) => record.holderIdentity === from)
    .map(({ wallMs, record }) => wallMs - Date.parse(record.renewTime ?? ''))
    .reduce((least, lagMs) => (Number.isNaN(lagMs) ? least : Math.min(least, lagMs)), Infinity);
}
