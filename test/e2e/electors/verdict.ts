/** One judgement of all that happened to some Leases: by the electors' word, and by the API server's. */
import assert from 'node:assert/strict';
import type { ElectionSettings } from '../../../operator/decide/election/settings.ts';
import type { EventLog } from './event-log.ts';
import { breachesOf, type Leadership, leadershipsOf, problemsOf } from './history.ts';
import { paceOf } from './pace.ts';
import { holdsOf, recordProblems } from './records.ts';
import type { LeaseWatch } from './watch-leases.ts';

/**
 * Who led, after making sure that nothing was wrong in what they did and in what they left. Where processes
 * were left without CPU, only what no lack of it excuses.
 */
export async function soundHistory(
  { log, watch }: { readonly log: EventLog; readonly watch: LeaseWatch },
  leases: readonly string[],
  settings: ElectionSettings,
): Promise<readonly Leadership[]> {
  const versions = (await watch.versions()).filter(({ lease }) => leases.includes(lease));
  const told = leadershipsOf(log.events(...leases), settings);
  assert.deepEqual(recordProblems(versions, settings.leaseDurationMs / 1000), []);
  const leaderships = leases.flatMap((lease) => {
    const led = told.filter((one) => one.lease === lease);
    const holds = holdsOf(versions, lease);
    const holders = holds.map(({ holder }) => holder);
    assert.deepEqual(
      holders,
      led.map(({ elector }) => elector),
    );
    return led.map((one, index) => ({ ...one, freed: holds[index]?.freed === true }));
  });
  const { isEven } = paceOf(log.events(...leases), settings);
  assert.deepEqual((isEven ? problemsOf : breachesOf)(leaderships, settings), []);
  return leaderships;
}
