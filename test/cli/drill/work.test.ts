import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Measured } from '../../../operator/cli/drill/decide/measure.ts';
import { firstWork, type WorkSample, workIn } from '../../../operator/cli/drill/decide/work.ts';

const PAGE = `# HELP leader_election_master_status Gauge
# TYPE leader_election_master_status gauge
leader_election_master_status{name="apisix-leader"} 1
apisix_ingress_adc_sync_total{config_name="a",status="success",resource_type="all"} 3
apisix_ingress_adc_sync_total{config_name="b", status="success"} 2 1760000000
apisix_ingress_adc_sync_total{config_name="a",status="failure"} 7
apisix_ingress_adc_sync_total_created{status="success"} 9
`;

test('pushes that succeeded are counted, whatever their other labels', () => {
  assert.deepEqual(workIn(PAGE), { successes: 5 });
  assert.deepEqual(workIn('leader_election_master_status{name="x"} 1\n'), { successes: 0 });
});

test('a page that does not tell who leads is none of a controller', () => {
  assert.equal(workIn('<html>'), undefined);
});

const MEASURED: Measured = {
  to: 'new',
  end: { earliestMs: 100, latestMs: 400 },
  begin: { earliestMs: 900, latestMs: 1_000 },
  seenAtMs: 950,
  leaderless: { atLeastMs: 500, atMostMs: 900 },
};

test('it works after a push more than before, at the earliest since a page without it was asked for', () => {
  const samples = [aSample(1_000, 4), aSample(1_100, 4), aSample(1_200, 5)];

  assert.deepEqual(firstWork(MEASURED, samples, 4), {
    after: { atLeastMs: 700, atMostMs: 1_105 },
    atMs: 1_205,
  });
  assert.equal(firstWork(MEASURED, samples, 5), undefined);
});

test('a push that is seen at the first look may be as old as its leadership', () => {
  assert.deepEqual(firstWork(MEASURED, [aSample(1_000, 1)], 0)?.after, {
    atLeastMs: 550,
    atMostMs: 905,
  });
});

function aSample(sentAtMs: number, successes: number): WorkSample {
  return { sentAtMs, atMs: sentAtMs + 5, successes };
}
