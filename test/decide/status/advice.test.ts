/** What the condition SettingsSound advises: by the settings, by neighbours, and by what leaders do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NOTHING_SEEN } from '../../../operator/decide/observed/failover-view.ts';
import { NOT_SHARED, type SharedName } from '../../../operator/decide/observed/shared-name.ts';
import { adviceFor } from '../../../operator/decide/status/advice.ts';
import { anHa, aPolicy } from '../../support/an-ha.ts';

const ha = anHa();
/** A short Lease: the settings alone call for advice, twice. */
const hurried = anHa({
  election: { leaseDurationMs: 10_000, renewDeadlineMs: 7_000, retryPeriodMs: 2_000 },
});
const FLAPPING = { ...NOTHING_SEEN, flapping: true };

function told(
  seen: { readonly sameController?: SharedName; readonly failover?: typeof NOTHING_SEEN } = {},
  of = ha,
) {
  return adviceFor(of, { sameController: NOT_SHARED, failover: NOTHING_SEEN, ...seen }, aPolicy());
}

test('nothing is advised where nothing is to be mended', () => {
  assert.deepEqual(told(), []);
});

test('advice by the settings comes first, then that of neighbours, then that of leaders', () => {
  const sameController = { named: ['prod/other'], more: 0 };

  assert.deepEqual(
    told({ sameController, failover: FLAPPING }, hurried).map(({ reason }) => reason),
    ['ElectionSlackSmall', 'ADCTimeoutExceedsLease', 'ControllerNameShared', 'LeaderFlapping'],
  );
});

test('leaders that lose their Lease while they run are told with both causes there may be', () => {
  const [advice, ...more] = told({ failover: FLAPPING });

  assert.deepEqual(more, []);
  assert.equal(advice?.reason, 'LeaderFlapping');
  assert.match(advice.message, /more than 3 times in 10 minutes.*too slowly.*lacks a right/);
});

describe('a controllerName that others use', () => {
  const named = ['prod/a', 'prod/b', 'test/c'];
  const cases: Readonly<Record<string, readonly [SharedName, string]>> = {
    'by one is told by name': [
      { named: ['prod/a'], more: 0 },
      'is also used by "prod/a": two leaders',
    ],
    'by three is told by each name': [
      { named, more: 0 },
      'is also used by "prod/a", "prod/b", "test/c": two leaders',
    ],
    'by some more is told with their number': [
      { named, more: 97 },
      '"test/c", and 97 more: two leaders',
    ],
    'by very many is told without one, since each that comes would be a write to all': [
      { named, more: 4_711 },
      '"test/c", and over 100 more: two leaders',
    ],
  };
  for (const [sentence, [sameController, expected]] of Object.entries(cases)) {
    test(sentence, () => {
      const [advice, ...more] = told({ sameController });

      assert.deepEqual(more, []);
      assert.equal(advice?.reason, 'ControllerNameShared');
      assert.ok(advice.message.includes(expected), advice.message);
      assert.ok(advice.message.includes(`"${ha.controller.config.controllerName}"`));
    });
  }
});
