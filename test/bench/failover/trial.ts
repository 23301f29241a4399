/** One trial: a leader that has led for a while ends, and what comes after it is read from journals. */
import { systemClock } from '../../../operator/base/time.ts';
import { firstSyncAtNs, leaderlessNs, termsOf } from '../../support/history.ts';
import { restore, strike } from './blows.ts';
import { type FailoverScene, type Leader, type Subject, settled } from './subject.ts';

export interface Trial {
  /** From the last moment at which the old leader could act to the new one's; of all gaps the sum. */
  readonly leaderlessMs: number;
  /** The same, to the new leader's first push that succeeded; undefined where the leader stayed. */
  readonly firstSyncMs?: number;
  /** Changes of the leader, as the Lease counts them. */
  readonly transitions: number;
}

export async function trial(scene: FailoverScene, subject: Subject): Promise<Trial> {
  const { row } = subject;
  const before = await settled(scene, subject);
  // At any moment between two renewals alike, wherever in them the wait above has ended.
  await systemClock.sleep(Math.random() * row.timings.retryPeriodMs);
  await strike(scene, subject, before);
  const after = await settled(scene, subject, expected(subject, before));
  const result = between(scene, subject, [before, after]);
  await restore(scene, subject);
  return result;
}

/** A scale-down should leave the leader alone. */
function expected({ row }: Subject, before: Leader) {
  if (row.blow === 'scale-down') return { replicas: row.replicas - 1 };
  return { notLedBy: before.identity };
}

function between(
  { journals }: FailoverScene,
  { address }: Subject,
  [before, after]: readonly [Leader, Leader],
): Trial {
  journals.read();
  const told = journals.of(address.name);
  const terms = termsOf(told);
  const gapsNs = leaderlessNs(terms, before.identity, after.identity);
  const led = terms.find(({ identity }) => identity === after.identity);
  const syncedAtNs = firstSyncAtNs(told, after.identity);
  const changed = before.identity !== after.identity;
  return {
    leaderlessMs: gapsNs / 1e6,
    transitions: after.transitions - before.transitions,
    ...(changed &&
      led !== undefined &&
      syncedAtNs !== undefined && { firstSyncMs: (gapsNs + syncedAtNs - led.fromNs) / 1e6 }),
  };
}
