/** Namespaces do not wait for each other, and nothing is looked at before its picture is whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyText } from '../../../operator/base/kube-object.ts';
import {
  type ServedNamespace,
  ServedNamespaces,
} from '../../../operator/control/cache/served-namespaces.ts';
import type { Reflector } from '../../../operator/kube/watch/reflector-types.ts';

function aWatch() {
  const synced = Promise.withResolvers<void>();
  const calls: string[] = [];
  const reflector: Pick<Reflector, 'start' | 'stop' | 'synced'> = {
    start: () => calls.push('start'),
    stop: async () => void calls.push('stop'),
    synced: synced.promise,
  };
  return { calls, sync: () => synced.resolve(), reflector: reflector as Reflector };
}

function aNamespace(name: string) {
  const watches = [aWatch(), aWatch()] as const;
  const served: ServedNamespace = { name, watches: watches.map(({ reflector }) => reflector) };
  return { watches, served };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a key waits until every watch of its namespace has told its first list', async () => {
  const queued: string[] = [];
  const namespaces = new ServedNamespaces((key) => queued.push(keyText(key)));
  const { watches, served } = aNamespace('a');
  namespaces.start([served]);
  namespaces.enqueue({ namespace: 'a', name: 'x' });
  namespaces.enqueue({ namespace: 'a', name: 'x' });

  watches[0].sync();
  await settled();
  assert.deepEqual([queued, namespaces.isAnySynced(), namespaces.waiting()], [[], false, ['a']]);

  watches[1].sync();
  await settled();
  assert.deepEqual([queued, namespaces.isAnySynced(), namespaces.waiting()], [['a/x'], true, []]);
});

test('a namespace that never answers holds up no other', async () => {
  const queued: string[] = [];
  const namespaces = new ServedNamespaces((key) => queued.push(keyText(key)));
  const [alive, gone] = [aNamespace('alive'), aNamespace('gone')];
  namespaces.start([alive.served, gone.served]);
  for (const watch of alive.watches) watch.sync();
  await settled();

  namespaces.enqueue({ namespace: 'gone', name: 'x' });
  namespaces.enqueue({ namespace: 'alive', name: 'y' });

  assert.deepEqual([queued, namespaces.waiting()], [['alive/y'], ['gone']]);
});

test('all watches are started once and stopped together', async () => {
  const namespaces = new ServedNamespaces(() => {});
  const { watches, served } = aNamespace('a');
  namespaces.start([served]);

  await namespaces.stop();

  assert.deepEqual(
    watches.map(({ calls }) => calls),
    [
      ['start', 'stop'],
      ['start', 'stop'],
    ],
  );
});
