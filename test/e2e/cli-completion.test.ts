/** Completion with real shells' questions: bash for `ingress-ha`, kubectl for `kubectl ingress-ha`. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import { anObject } from './support/an-object.ts';
import { startHarness } from './support/harness.ts';
import { bundle } from './support/operator.ts';

const run = promisify(execFile);
const e2e = await startHarness();
const namespace = await e2e.newNamespace();
const { metadata } = await e2e.apply(anObject({ namespace, name: 'edge-of-the-world' }));
/** The programs as npm installs them. */
const folder = await mkdtemp(join(tmpdir(), 'programs-'));
for (const name of Object.keys(packageJson.bin)) await symlink(bundle(), join(folder, name));
after(() => rm(folder, { recursive: true }));
const env = {
  PATH: [folder, e2e.testbed.binDir, dirname(process.execPath), process.env.PATH].join(':'),
  KUBECONFIG: e2e.testbed.kubeconfig,
};

test('bash completes the name of a resource', async () => {
  const script = `
    source <(ingress-ha completion bash)
    COMP_WORDS=(ingress-ha status -n ${namespace} edge)
    COMP_CWORD=4
    __ingress_ha_complete
    echo "\${COMPREPLY[*]}"`;

  const { stdout, stderr } = await run('bash', ['--norc', '-c', script], { env });

  assert.deepEqual([stdout, stderr], [`${metadata.name}\n`, '']);
});

test('kubectl completes commands, flags and names of its plugin', async () => {
  const asked = (...words: readonly string[]) =>
    run('kubectl', ['__complete', 'ingress-ha', ...words], { env });

  const [commands, flags, names] = await Promise.all([
    asked('sta'),
    asked('status', '--all'),
    asked('status', '-n', namespace, ''),
  ]);

  assert.match(commands.stdout, /^status\t.*\n:4\n$/);
  assert.match(flags.stdout, /^--all-namespaces\t.*\n:4\n$/);
  assert.equal(names.stdout, `${metadata.name}\n:4\n`);
});

test('as a plugin of kubectl it calls itself so', async () => {
  const { stdout } = await run('kubectl', ['ingress-ha', 'status', '--help'], { env });

  assert.match(stdout, /^Usage: kubectl ingress-ha status /);
});
