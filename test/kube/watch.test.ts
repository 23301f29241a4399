/** The reflector against a server that misbehaves in every way we know. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { PodKind } from '../../operator/base/resource-kinds.ts';
import type { Change } from '../../operator/kube/follow.ts';
import { createReflector, type Reflector } from '../../operator/kube/watch.ts';
import { silentLog } from '../../operator/telemetry/log.ts';
import { createMetrics, type Metrics } from '../../operator/telemetry/metrics.ts';
import { type HttpFixture, httpFixture } from '../support/http-fixture.ts';
import { until } from '../support/manual-clock.ts';
import {
  type Answer,
  json,
  reset,
  type ScriptedServer,
  type SeenRequest,
  type Stream,
  silence,
  status,
  statusObject,
  stream,
} from '../support/scripted-server.ts';

interface Fixture extends HttpFixture {
  readonly reflector: Reflector;
  readonly metrics: Metrics;
  /** `+p1@5` new, `~p1@6` changed, `-p1@6` gone. */
  readonly told: readonly string[];
}

async function fixture(t: TestContext, onChange?: (change: Change) => void): Promise<Fixture> {
  const http = await httpFixture(t);
  const told: string[] = [];
  const { metrics } = createMetrics();
  const reflector = createReflector({
    client: http.client,
    kind: PodKind,
    namespace: 'prod',
    labelSelector: 'app=edge',
    clock: http.clock,
    random: () => 0.5, // pauses are 1.5 times their base: 1.2 s, 2.4 s, …
    log: silentLog,
    metrics,
    onChange(change) {
      told.push(textOf(change));
      onChange?.(change);
    },
  });
  t.after(() => reflector.stop());
  return { ...http, reflector, metrics, told };
}

function textOf(change: Change): string {
  const { name, resourceVersion } =
    change.kind === 'delete' ? change.last.metadata : change.object.metadata;
  const sign = change.kind === 'delete' ? '-' : change.old === undefined ? '+' : '~';
  return `${sign}${name}@${resourceVersion}`;
}

function pod(name: string, resourceVersion: string, uid = `uid-${name}`): KubeObject {
  const metadata = { name, namespace: 'prod', uid, resourceVersion };
  return { apiVersion: 'v1', kind: 'Pod', metadata };
}

function list(resourceVersion: string, ...items: readonly KubeObject[]): Answer {
  return json({ kind: 'PodList', metadata: { resourceVersion }, items });
}

const isWatch = (request: SeenRequest) => request.query.watch === 'true';

/** `list@0 watch@5 …`: what the server was asked. */
function asked(server: ScriptedServer): string {
  return server.requests
    .map((one) => `${isWatch(one) ? 'watch' : 'list'}@${one.query.resourceVersion ?? ''}`)
    .join(' ');
}

/** Lists `items` at version 5 and opens a watch. */
async function watching(fix: Fixture, ...items: readonly KubeObject[]): Promise<Stream> {
  const live = stream();
  fix.server.answer(list('5', ...items), live.answer);
  fix.reflector.start();
  await live.opened;
  return live;
}

/** Waits until the reflector rests, and gives the length of its pause. */
async function pauseOf({ reflector, clock }: Fixture): Promise<number | undefined> {
  await until(() => reflector.state() === 'resting' && clock.pendingTimers() === 1, 'a pause');
  return clock.nextTimerInMs();
}

test('lists from the cache, then watches from the version of the list', async (t) => {
  const fix = await fixture(t);
  const live = await watching(fix, pod('a', '3'), pod('b', '4'));

  live.event('ADDED', pod('c', '6'));
  live.event('MODIFIED', pod('a', '7'));
  live.event('DELETED', pod('b', '8'));
  await until(() => fix.told.length === 5);

  assert.deepEqual(fix.told, ['+a@3', '+b@4', '+c@6', '~a@7', '-b@8']);
  assert.deepEqual(
    fix.reflector.store
      .list()
      .map(({ metadata }) => metadata.name)
      .sort(),
    ['a', 'c'],
  );
  assert.equal(
    fix.reflector.store.get({ namespace: 'prod', name: 'a' })?.metadata.resourceVersion,
    '7',
  );
  const [first, second] = fix.server.requests;
  assert.deepEqual(first?.query, { labelSelector: 'app=edge', resourceVersion: '0', limit: '500' });
  assert.deepEqual(second?.query, {
    watch: 'true',
    allowWatchBookmarks: 'true',
    labelSelector: 'app=edge',
    resourceVersion: '5',
    timeoutSeconds: '450',
  });
});

