/** `ingress-ha status --watch`: what it prints, when, and how it ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCommand } from '../support/run-command.ts';
import { createShownCluster } from '../support/shown-cluster.ts';
import { terminal } from './golden.ts';
import { ago, scene } from './scenes.ts';

const CLEAR = '\u001B[H\u001B[2J';
const AWAY = { kind: 'unreachable', message: 'Cannot list X: reset' } as const;

test('prints a line for each resource that changed, and nothing while they only get older', async () => {
  const cluster = createShownCluster(
    ...scene({ leader: 0 }),
    ...scene({ name: 'inner', leader: 1 }),
  );
  const command = startCommand(['status', '-w'], cluster.client);
  await command.clock.settle();
  const first = command.printed.stdout.split('\n');

  cluster.put(...scene({ leader: 0, lease: { renewTime: ago(-9_000) } }));
  await command.clock.advance(10_000);
  assert.equal(command.printed.stdout, first.join('\n'));

  cluster.put(...scene({ leader: 1, lease: { leaseTransitions: 4 } }));
  await command.clock.advance(1_000);
  cluster.remove('inner');
  await command.clock.advance(1_000);
  command.interrupt();
  const end = await command.end();

  assert.deepEqual(end.stdout.split('\n').map(shortened), [
    'prod/edge: Ready=True …; edge-icha-6b6fb6b765-aaaaa leads; 2/2 ready',
    'prod/inner: Ready=True …; inner-icha-6b6fb6b765-bbbbb leads; 2/2 ready',
    'prod/edge: Ready=True …; edge-icha-6b6fb6b765-bbbbb leads; 2/2 ready',
    'prod/inner: It is gone',
    '',
  ]);
  assert.deepEqual([end.exitCode, end.stderr], [0, '']);
});

test('draws everything anew on a terminal, once a change', async () => {
  const cluster = createShownCluster(...scene({ leader: 0 }));
  const command = startCommand(['status', 'edge', '-w'], cluster.client, {
    terminal: terminal(80),
  });
  await command.clock.advance(5_000);
  assert.equal(drawings(command.printed.stdout).length, 1);

  cluster.put(...scene({ leader: 0, pods: { 0: { deleting: true } } }));
  await command.clock.advance(5_000);
  command.interrupt();

  const [before = '', after = ''] = drawings((await command.end()).stdout);
  assert.match(before, /★ edge-icha-6b6fb6b765-aaaaa {2}leader {3}/);
  assert.match(after, /★ edge-icha-6b6fb6b765-aaaaa {2}stopping {2}/);
});

test('shows a Lease that expires, although nothing was written', async () => {
  const cluster = createShownCluster(...scene({ leader: 0, lease: { renewTime: ago(28_500) } }));
  const command = startCommand(['status', 'edge', '-w'], cluster.client, {
    terminal: terminal(120),
  });
  await command.clock.advance(4_000);
  command.interrupt();

  const shown = drawings((await command.end()).stdout);

  assert.equal(shown.length, 2);
  assert.match(shown[1] ?? '', /renewed 30s ago, expired 0s ago/);
});

test('prints a whole report a change, when it is for programs', async () => {
  const cluster = createShownCluster(...scene({ leader: 0 }));
  const args = ['status', 'edge', '-w', '-o', 'jsonpath={.leader.podName}'];
  const command = startCommand(args, cluster.client, { terminal: terminal(80) });
  await command.clock.advance(3_000);
  cluster.put(...scene({ leader: 1 }));
  await command.clock.advance(3_000);
  command.interrupt();

  const { stdout } = await command.end();

  assert.equal(stdout, 'edge-icha-6b6fb6b765-aaaaaedge-icha-6b6fb6b765-bbbbb');
});

test('says once that the API server is away, and goes on', async () => {
  const cluster = createShownCluster(...scene({ leader: 0 }));
  const command = startCommand(['status', '-w'], cluster.client);
  await command.clock.settle();
  cluster.fail('list ingresscontrollerhas', AWAY);
  await command.clock.advance(5_000);
  cluster.fail('list ingresscontrollerhas', undefined);
  cluster.put(...scene({ leader: 1 }));
  await command.clock.advance(1_000);
  command.interrupt();

  const end = await command.end();

  assert.match(end.stderr, /^Cannot list X: reset\. The API server is .*\n$/);
  assert.equal(end.stdout.split('\n').length, 3);
  assert.equal(end.exitCode, 0);
});

test('ends when the resource is gone', async () => {
  const cluster = createShownCluster(...scene({ leader: 0 }));
  const command = startCommand(['status', 'edge', '-w'], cluster.client);
  await command.clock.settle();
  cluster.remove('edge');

  const end = await command.end();

  assert.equal(
    end.stderr,
    'IngressControllerHA "edge" is not in namespace "prod": there is none at all in it. Check -n.\n',
  );
  assert.deepEqual([end.exitCode, end.tookMs], [2, 1_000]);
});

function drawings(stdout: string): readonly string[] {
  return stdout.split(CLEAR).filter((drawing) => drawing !== '');
}

function shortened(line: string): string {
  return line.replace(/=True AsSpecified.*?;/, '=True …;');
}
