/** One judgement of all that happened to some Leases: by the electors' word, and by the API server's. */
import assert from 'node:assert/strict';
import type { ElectionSettings } from '../../../operator/decide/election.ts';
import type { EventLog } from './event-log.ts';
import { type Leadership, leadershipsOf, problemsOf } from './history.ts';
import { holdersOf, recordProblems } from './records.ts';
import type { LeaseWatch } from './watch-leases.ts';

/** Who led, after making sure that nothing was wrong in what they did and in what they left. */
export async function soundHistory(
  { log, watch }: { readonly log: EventLog; readonly watch: LeaseWatch },
  leases: readonly string[],
  settings: ElectionSettings,
): Promise<readonly Leadership[]> {
  const versions = (await watch.versions()).filter(({ lease }) => leases.includes(lease));
  const leaderships = leadershipsOf(log.events(...leases), settings);
  assert.deepEqual(problemsOf(leaderships, settings), []);
  assert.deepEqual(recordProblems(versions, settings.leaseDurationMs / 1000), []);
  for (const lease of leases) {
    const led = leaderships.filter((one) => one.lease === lease).map(({ elector }) => elector);
    assert.deepEqual(holdersOf(versions, lease), led);
  }
  return leaderships;
}
