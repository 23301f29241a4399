/** `completion` and `__complete`: what a shell is told, and that it is never kept waiting. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { runCommand, startCommand } from '../support/run-command.ts';
import { createShownCluster } from '../support/shown-cluster.ts';
import { scene } from './scenes.ts';

const run = promisify(execFile);
const AWAY: KubeFailure = { kind: 'unreachable', message: 'away' };
const NOTHING = ':4\n';

test('commands come with what they do', async () => {
  const { stdout, exitCode } = await runCommand(['__complete', 'sta']);

  assert.match(stdout, /^status\tShow how a resource is\n:4\n$/);
  assert.equal(exitCode, 0);
});

const words: Record<string, readonly [line: readonly string[], answer: readonly string[]]> = {
  'commands below a command': [
    ['crds', ''],
    ['print', 'apply', ':4'],
  ],
  shells: [
    ['completion', ''],
    ['bash', 'zsh', 'fish', ':4'],
  ],
  'values of a flag': [
    ['status', '-o', 'j'],
    ['json', 'jsonpath=', ':4'],
  ],
  'the value behind an equals sign': [
    ['status', '--output=ya'],
    ['yaml', ':4'],
  ],
  'a value that goes on without a blank': [
    ['status', '--output', 'jsonp'],
    ['jsonpath=', ':6'],
  ],
  flags: [
    ['events', '--all'],
    ['--all-namespaces', ':4'],
  ],
  'flags behind an argument': [
    ['status', 'edge', '--wat'],
    ['--watch', ':4'],
  ],
  'names of files, by the shell': [['render', '--filename', ''], [':0']],
  'names of files behind an equals sign': [['status', '--kubeconfig='], [':0']],
  'nothing behind the last argument': [['status', 'edge', ''], [':4']],
  'nothing for an unknown flag': [['status', '--wathc='], [':4']],
  'nothing for a free value': [['status', '--timeout', ''], [':4']],
};

for (const [what, [line, answer]] of Object.entries(words)) {
  test(`completes ${what}, without a cluster`, async () => {
    const end = await runCommand(['__complete', ...line]);

    const values = end.stdout
      .trimEnd()
      .split('\n')
      .map((one) => one.split('\t')[0]);
    assert.deepEqual([values, end.stderr, end.exitCode], [answer, '', 0]);
  });
}

test('completes names of the namespace that the line names', async () => {
  const cluster = createShownCluster(
    ...['edge', 'edge-2', 'inner'].flatMap((name) => scene({ name })),
    ...scene({ name: 'egress', namespace: 'other' }),
  );

  const here = await runCommand(['__complete', 'status', 'ed'], cluster.client);
  const there = await runCommand(['__complete', 'events', '-n', 'other', '-w', ''], cluster.client);
  const joined = await runCommand(
    ['__complete', 'status', '--namespace=other', ''],
    cluster.client,
  );

  assert.equal(here.stdout, 'edge\nedge-2\n:4\n');
  assert.equal(there.stdout, 'egress\n:4\n');
  assert.equal(joined.stdout, 'egress\n:4\n');
});

test('completes namespaces', async () => {
  const cluster = createShownCluster(aNamespace('prod'), aNamespace('staging'));

  const { stdout } = await runCommand(['__complete', 'status', '-n', 'st'], cluster.client);

  assert.equal(stdout, 'staging\n:4\n');
});

test('is silent when the cluster cannot be read', async () => {
  const away = createShownCluster(...scene({}));
  away.fail('list', AWAY);

  for (const behind of [away.client, new KubeError(AWAY)]) {
    const end = await runCommand(['__complete', 'status', ''], behind);
    assert.deepEqual(end, { stdout: NOTHING, stderr: '', exitCode: 0, tookMs: 0 });
  }
});

test('waits two seconds for a cluster, and no longer', async () => {
  const { client } = createShownCluster(...scene({}));
  const command = startCommand(['__complete', 'status', ''], {
    ...client,
    list: () => new Promise(() => {}),
  });

  assert.deepEqual(await command.end(), {
    stdout: NOTHING,
    stderr: '',
    exitCode: 0,
    tookMs: 2_000,
  });
});

const typed: Record<string, readonly [words: readonly string[], replies: string]> = {
  'a command': [['ingress-ha', 'st'], 'status'],
  'a value behind an equals sign': [
    ['ingress-ha', 'status', '--output', '=', 'j'],
    'json jsonpath=',
  ],
  'a value behind an equals sign alone': [['ingress-ha', 'completion', '--x', '=', ''], ''],
  'an empty word': [['ingress-ha', 'completion', ''], 'bash zsh fish'],
};

for (const [what, [line, replies]] of Object.entries(typed)) {
  test(`bash completes ${what}`, async (t) => {
    const { stdout } = await run('bash', ['--norc', '-c', bashLine(line, t)]);

    assert.equal(stdout.trim(), replies);
  });
}

test('the scripts are whole, in the words of their shells', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout, exitCode } = await runCommand(['completion', shell]);

    assert.match(stdout, new RegExp(`^#.*${shell === 'zsh' ? 'compdef' : shell}`));
    assert.match(stdout, /__complete/);
    assert.equal(exitCode, 0);
  }
  const { stdout } = await runCommand(['completion', 'bash']);
  execFileSync('bash', ['--norc', '-n'], { input: stdout });
});

/** What bash does when a person presses the tabulator behind these words. */
function bashLine(line: readonly string[], t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'completion-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const main = join(import.meta.dirname, '../../operator/main.ts');
  const program = join(folder, 'ingress-ha');
  writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${main} "$@"\n`, { mode: 0o755 });
  const comp = line.map((word) => `'${word}'`).join(' ');
  return `
    set -u
    PATH=${folder}:$PATH
    source <(ingress-ha completion bash)
    COMP_WORDS=(${comp})
    COMP_CWORD=${line.length - 1}
    complete -p ingress-ha >/dev/null || exit 3
    __ingress_ha_complete
    echo "\${COMPREPLY[*]-}"`;
}

function aNamespace(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