test('is synced after the first list, even an empty one, and not before', async (t) => {
  const fix = await fixture(t);
  assert.equal(fix.reflector.isSynced(), false);

  await watching(fix);
  await fix.reflector.synced;

  assert.equal(fix.reflector.isSynced(), true);
  assert.equal(fix.reflector.store.size, 0);
});

test('a list is complete only with its last page', async (t) => {
  const fix = await fixture(t);
  const live = stream();
  const metadata = { resourceVersion: '5', continue: 'next' };
  fix.server.answer(
    json({ metadata, items: [pod('a', '3')] }),
    list('5', pod('b', '4')),
    live.answer,
  );

  fix.reflector.start();
  await live.opened;

  assert.deepEqual(fix.told, ['+a@3', '+b@4']);
  assert.deepEqual(fix.server.requests[1]?.query, {
    labelSelector: 'app=edge',
    limit: '500',
    continue: 'next',
  });
});

test('managed fields are not stored', async (t) => {
  const fix = await fixture(t);
  const heavy = { ...pod('a', '3').metadata, managedFields: [{ manager: 'x' }], future: 'kept' };
  await watching(fix, { ...pod('a', '3'), metadata: heavy });

  const stored = fix.reflector.store.get({ namespace: 'prod', name: 'a' });

  assert.deepEqual(stored?.metadata, { ...pod('a', '3').metadata, future: 'kept' });
});

test('a start beside a start changes nothing', async (t) => {
  const fix = await fixture(t);
  fix.reflector.start();
  await watching(fix);
  fix.reflector.start();
  await fix.clock.settle();

  assert.equal(asked(fix.server), 'list@0 watch@5');
});

test('a bookmark moves the version on, and tells nothing', async (t) => {
  const fix = await fixture(t);
  const [live, next] = [await watching(fix), stream()];
  fix.server.answer(next.answer);

  live.event('BOOKMARK', { metadata: { resourceVersion: '9' } });
  await fix.clock.advance(2_000);
  live.end();
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 watch@9');
  assert.deepEqual(fix.told, []);
});

test('a state that is known already is not told again', async (t) => {
  const fix = await fixture(t);
  const live = await watching(fix, pod('a', '3'));

  live.event('ADDED', pod('a', '3'));
  live.event('DELETED', pod('unknown', '4'));
  live.event('MODIFIED', pod('a', '6'));
  await until(() => fix.told.length === 2);

  assert.deepEqual(fix.told, ['+a@3', '~a@6']);
});

test('a version that expired is listed anew at once, and the differences are told', async (t) => {
  const fix = await fixture(t);
  const [live, next] = [await watching(fix, pod('a', '3'), pod('b', '4'), pod('c', '5')), stream()];
  fix.server.answer(
    list('20', pod('a', '3'), pod('b', '15'), pod('c', '16', 'recreated'), pod('d', '17')),
    next.answer,
  );

  live.event('MODIFIED', pod('a', '7'));
  live.event('MODIFIED', pod('a', '3'));
  live.event('ERROR', statusObject(410, 'Expired', 'too old'));
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 list@3 watch@20');
  const differences = fix.told.slice(5);
  assert.deepEqual(differences, ['~b@15', '-c@5', '+c@16', '+d@17']);
  assert.equal(
    fix.metrics.watchRestarts.value({ kind: 'Pod', namespace: 'prod', reason: 'expired' }),
    1,
  );
});

test('an object that vanished unseen is told with its last known state', async (t) => {
  const fix = await fixture(t);
  const [live, next] = [await watching(fix, pod('a', '3'), pod('b', '4')), stream()];
  fix.server.answer(list('20', pod('b', '4')), next.answer);

  live.event('ERROR', statusObject(410, 'Expired', 'too old'));
  await next.opened;

  assert.deepEqual(fix.told.slice(2), ['-a@3']);
  assert.equal(fix.reflector.store.size, 1);
});

test('a list that is refused as expired is repeated at once without a version', async (t) => {
  const fix = await fixture(t);
  const [live, next] = [await watching(fix), stream()];
  const expired = status(410, 'Expired', 'too old');
  fix.server.answer(expired, list('30'), next.answer);

  live.event('ERROR', statusObject(410, 'Expired', 'too old'));
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 list@5 list@ watch@30');
  assert.equal(fix.server.requests[2]?.query.limit, undefined);
  assert.equal(fix.server.requests[3]?.query.limit, '500');
});

