/** The reflector as long as all goes well: what it asks, stores and tells. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../support/manual-clock.ts';
import { asked, list, pod, reflectorFixture, watching } from '../../support/reflector-fixture.ts';
import { json, stream } from '../../support/scripted-server.ts';

test('lists from the cache, then watches from the version of the list', async (t) => {
  const fix = await reflectorFixture(t);
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
  const fix = await reflectorFixture(t);
  assert.equal(fix.reflector.isSynced(), false);

  await watching(fix);
  await fix.reflector.synced;

  assert.equal(fix.reflector.isSynced(), true);
  assert.equal(fix.reflector.store.size, 0);
});

test('a list is complete only with its last page', async (t) => {
  const fix = await reflectorFixture(t);
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
  const fix = await reflectorFixture(t);
  const heavy = { ...pod('a', '3').metadata, managedFields: [{ manager: 'x' }], future: 'kept' };
  await watching(fix, { ...pod('a', '3'), metadata: heavy });

  const stored = fix.reflector.store.get({ namespace: 'prod', name: 'a' });

  assert.deepEqual(stored?.metadata, { ...pod('a', '3').metadata, future: 'kept' });
});

test('a start beside a start changes nothing', async (t) => {
  const fix = await reflectorFixture(t);
  fix.reflector.start();
  await watching(fix);
  fix.reflector.start();
  await fix.clock.settle();

  assert.equal(asked(fix.server), 'list@0 watch@5');
});

test('a bookmark moves the version on, and tells nothing', async (t) => {
  const fix = await reflectorFixture(t);
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
  const fix = await reflectorFixture(t);
  const live = await watching(fix, pod('a', '3'));

  live.event('ADDED', pod('a', '3'));
  live.event('DELETED', pod('unknown', '4'));
  live.event('MODIFIED', pod('a', '6'));
  await until(() => fix.told.length === 2);

  assert.deepEqual(fix.told, ['+a@3', '~a@6']);
});

test('the age of the last sign of life is a metric while it runs', async (t) => {
  const fix = await reflectorFixture(t);
  const line = 'ingressha_watch_last_heard_seconds{kind="Pod",namespace="prod"}';
  assert.ok(!fix.registry.expose().includes(line));

  await watching(fix);
  await until(() => fix.reflector.state() === 'watching' && fix.clock.pendingTimers() === 2);
  await fix.clock.advance(30_000);
  assert.ok(fix.registry.expose().includes(`${line} 30\n`));
  await fix.reflector.stop();
  assert.ok(!fix.registry.expose().includes(line));
});
