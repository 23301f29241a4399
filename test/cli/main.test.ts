/** The process itself: pipes that are closed, disks that are full, and signals. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import { startScriptedServer } from '../support/scripted-server.ts';

const MAIN = join(import.meta.dirname, '../../operator/main.ts');
/** A port that nothing listens on. */
const NOWHERE = 'http://127.0.0.1:1';
const SOON = ['--request-timeout', '1s'];

describe('a reader that has closed its pipe', { concurrency: true }, () => {
  test('ends what only reads quietly', async (t) => {
    const file = join(folder(t), 'ha.yaml');
    writeFileSync(file, 'apiVersion: ingressha.dev/v1alpha1\nkind: IngressControllerHA\n');
    const args = ['validate', '-f', file, '-o', 'json'];
    const closed = started(t, args);
    closed.child.stdout.destroy();
    const open = started(t, args);
    open.child.stdout.resume();

    assert.deepEqual(await open.ended, [1, null]);
    assert.deepEqual(await closed.ended, [0, null]);
  });

  test('does not change how a drill has ended', async (t) => {
    const args = ['drill', 'edge', '--yes', '-o', 'json', '--kubeconfig', config(t), ...SOON];
    const { child, ended } = started(t, args);
    child.stdout.destroy();

    assert.deepEqual(await ended, [2, null]);
  });

  test('of errors does not end a command either', async (t) => {
    const args = ['drill', 'edge', '--yes', '-o', 'json', '--kubeconfig', config(t), ...SOON];
    const { child, ended } = started(t, args);
    const printed = text(child.stdout);
    child.stderr.destroy();

    assert.deepEqual(await ended, [2, null]);
    assert.equal(JSON.parse(await printed).verdict.result, 'undecided');
  });
});

test('what could not be written is told, and no success', async (t) => {
  const full = openSync('/dev/full', 'w');
  t.after(() => closeSync(full));
  const child = spawn(process.execPath, [MAIN, 'crds', 'print'], {
    stdio: ['ignore', full, 'pipe'],
  });

  assert.ok(child.stderr);
  const [said, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')]);

  assert.equal(said, 'Cannot write to standard output: no space left on device.\n');
  assert.equal(exitCode, 1);
});

for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
  test(`${signal} lets a command end by itself`, async (t) => {
    const server = await startScriptedServer();
    t.after(() => server.close());
    const asked = Promise.withResolvers<void>();
    server.otherwise(() => asked.resolve());
    const { child, ended } = started(t, ['status', 'edge', '--kubeconfig', config(t, server.url)]);
    await asked.promise;

    child.kill(signal);

    const [exitCode, by] = await ended;
    assert.deepEqual([by, exitCode], [null, 2]);
  });
}

for (const [what, mistake] of [
  ['an exception that nobody catches', 'throw new Error(text)'],
  ['a rejection that nobody handles', 'Promise.reject(text)'],
] as const) {
  test(`${what} ends the process, and its text does not steer the terminal`, async (t) => {
    const server = await startScriptedServer();
    t.after(() => server.close());
    const asked = Promise.withResolvers<void>();
    server.otherwise(() => asked.resolve());
    const text = JSON.stringify('\u001B[2J\u202Emine');
    const code = `const text = ${text}; process.on('SIGUSR2', () => { ${mistake}; });`;
    const args = ['status', 'edge', '--kubeconfig', config(t, server.url)];
    const { child, ended, said } = started(t, args, {
      nodeOptions: ['--import', `data:text/javascript,${encodeURIComponent(code)}`],
    });
    await asked.promise;

    child.kill('SIGUSR2');

    assert.deepEqual(await ended, [1, null]);
    assert.match(await said, /^This is a mistake in ingress-ha, please report it: .*mine/);
    assert.doesNotMatch(await said, /(?!\n)\p{Cc}|\u202E/u);
  });
}

test('a signal ends the wait for an exec plugin that hangs', async (t) => {
  const place = folder(t);
  const plugin = join(place, 'plugin');
  // It reads until we are gone.
  writeFileSync(plugin, `#!/bin/sh\necho > ${place}/asked\nexec cat\n`, { mode: 0o700 });
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin };
  const watcher = watch(place);
  t.after(() => watcher.close());
  const asked = once(watcher, 'change');
  const file = config(t, NOWHERE, { exec });
  const { child, ended, said } = started(t, ['status', 'edge', '--kubeconfig', file]);
  await asked;

  child.kill('SIGINT');

  assert.equal(await said, 'Cannot read the credentials of the API server. It was interrupted.\n');
  assert.deepEqual(await ended, [2, null]);
});

/** `ended`: its exit code, and the signal that has killed it. `said`: all of its standard error. */
function started(
  t: TestContext,
  args: readonly string[],
  { nodeOptions = [] }: { readonly nodeOptions?: readonly string[] } = {},
) {
  const child = spawn(process.execPath, [...nodeOptions, MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const said = text(child.stderr).catch(() => '');
  return { child, said, ended: once(child, 'exit') };
}

function config(t: TestContext, server = NOWHERE, user: object = { token: 'secret' }): string {
  const file = join(folder(t), 'config');
  const content = {
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    clusters: [{ name: 'a', cluster: { server } }],
    users: [{ name: 'a', user }],
  };
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'main-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}