test('a version that keeps expiring is answered with pauses', async (t) => {
  const fix = await fixture(t);
  const expired = status(410, 'Expired', 'too old');
  fix.server.answer(list('5'), expired, list('6'), expired);
  fix.server.otherwise(expired);

  fix.reflector.start();

  assert.equal(await pauseOf(fix), 2_400);
  assert.equal(asked(fix.server), 'list@0 watch@5 list@5 watch@6');
});

for (const [sentence, refusal, pauseMs] of [
  ['a reset', reset, 1_200],
  ['429', status(429, 'X', 'busy', { headers: { 'retry-after': '9' } }), 9_000],
  ['429 without a time', status(429, 'X', 'busy'), 1_200],
] as const) {
  test(`${sentence} on a watch: the same version again after ${pauseMs} ms, no list`, async (t) => {
    const fix = await fixture(t);
    const next = stream();
    fix.server.answer(list('5'), refusal, next.answer);

    fix.reflector.start();
    assert.equal(await pauseOf(fix), pauseMs);
    await fix.clock.advance(pauseMs);
    await next.opened;

    assert.equal(asked(fix.server), 'list@0 watch@5 watch@5');
  });
}

for (const [sentence, refusal, pauseMs] of [
  ['403', status(403, 'Forbidden', 'no'), 1_200],
  ['500', status(500, 'X', 'broken'), 1_200],
  ['503 with Retry-After', status(503, 'X', 'soon', { headers: { 'retry-after': '4' } }), 4_000],
] as const) {
  test(`${sentence} on a watch: a list from the last version after ${pauseMs} ms`, async (t) => {
    const fix = await fixture(t);
    const next = stream();
    fix.server.answer(list('5'), refusal, list('6'), next.answer);

    fix.reflector.start();
    assert.equal(await pauseOf(fix), pauseMs);
    await fix.clock.advance(pauseMs);
    await next.opened;

    assert.equal(asked(fix.server), 'list@0 watch@5 list@5 watch@6');
  });
}

test('401 on a watch, with the renewed credentials too: a list after the pause', async (t) => {
  const fix = await fixture(t);
  const next = stream();
  const refusal = status(401, 'Unauthorized', 'no');
  fix.server.answer(list('5'), refusal, refusal, list('6'), next.answer);

  fix.reflector.start();
  await fix.clock.advance((await pauseOf(fix)) ?? 0);
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 watch@5 list@5 watch@6');
});

test('an ERROR event with another code: a list after the pause, and the store stays', async (t) => {
  const fix = await fixture(t);
  const [live, next] = [await watching(fix, pod('a', '3')), stream()];
  fix.server.answer(list('6', pod('a', '3')), next.answer);

  live.event('ERROR', statusObject(500, 'InternalError', 'etcd'));
  const pauseMs = await pauseOf(fix);
  assert.equal(fix.reflector.store.size, 1);
  await fix.clock.advance(pauseMs ?? 0);
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 list@5 watch@6');
  assert.deepEqual(fix.told, ['+a@3']);
});

test('pauses double up to 45 s here, and start anew after two minutes of health', async (t) => {
  const fix = await fixture(t);
  fix.server.otherwise(status(500, 'X', 'broken'));

  fix.reflector.start();
  const pauses: (number | undefined)[] = [];
  for (let failure = 1; failure <= 8; failure += 1) {
    pauses.push(await pauseOf(fix));
    if (failure === 8) fix.server.answer(list('5'), silenceAfterHead.answer, list('6'));
    const seen = fix.server.requests.length;
    await fix.clock.advance(pauses.at(-1) ?? 0);
    await until(() => fix.server.requests.length > seen);
  }
  assert.deepEqual(pauses, [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 45_000, 45_000]);

  await silenceAfterHead.opened;
  await until(() => fix.reflector.state() === 'watching' && fix.clock.pendingTimers() === 2);
  await fix.clock.advance(60_000);
  await silenceAfterHead.bytes('\n');
  await until(() => fix.reflector.lastHeardAtMs() === fix.clock.nowMs());
  await fix.clock.advance(60_001);
  silenceAfterHead.reset();
  assert.equal(await pauseOf(fix), 1_200);
});
const silenceAfterHead = stream();

