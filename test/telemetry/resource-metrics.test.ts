/** The metrics that name a resource: there with its first sight, gone with it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityOf } from '../support/a-holder.ts';
import {
  aScrapedLease,
  aScrapedResource,
  aScrapedWorld,
  KEY,
  OF,
} from '../support/a-scraped-world.ts';

test('each condition has one series, which follows its status and goes with the resource', () => {
  const { put, remove, lines } = aScrapedWorld();
  const ready = { type: 'Ready', status: 'True', reason: 'AsSpecified', message: 'M' };
  put(aScrapedResource([ready, { type: 'Invented', status: 'True', reason: 'ByWhoever' }]));
  assert.deepEqual(lines('ingressha_condition'), [
    `ingressha_condition{${OF},type="Ready",status="True",reason="AsSpecified"} 1`,
  ]);

  const stalled = { type: 'Stalled', status: 'True', reason: 'ConfigRefused' };
  put(aScrapedResource([{ ...ready, status: 'False', reason: 'ConfigRefused' }, stalled]));
  assert.deepEqual(lines('ingressha_condition'), [
    `ingressha_condition{${OF},type="Ready",status="False",reason="ConfigRefused"} 1`,
    `ingressha_condition{${OF},type="Stalled",status="True",reason="ConfigRefused"} 1`,
  ]);

  remove(aScrapedResource());
  assert.deepEqual(lines('ingressha_condition'), []);
});

test('the Lease grows old until it is renewed, and has no age while nobody holds it', async () => {
  const { clock, put, lines } = aScrapedWorld();
  put(aScrapedResource());
  put(aScrapedLease(identityOf('pod-a')));
  await clock.advance(4_500);

  assert.deepEqual(lines('ingressha_lease'), [
    `ingressha_lease_age_seconds{${OF}} 4.5`,
    `ingressha_lease_duration_seconds{${OF}} 15`,
  ]);
  put(aScrapedLease(''));
  assert.deepEqual(lines('ingressha_lease'), []);
});

test('failovers are counted for their resource, by what was done and why, from 0', () => {
  const { instruments, put, remove, lines } = aScrapedWorld();
  put(aScrapedResource());
  const cleared = `ingressha_failovers_total{${OF},assist="Cleared",cause="PodDeleted"}`;
  const rare = `ingressha_failovers_total{${OF},assist="Cleared",cause="LeaseLost"}`;
  assert.ok(lines('ingressha_failovers').includes(`${cleared} 0`));
  assert.ok(!lines('ingressha_failovers').includes(`${rare} 0`));
  assert.deepEqual(lines('ingressha_leaderless_seconds_count'), [
    `ingressha_leaderless_seconds_count{${OF}} 0`,
  ]);

  const { failoverObserver: observer } = instruments;
  const record = { fromIdentity: 'a', toIdentity: 'b', winner: 'Standby', time: 'T' } as const;
  const took = { assist: 'Cleared', leaderlessMilliseconds: 2_400 } as const;
  observer.leaderChanged({ ...record, ...took, cause: 'PodDeleted' }, KEY);
  observer.leaderChanged({ ...record, assist: 'Cleared', cause: 'LeaseLost' }, KEY);
  observer.freed(20, KEY);
  observer.refused('suspended', KEY);

  for (const line of [
    `${cleared} 1`,
    `${rare} 1`,
    `ingressha_leaderless_seconds_bucket{${OF},le="2"} 0`,
    `ingressha_leaderless_seconds_bucket{${OF},le="3"} 1`,
    `ingressha_leaderless_seconds_count{${OF}} 1`,
    `ingressha_assist_seconds_sum{${OF}} 0.02`,
    `ingressha_assist_refused_total{${OF},reason="suspended"} 1`,
    `ingressha_assist_refused_total{${OF},reason="node-not-ready"} 0`,
  ]) {
    assert.ok(lines(line.split('{')[0] ?? '').includes(line), `no ${line}`);
  }

  remove(aScrapedResource());
  assert.deepEqual(
    lines('ingressha_').filter((line) => line.includes(OF)),
    [],
  );
});

test('only what the mode of failover can bring is expected', () => {
  const assists = (mode: string) => {
    const { put, lines } = aScrapedWorld();
    put(aScrapedResource([], mode));
    const found = lines('ingressha_failovers').map((line) => /assist="(\w+)"/.exec(line)?.[1]);
    return [...new Set(found)];
  };

  assert.deepEqual(assists('Assisted'), ['Cleared', 'Refused', 'NotNeeded']);
  assert.deepEqual(assists('Observe'), ['Observed', 'Refused', 'NotNeeded']);
  assert.deepEqual(assists('Disabled'), ['Disabled']);
});

test('what the settings ask for is no refusal, and every other reason is expected', () => {
  const { put, lines } = aScrapedWorld();
  put(aScrapedResource());

  const reasons = lines('ingressha_assist_refused').map(
    (line) => /reason="([\w-]+)"/.exec(line)?.[1],
  );
  assert.ok(reasons.includes('permission-denied') && reasons.includes('force-deleted'));
  assert.ok(!reasons.includes('disabled') && !reasons.includes('observe-only'));
});
