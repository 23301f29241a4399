/** `status` and `events` on a real cluster: through a failover, with few rights, and with none. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { RoleBindingKind, RoleKind } from '../../operator/base/resource-kinds.ts';
import { PROGRAM_HANG_MS } from '../support/hang-limits.ts';
import { uniqueName } from './support/an-object.ts';
import { type CommandEnd, runBundle } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { deleteLeader } from './support/failover-blows.ts';
import { aLed, startScene } from './support/failover-scene.ts';
import { startHarness } from './support/harness.ts';
import { bundle } from './support/operator.ts';

const e2e = await startHarness();
const { admin, testbed } = e2e;
const scene = await startScene(e2e, await e2e.startOperator());
const { namespace } = scene;
const kubeconfig = ['--kubeconfig', testbed.kubeconfig];

describe('a failover, as people see it', { concurrency: true }, () => {
  test('the star moves to the new leader, and history and events tell why', async () => {
    const subject = await aLed(scene);
    const { name } = subject.address;
    const before = await shown([name]);

    await deleteLeader(scene, subject);

    const after = await eventually('the star has moved', async () => {
      const end = await shown([name]);
      assert.match(end.stdout, /\nFailovers\n.*\n {2}\d+s +PodDeleted +\w+ +Cleared +at most /);
      return end;
    });
    const events = await runBundle(['events', name, '-n', namespace, ...kubeconfig]);
    assert.equal(starred(before), subject.leader.pod);
    assert.notEqual(starred(after), subject.leader.pod);
    assert.match(events.stdout, new RegExp(`Failover +icha/${name} +"${starred(after)}" leads`));
    assert.deepEqual([before.exitCode, before.stderr, events.exitCode], [0, '', 0]);
  });

  test('a pipe that closes ends --watch quietly, by the next change', async () => {
    const subject = await aLed(scene);
    const { name } = subject.address;
    const program = `${process.execPath} ${bundle()}`;
    const command = `${program} status ${name} -w -n ${namespace} ${kubeconfig.join(' ')}`;
    const line = `${command} | head -1; echo "\${PIPESTATUS[@]}"`;
    const env = { PATH: process.env.PATH };
    const piped = spawn('bash', ['--norc', '-c', line], { env, timeout: PROGRAM_HANG_MS });
    const outputs = Promise.all([text(piped.stdout), text(piped.stderr)]);
    await once(piped.stdout, 'readable');

    await deleteLeader(scene, subject);

    const [stdout, stderr] = await outputs;
    const [first = '', statuses] = stdout.trimEnd().split('\n');
    assert.match(first, new RegExp(`^${namespace}/${name}: Ready=.* leads; `));
    assert.deepEqual([statuses, stderr], ['0 0', '']);
  });

  test('-o json and jsonpath agree with the Lease', async () => {
    const { address, leader } = await aLed(scene);

    const report = JSON.parse((await shown([address.name, '-o', 'json'])).stdout);
    const path = await shown([address.name, '-o', 'jsonpath={.leader.identity}']);
    const list = await shown(['-o', 'json']);

    assert.deepEqual(
      [report.kind, report.leader.identity, report.leader.podName, report.gaps],
      ['StatusReport', leader.identity, leader.pod, []],
    );
    assert.equal(path.stdout, leader.identity);
    const same = JSON.parse(list.stdout).items.find(
      (item: { readonly name: string }) => item.name === address.name,
    );
    assert.deepEqual([same.leader.podName, same.budget], [leader.pod, report.budget]);
  });
});

describe('rights', { concurrency: true }, () => {
  test('with get on the resource alone the rest is left out and told, and it is no failure', async () => {
    const { address } = await aLed(scene);
    const { user } = await accountThatMay(['get']);

    const end = await shown([address.name, '--as', user]);

    assert.match(end.stdout, /\n│ {2}└─ Pods {2}<unknown>, it could not be read\n/);
    for (const plural of ['deployments', 'leases', 'poddisruptionbudgets', 'pods']) {
      assert.ok(end.stdout.includes(`\n${plural} in "${namespace}" could not be`), plural);
    }
    assert.deepEqual([end.exitCode, end.stderr], [0, '']);
  });

  test('an unknown name is answered with near ones, as far as they may be listed', async () => {
    const { address } = await aLed(scene);
    const misspelt = `${address.name}x`;
    const { user } = await accountThatMay(['get']);

    const known = await shown([misspelt]);
    const unlisted = await shown([misspelt, '--as', user]);

    const said = `IngressControllerHA "${misspelt}" is not in namespace "${namespace}"`;
    assert.ok(known.stderr.startsWith(`${said}. Did you mean "${address.name}"`), known.stderr);
    assert.equal(unlisted.stderr, `${said}. Check its name and -n.\n`);
    assert.deepEqual([known.exitCode, known.stdout, unlisted.exitCode], [2, '', 2]);
  });

  test('without a right the user and what to grant are named', async () => {
    const { user } = await accountThatMay([]);

    const status = await shown(['--as', user]);
    const events = await runBundle(['events', '-A', '--as', user, ...kubeconfig]);

    assert.match(status.stderr, new RegExp(`User "${user}" cannot list .* Grant "list" on ingr`));
    assert.match(events.stderr, new RegExp(`User "${user}" cannot list .* Grant "list" on events`));
    assert.deepEqual([status.exitCode, events.exitCode], [2, 1]);
  });
});

describe('no way in', { concurrency: true }, () => {
  const cases: Record<string, { from: RegExp; to: string; stderr: RegExp }> = {
    'credentials that are not valid any more': {
      from: /token: .*|"token": *"[^"]*"/,
      to: '"token": "expired"',
      stderr: /Unauthorized\. Check --kubeconfig and --context, or log in again\.\n$/,
    },
    'an address that nothing listens on': {
      from: /https:\/\/[^"\s]+/,
      to: 'https://127.0.0.1:1',
      stderr: /ECONNREFUSED.* The API server is https:\/\/127\.0\.0\.1:1: check --kubeconfig/,
    },
  };
  for (const [what, { from, to, stderr }] of Object.entries(cases)) {
    test(`${what} are one sentence and code 2, or 1 for events`, async () => {
      const { file } = await accountThatMay([]);
      const content = await readFile(file, 'utf8');
      assert.match(content, from);
      await writeFile(`${file}.spoilt`, content.replace(from, to), { mode: 0o600 });

      for (const [command, code] of [
        ['status', 2],
        ['events', 1],
      ] as const) {
        const end = await runBundle([command, '--kubeconfig', `${file}.spoilt`]);
        assert.match(end.stderr, stderr);
        assert.deepEqual([end.exitCode, end.stdout, end.stderr.split('\n').length], [code, '', 2]);
      }
    });
  }

  test('a context that is not there is named', async () => {
    const end = await runBundle(['status', '--context', 'nowhere', ...kubeconfig]);

    assert.match(end.stderr, /^Cannot use kubeconfig \/.*: it has no context "nowhere"\. /);
    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
  });

  test('a kubeconfig that is not there is named', async () => {
    const end = await runBundle(['status', '--kubeconfig', '/nowhere/config']);

    assert.match(
      end.stderr,
      /^Cannot read the cred.*: no kubeconfig found at \/nowhere\/config\. /,
    );
    assert.equal(end.exitCode, 2);
  });
});

function shown(args: readonly string[]): Promise<CommandEnd> {
  return runBundle(['status', ...args, '-n', namespace, ...kubeconfig]);
}

function starred({ stdout }: CommandEnd): string | undefined {
  return /★ (\S+)/.exec(stdout)?.[1];
}

/** A ServiceAccount with these rights on the resources of the namespace, and no others. */
async function accountThatMay(verbs: readonly string[]) {
  const name = uniqueName('viewer');
  await e2e.kubectl('create', 'serviceaccount', '-n', namespace, name);
  const user = `system:serviceaccount:${namespace}:${name}`;
  const file = await testbed.kubeconfigFor(namespace, name);
  if (verbs.length === 0) return { user, file };
  const metadata = { name, namespace };
  const group = 'rbac.authorization.k8s.io';
  const resources = ['ingresscontrollerhas'];
  const { apiVersion } = RoleKind;
  await admin.create({
    ...{ apiVersion, kind: RoleKind.kind, metadata },
    rules: [{ apiGroups: ['ingressha.dev'], resources, verbs }],
  });
  await admin.create({
    ...{ apiVersion, kind: RoleBindingKind.kind, metadata },
    roleRef: { apiGroup: group, kind: RoleKind.kind, name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
  await eventually(`${name} may ${verbs.join(', ')}`, () =>
    e2e.kubectl('auth', 'can-i', verbs[0] ?? '', 'icha', '-n', namespace, `--as=${user}`),
  );
  return { user, file };
}
