/** `ingress-ha events`: which events it shows, in which order, and what it follows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeFailure } from '../../operator/base/failure.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { runCommand, startCommand } from '../support/run-command.ts';
import { createShownCluster } from '../support/shown-cluster.ts';
import { assertGolden, terminal, WIDTHS } from './golden.ts';
import { ago, scene } from './scenes.ts';

const FREED = anEvent('LeaseCleared', {
  ageMs: 95_000,
  message: 'Freed the Lease of edge-icha-6b6fb6b765-aaaaa, whose kubelet reports it dead',
});
const REFUSED = anEvent('ImageRefused', {
  type: 'Warning',
  ageMs: 5_000,
  name: 'inner',
  count: 4,
  message: 'Image "nowhere.example/a:1"\nis not of an allowed repository',
});
const ELSEWHERE = anEvent('LeaderChanged', { ageMs: 4_000, namespace: 'staging' });
const OF_A_POD = { ...anEvent('Started', {}), involvedObject: { kind: 'Pod', name: 'edge' } };
const FORBIDDEN: KubeFailure = { kind: 'forbidden', cause: 'rights', message: 'Cannot list E: no' };

test('lists those of resources, oldest first, as wide as the terminal', async () => {
  const shown = await Promise.all(
    WIDTHS.map(async (columns) => {
      const end = await runCommand(['events'], cluster().client, { terminal: terminal(columns) });
      assert.deepEqual([end.exitCode, end.stderr], [0, '']);
      assert.deepEqual(
        end.stdout.split('\n').filter((line) => line.length > columns),
        [],
      );
      return `[${columns} columns]\n${end.stdout}`;
    }),
  );
  const piped = await runCommand(['events', '-A'], cluster().client);

  assertGolden('events', [...shown, `[a pipe, all namespaces]\n${piped.stdout}`].join('\n'));
});

test('lists those of one name', async () => {
  const end = await runCommand(['events', 'inner'], cluster().client);

  assert.deepEqual(
    end.stdout.split('\n').map((line) => line.split(/ {2,}/)[2] ?? ''),
    ['REASON', 'ImageRefused', ''],
  );
});

test('colours nothing but warnings', async () => {
  const { stdout } = await runCommand(['events'], cluster().client, {
    terminal: terminal(120, { colour: true }),
  });

  const coloured = stdout.split('\n').filter((line) => line.includes('\u001B[33m'));
  assert.deepEqual(coloured.length, 1);
  assert.match(coloured[0] ?? '', /ImageRefused/);
});

test('prints events as they are, in a list, for programs', async () => {
  const some = await runCommand(['events', '-o', 'json'], cluster().client);
  const none = await runCommand(['events', '-o', 'yaml'], createShownCluster().client);

  assert.deepEqual(JSON.parse(some.stdout), {
    apiVersion: 'v1',
    kind: 'List',
    metadata: {},
    items: [FREED, REFUSED],
  });
  assert.equal(none.stdout, 'apiVersion: v1\nkind: List\nmetadata: {}\nitems: []\n');
  assert.deepEqual([some.exitCode, none.exitCode], [0, 0]);
});

test('says that there are none, and that this is no failure', async () => {
  const quiet = createShownCluster(...scene({}));

  const all = await runCommand(['events', '-A'], quiet.client);
  const one = await runCommand(['events', 'edge'], quiet.client);

  assert.equal(all.stderr, 'There are no events of any IngressControllerHA in any namespace.\n');
  assert.equal(
    one.stderr,
    'There are no events of IngressControllerHA "edge" in namespace "prod".\n',
  );
  assert.deepEqual([all.exitCode, all.stdout, one.exitCode, one.stdout], [0, '', 0, '']);
});

test('names the rights that are missing', async () => {
  const closed = cluster();
  closed.fail('list events', FORBIDDEN);

  const once = await runCommand(['events'], closed.client);
  const watched = await runCommand(['events', '-A', '-w'], closed.client);

  assert.equal(once.stderr, 'Cannot list E: no. Grant "list" on events in namespace "prod".\n');
  assert.match(watched.stderr, /Grant "list" and "watch" on events in all namespaces, or name/);
  assert.deepEqual([once.exitCode, watched.exitCode], [1, 1]);
});

test('-w goes on with what is new or happens again, and each once', async () => {
  const busy = cluster();
  const command = startCommand(['events', '-w'], busy.client);
  await command.clock.settle();
  const first = command.printed.stdout;
  const repeated = {
    ...REFUSED,
    count: 5,
    metadata: { ...REFUSED.metadata, resourceVersion: '9' },
  };

  busy.tell({ type: 'ADDED', object: FREED }, { type: 'MODIFIED', object: repeated });
  busy.tell({ type: 'DELETED', object: FREED });
  await command.clock.settle();
  command.interrupt();
  const end = await command.end();

  assert.match(first, /^AGE .*\n95s .*\n5s \(x4 over 10m\) .*\n$/);
  assert.match(end.stdout.slice(first.length), /^5s \(x5 over 10m\) .*ImageRefused .*\n$/);
  assert.deepEqual([end.exitCode, end.stderr], [0, '']);
});

test('-w takes up a watch that broke, and loses nothing', async () => {
  const busy = cluster();
  const command = startCommand(['events', '-w'], busy.client);
  await command.clock.settle();
  busy.endWatch({ kind: 'unreachable', message: 'Cannot watch E: reset' });
  await command.clock.settle();
  busy.put(anEvent('LeaderChanged', { ageMs: 0 }));
  await command.clock.advance(1_000);
  busy.endWatch();
  await command.clock.settle();
  command.interrupt();

  const end = await command.end();

  assert.match(end.stderr, /^Cannot watch E: reset\. The API server is .*\n$/);
  assert.match(end.stdout, /LeaderChanged .*\n$/);
  assert.equal(end.stdout.split('\n').length, 5);
  assert.equal(end.exitCode, 0);
});

test('-w remembers what it has printed, and not without end', async () => {
  const busy = createShownCluster(...scene({}));
  const command = startCommand(['events', '-w', '-o', 'json'], busy.client);
  await command.clock.settle();
  const events = Array.from({ length: 10_001 }, (_, at) => anEvent(`Many${at}`, {}));
  const [first, second, last] = [events[0], events[1], events.at(-1)];
  assert.ok(first && second && last);
  busy.tell(...events.map((object) => ({ type: 'ADDED', object }) as const));
  await command.clock.settle();
  const before = command.printed.stdout.length;

  busy.tell({ type: 'MODIFIED', object: last }, { type: 'MODIFIED', object: second });
  busy.tell({ type: 'MODIFIED', object: first });
  await command.clock.settle();
  command.interrupt();

  const news = (await command.end()).stdout.slice(before);
  assert.deepEqual(
    [...news.matchAll(/"reason": "(\w+)"/g)].map(([, reason]) => reason),
    ['Many0'],
  );
});

test('-w says nothing of a version that has expired', async () => {
  const busy = cluster();
  const command = startCommand(['events', '-w'], busy.client);
  await command.clock.settle();
  busy.endWatch({ kind: 'expired', message: 'Cannot watch E: too old' });
  await command.clock.advance(2_000);
  command.interrupt();

  assert.deepEqual([(await command.end()).stderr, busy.asked.at(-1)], ['', 'watch events']);
});

test('-w ends when watching is not allowed', async () => {
  const closed = cluster();
  closed.fail('watch events', { ...FORBIDDEN, message: 'Cannot watch E: no' });

  const end = await runCommand(['events', '-w'], closed.client);

  assert.match(end.stderr, /^Cannot watch E: no\. Grant "list" and "watch" on events in name/);
  assert.equal(end.exitCode, 1);
});

for (const args of [['edge', '-A'], ['-o', 'wide'], ['a/b'], ['a', 'b']]) {
  test(`events ${args.join(' ')} is wrong usage, told without a cluster`, async () => {
    const end = await runCommand(['events', ...args]);

    assert.match(end.stderr, /^error: /);
    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
  });
}

function cluster() {
  return createShownCluster(REFUSED, OF_A_POD, ELSEWHERE, FREED);
}

interface EventOptions {
  readonly type?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly ageMs?: number;
  readonly count?: number;
  readonly message?: string;
}

function anEvent(reason: string, options: EventOptions): KubeObject {
  const { type = 'Normal', name = 'edge', namespace = 'prod', ageMs = 0, count = 1 } = options;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${reason}`, namespace, resourceVersion: '1' },
    involvedObject: { kind: 'IngressControllerHA', name, namespace },
    type,
    reason,
    message: options.message ?? 'Another one leads',
    count,
    firstTimestamp: ago(600_000),
    lastTimestamp: ago(ageMs),
  };
}
