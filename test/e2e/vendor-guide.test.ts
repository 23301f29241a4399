/**
 * docs/vendor-guide.md, run from top to bottom on a cluster of its own: every `sh` block must end
 * well, and must print the lines of the `text` block behind it.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { failoverTimes } from '../../operator/decide/election/failover-times.ts';
import { PROGRAM_HANG_MS } from '../support/hang-limits.ts';
import { installationOf } from './chart/installation.ts';
import { runBundle } from './support/command.ts';
import { bundle } from './support/operator.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const page = await readFile(join(ROOT, 'docs', 'vendor-guide.md'), 'utf8');

interface Step {
  readonly section: string;
  readonly script: string;
  readonly expected: readonly string[];
}

function steps(): readonly Step[] {
  return page.split(/^## /m).flatMap((text) => {
    const [section = ''] = text.split('\n');
    const blocks = [...text.matchAll(/```(sh|text)\n(.*?)```/gs)];
    return blocks.flatMap(([, kind, content = ''], index) => {
      if (kind !== 'sh') return [];
      const [, next, lines = ''] = blocks[index + 1] ?? [];
      return [
        { section, script: content, expected: next === 'text' ? lines.trim().split('\n') : [] },
      ];
    });
  });
}

test('the figures of the presets are those of the arithmetic', () => {
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const times = [
    { leaseDurationMs: 30_000, renewDeadlineMs: 20_000, retryPeriodMs: 2_000 },
    { leaseDurationMs: 10_000, renewDeadlineMs: 7_000, retryPeriodMs: 1_000 },
  ].map((settings) => failoverTimes(settings, 2));

  const rows = [
    times.map((it) => `${seconds(it.expectedMs)} s, ${seconds(it.worstCaseMs)} s`),
    times.map((it) => `${seconds(it.assistedMs)} s`),
    times.map((it) => `${it.apiOutageToleranceMs / 1000} s`),
  ];
  for (const row of rows) assert.ok(page.includes(`| ${row.join(' | ')} |`), row.join(' | '));
  const [usual, fast] = times.map((it) => it.apiRequestsPerMinute);
  assert.ok(page.includes(`| ${usual} a minute | ${fast} a minute |`));
});

describe('every command of the page', async () => {
  const it = await installationOf('Helm 4', { release: 'apisix', namespace: 'ingress-apisix' });
  after(() => it.remove());
  const bin = join(it.testbed.folder, 'guide');
  await mkdir(bin);
  await program('ingress-ha', `exec ${process.execPath} ${bundle()} "$@"`);
  // The images and the short waits of a test; all else is as the page says.
  await program(
    'helm',
    `command=$1; shift; [ "$command" != install ] || set -- "$@" --values ${it.valuesFile}
exec ${join(it.testbed.binDir, 'helm')} "$command" "$@"`,
  );

  test('before it, where the definition is not installed, a command says so in a sentence', async () => {
    const login = ['--kubeconfig', it.testbed.kubeconfig, '-n', 'ingress-apisix'];

    for (const command of ['status', 'explain', 'drill --yes', 'switchover --yes']) {
      const [name = '', ...flags] = command.split(' ');

      const end = await runBundle([name, 'apisix', ...login, ...flags]);

      assert.equal(end.exitCode, 2, command);
      assert.match(end.stderr, /ingress-ha crds apply/, command);
      assert.ok(end.stderr.trim().split('\n').length <= 2, end.stderr);
    }
  });

  for (const { section, script, expected } of steps()) {
    const [firstLine = ''] = script.split('\n');
    test(`${section}: ${firstLine.slice(0, 70)}`, async () => {
      const printed = await shell(script.replaceAll('REGISTRY/', 'localhost/'));

      for (const line of expected)
        assert.ok(printed.includes(line), `${line}\nis not in\n${printed}`);
    });
  }

  async function program(name: string, script: string): Promise<void> {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }

  /** What it prints on both streams; a command that fails ends it. */
  function shell(script: string): Promise<string> {
    const path = [bin, it.testbed.binDir, process.env.PATH].join(delimiter);
    const env = { ...process.env, PATH: path, KUBECONFIG: it.testbed.kubeconfig, HOME: bin };
    return new Promise((done, failed) => {
      const options = { cwd: ROOT, env, timeout: PROGRAM_HANG_MS };
      execFile('bash', ['-eo', 'pipefail', '-c', script], options, (error, stdout, stderr) => {
        if (error === null) done(`${stdout}${stderr}`);
        else failed(new Error(`${script}ended with ${error.code}:\n${stdout}${stderr}`));
      });
    });
  }
});