test('a watch that ends within a second without an event is a failure: list again', async (t) => {
  const fix = await fixture(t);
  const [live, next] = [await watching(fix), stream()];
  fix.server.answer(list('6'), next.answer);

  live.end();
  await fix.clock.advance((await pauseOf(fix)) ?? 0);
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 list@5 watch@6');
});

test('a watch that ends within a second after an event makes no tight loop', async (t) => {
  const fix = await fixture(t);
  const [live, next] = [await watching(fix), stream()];
  fix.server.answer(next.answer);

  live.event('ADDED', pod('a', '6'));
  live.end();
  await fix.clock.advance((await pauseOf(fix)) ?? 0);
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 watch@6');
});

test('a half-open connection is left after 90 s of silence', async (t) => {
  const fix = await fixture(t);
  const next = stream();
  await watching(fix);
  await until(() => fix.clock.pendingTimers() === 2 && fix.reflector.state() === 'watching');
  await fix.clock.settle();
  fix.server.answer(next.answer);

  await fix.clock.advance(90_000);
  assert.equal(fix.reflector.lastHeardAtMs(), 0);
  await fix.clock.advance((await pauseOf(fix)) ?? 0);
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 watch@5');
});

test('the age of the last sign of life is a metric while it runs', async (t) => {
  const fix = await fixture(t);
  const { registry, metrics } = createMetrics();
  const reflector = createReflector({
    client: fix.client,
    kind: PodKind,
    namespace: 'prod',
    clock: fix.clock,
    random: () => 0,
    log: silentLog,
    metrics,
    onChange() {},
  });
  const live = stream();
  fix.server.answer(list('5'), live.answer);
  const line = 'ingressha_watch_last_heard_seconds{kind="Pod",namespace="prod"}';

  assert.ok(!registry.expose().includes(line));
  reflector.start();
  await live.opened;
  await until(() => reflector.lastHeardAtMs() !== undefined);
  await fix.clock.advance(30_000);
  assert.ok(registry.expose().includes(`${line} 30\n`));
  await reflector.stop();
  assert.ok(!registry.expose().includes(line));
});

test('a handler that throws disturbs nobody', async (t) => {
  const fix = await fixture(t, () => {
    throw new Error('bug');
  });
  const live = await watching(fix, pod('a', '3'), pod('b', '4'));

  live.event('ADDED', pod('c', '6'));
  await until(() => fix.told.length === 3);

  assert.equal(fix.reflector.store.size, 3);
  assert.equal(fix.reflector.state(), 'watching');
});

test('a handler may stop the reflector, and is told nothing more', async (t) => {
  let stopped: Promise<void> | undefined;
  const fix: Fixture = await fixture(t, () => {
    stopped = fix.reflector.stop();
  });
  fix.server.answer(list('5', pod('a', '3'), pod('b', '4')));

  fix.reflector.start();
  await until(() => stopped !== undefined);
  await stopped;

  assert.deepEqual(fix.told, ['+a@3']);
});

for (const [sentence, answers, state] of [
  ['before its start', [], 'idle'],
  ['while it lists', [silence], 'listing'],
  ['while it rests', [status(500, 'X', 'broken')], 'resting'],
  ['while a watch starts', [list('5'), silence], 'watching'],
] as const) {
  test(`stopped ${sentence} it asks and tells nothing more, not even after a start`, async (t) => {
    const fix = await fixture(t);
    fix.server.answer(...answers);
    if (state !== 'idle') fix.reflector.start();
    await until(
      () => fix.reflector.state() === state && fix.server.requests.length === answers.length,
    );

    await fix.reflector.stop();
    fix.reflector.start();
    await fix.clock.advance(600_000);

    assert.equal(fix.reflector.state(), 'stopped');
    assert.equal(fix.server.requests.length, answers.length);
    assert.equal(fix.clock.pendingTimers(), 0);
  });
}

test('stopped while it watches it closes the connection', async (t) => {
  const fix = await fixture(t);
  const live = await watching(fix, pod('a', '3'));

  await Promise.all([fix.reflector.stop(), fix.reflector.stop()]);
  await until(() => live.isClosed());

  assert.deepEqual(fix.told, ['+a@3']);
  assert.equal(fix.clock.pendingTimers(), 0);
});
