/** The sidecar's preStop hook, run as the kubelet would run it, but with a signal that kills nobody. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { test } from 'node:test';
import {
  DRAIN_SCRIPT,
  drainHook,
  IN_BACKGROUND,
} from '../../../operator/desired/pod/drain-hook.ts';
import { ANSWER_HANG_MS } from '../../support/hang-limits.ts';

/** Longer than anything is waited for. */
const LONG_MS = 2 * ANSWER_HANG_MS;

test('signals the sidecar as soon as the probe port of the manager refuses', async () => {
  const { server, port } = await listening();
  const drain = startDrain(port, LONG_MS);
  await once(server, 'connection');

  server.close();

  assert.equal(await output(drain), 'SIGINT to 1\n');
});

test('signals at once when the manager is gone already', async () => {
  const { server, port } = await listening();
  server.close();
  await once(server, 'close');

  assert.equal(await output(startDrain(port, LONG_MS)), 'SIGINT to 1\n');
});

test('signals after the drain period while the manager still answers', async () => {
  const { server, port } = await listening();

  assert.equal(await output(startDrain(port, 1)), 'SIGINT to 1\n');

  server.close();
});

test('returns before what it started has ended, and lets it live', () => {
  const started = `setTimeout(() => {}, ${2 * ANSWER_HANG_MS})`;
  const hook = spawnSync('sh', ['-c', `${IN_BACKGROUND} echo $!`, 'drain', ...node(started)], {
    encoding: 'utf8',
    timeout: ANSWER_HANG_MS,
  });

  assert.equal(hook.status, 0);
  const pid = Number(hook.stdout);
  assert.ok(process.kill(pid, 0));
  process.kill(pid, 'SIGKILL');
});

test('passes the probe port and the drain period in ms', () => {
  const { exec } = drainHook(2_500) as { exec: { command: readonly string[] } };

  assert.deepEqual(exec.command.slice(0, 2), ['sh', '-c']);
  assert.deepEqual(exec.command.slice(-2), ['8081', '2500']);
});

function startDrain(port: number, drainMs: number): ChildProcess {
  const instead = 'process.kill = (pid, signal) => console.log(signal + " to " + pid);';
  return spawn(process.execPath, ['-e', `${instead}\n${DRAIN_SCRIPT}`, `${port}`, `${drainMs}`]);
}

function node(script: string): readonly string[] {
  return [process.execPath, '-e', script];
}

async function output(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return text;
}

async function listening(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { server, port: address.port };
}
