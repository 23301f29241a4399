/** One resource from its first sight to its end, as Prometheus would see it: a real failover on the way. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { IngressControllerHAKind } from '../../operator/base/resource-kinds.ts';
import { promtool } from '../chart/support/promtool.ts';
import { eventually } from './support/eventually.ts';
import { deleteLeader } from './support/failover-blows.ts';
import { aLed, type Subject, startScene } from './support/failover-scene.ts';
import { assertFreed } from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';

const e2e = await startHarness();
const operator = await e2e.startOperator();
const { namespace } = operator;
const scene = await startScene(e2e, operator);

/** What a leader that is deleted and helped moves. */
const COUNTS = {
  failovers: 'ingressha_failovers_total{OF,assist="Cleared",cause="PodDeleted"}',
  leaderless: 'ingressha_leaderless_seconds_count{OF}',
  assists: 'ingressha_assist_seconds_count{OF}',
} as const;

describe('the metrics of a resource', { concurrency: 1 }, () => {
  let subject: Subject;
  before(async () => {
    subject = await aLed(scene);
  });

  test('are there with 0 before anything has happened to its leader', async () => {
    const page = await scrape();

    for (const series of Object.values(COUNTS)) assert.equal(numberOf(page, series, subject), 0);
    const others = countersOf(page, subject).filter(({ value }) => value > 0);
    assert.deepEqual(others, []);
    assert.equal(numberOf(page, condition('Ready', 'True', 'AsSpecified'), subject), 1);
    assert.equal(numberOf(page, 'ingressha_lease_duration_seconds{OF}', subject), 30);
    const age = numberOf(page, 'ingressha_lease_age_seconds{OF}', subject) ?? Number.NaN;
    assert.ok(age >= 0 && age < 30, `${age} s`);
  });

  test('say of a failover what happened, and nothing else', async () => {
    await deleteLeader(scene, subject);
    const record = await assertFreed(scene, subject, 'PodDeleted');

    const page = await scrape();

    for (const series of Object.values(COUNTS)) assert.equal(numberOf(page, series, subject), 1);
    const moved = countersOf(page, subject).filter(({ value }) => value > 0);
    assert.equal(moved.length, 1, JSON.stringify(moved));
    const seconds = numberOf(page, 'ingressha_leaderless_seconds_sum{OF}', subject);
    assert.equal(seconds, (record.leaderlessMilliseconds ?? 0) / 1000);
  });

  test('follow a condition to Stalled and back', async () => {
    const stalled = condition('Stalled', 'True', 'VersionUnsupported');
    const steady = condition('Ready', 'True', 'AsSpecified');
    await e2e.condition(subject.address, 'Ready=True/AsSpecified', { within: 60_000 });

    await e2e.edit(subject.address, { spec: { controller: { version: '9.9.9' } } });
    await e2e.condition(subject.address, 'Stalled=True/VersionUnsupported');
    const during = await scrape();
    await e2e.edit(subject.address, { spec: { controller: { version: '2.2.0' } } });
    await e2e.condition(subject.address, 'Ready=True/AsSpecified');
    const after = await scrape();

    const told = (page: string) => [stalled, steady].map((it) => numberOf(page, it, subject));
    assert.deepEqual(told(during), [1, undefined]);
    assert.deepEqual(told(after), [undefined, 1]);
  });

  test('are a page that promtool has nothing to say about', async () => {
    const { content, text } = await promtool(['check', 'metrics'], await scrape());

    assert.ok(content, text);
    assert.equal(text, '');
  });

  test('go with the resource, all of them', async () => {
    await e2e.admin.remove(IngressControllerHAKind, subject.address);

    await eventually('no series names it', async () => {
      const left = (await scrape()).split('\n').filter((line) => line.includes(of(subject)));
      return left.length === 0 || Promise.reject(new Error(left.join('\n')));
    });
  });
});

async function scrape(): Promise<string> {
  const { status, body } = await operator.page('metrics', '/metrics');
  assert.equal(status, 200);
  return body;
}

function of({ address: { name } }: Subject): string {
  return `namespace="${namespace}",name="${name}"`;
}

function condition(type: string, status: string, reason: string): string {
  return `ingressha_condition{OF,type="${type}",status="${status}",reason="${reason}"}`;
}

/** Of one series, whose text has OF where its labels name the resource; undefined: there is none. */
function numberOf(page: string, series: string, subject: Subject): number | undefined {
  const start = `${series.replace('OF', of(subject))} `;
  const line = page.split('\n').find((each) => each.startsWith(start));
  return line === undefined ? undefined : Number(line.slice(start.length));
}

/** Everything that is counted about it, histograms left out. */
function countersOf(page: string, subject: Subject) {
  return page
    .split('\n')
    .filter((line) => /^ingressha_\w+_total\{/.test(line) && line.includes(of(subject)))
    .map((line) => ({ line, value: Number(line.slice(line.lastIndexOf(' '))) }));
}
