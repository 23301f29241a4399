/** When credentials are read anew, and when the old ones must do. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createCredentials } from '../../../operator/kube/credentials/credentials.ts';
import { failureFrom } from '../../support/http-fixture.ts';
import { folder, kubeconfig } from '../../support/kubeconfig-file.ts';
import { createManualClock } from '../../support/manual-clock.ts';

test('tokenFile is read relative to its kubeconfig, and again after a minute', async (t) => {
  const dir = folder(t);
  const clock = createManualClock();
  const file = kubeconfig(dir, 'a', { user: { tokenFile: 'token', token: 'ignored' } });
  writeFileSync(join(dir, 'token'), 'first\n');
  const credentials = createCredentials({ kind: 'kubeconfig', files: [file] }, clock);

  const before = await credentials.current();
  writeFileSync(join(dir, 'token'), 'second\n');
  await clock.advance(59_999);
  const within = await credentials.current();
  await clock.advance(1);
  const after = await credentials.current();

  assert.equal(before.headers.authorization, 'Bearer first');
  assert.equal(within, before);
  assert.equal(after.headers.authorization, 'Bearer second');
  assert.equal(after.poolKey, before.poolKey);
});

test('a file that cannot be read for a moment does not take the old credentials away', async (t) => {
  const dir = folder(t);
  const clock = createManualClock();
  const file = kubeconfig(dir, 'a', { user: { tokenFile: 'token' } });
  writeFileSync(join(dir, 'token'), 'first');
  const credentials = createCredentials({ kind: 'kubeconfig', files: [file] }, clock);

  const before = await credentials.current();
  rmSync(join(dir, 'token'));
  await clock.advance(60_000);

  assert.equal(await credentials.current(), before);
  assert.equal((await failureFrom(credentials.renewed(before))).kind, 'unauthorized');
});

test('a 401 has everything read anew, once for all who were refused', async (t) => {
  const dir = folder(t);
  const file = kubeconfig(dir, 'a', { user: { token: 'first' } });
  const source = { kind: 'kubeconfig', files: [file] } as const;
  const credentials = createCredentials(source, createManualClock());

  const refused = await credentials.current();
  kubeconfig(dir, 'a', { user: { token: 'second' } });
  const [one, two] = await Promise.all([
    credentials.renewed(refused),
    credentials.renewed(refused),
  ]);
  const late = await credentials.renewed(refused);

  assert.equal(one.headers.authorization, 'Bearer second');
  assert.equal(two, one);
  assert.equal(late, one);
});

test('eight first calls start one exec plugin', async (t) => {
  const dir = folder(t);
  const script = join(dir, 'plugin.sh');
  const credential = JSON.stringify({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token: 'from-plugin' },
  });
  writeFileSync(script, `#!/bin/sh\necho started >> ${dir}/log\necho '${credential}'\n`, {
    mode: 0o700,
  });
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: script };
  const file = kubeconfig(dir, 'a', { user: { exec } });
  const source = { kind: 'kubeconfig', files: [file] } as const;
  const credentials = createCredentials(source, createManualClock());

  const all = await Promise.all(Array.from({ length: 8 }, () => credentials.current()));

  assert.equal(new Set(all).size, 1);
  assert.equal(all[0]?.headers.authorization, 'Bearer from-plugin');
  assert.equal(readFileSync(join(dir, 'log'), 'utf8'), 'started\n');
});

test('a service account: server from the environment, token and CA from its files', async (t) => {
  const root = folder(t);
  const files = join(root, '/var/run/secrets/kubernetes.io/serviceaccount');
  mkdirSync(files, { recursive: true });
  writeFileSync(join(files, 'token'), 'first\n');
  writeFileSync(join(files, 'ca.crt'), 'the CA');
  writeFileSync(join(files, 'namespace'), 'prod');
  const clock = createManualClock();
  const credentials = createCredentials({ kind: 'in-cluster', root }, clock);

  setInCluster(t, undefined);
  const outside = await failureFrom(credentials.current());
  setInCluster(t, 'fd00::1');
  const access = await credentials.current();
  writeFileSync(join(files, 'token'), 'second');
  const renewed = await credentials.renewed(access);
  const source = { kind: 'in-cluster', root, impersonateUser: 'jane' } as const;
  const asJane = await createCredentials(source, clock).current();

  assert.match(outside.message, /not in a pod: KUBERNETES_SERVICE_HOST and/);
  assert.equal(access.server.href, 'https://[fd00::1]:6443/');
  assert.deepEqual(access.tls, { ca: Buffer.from('the CA') });
  assert.equal(access.namespace, 'prod');
  assert.equal(access.headers.authorization, 'Bearer first');
  assert.equal(renewed.headers.authorization, 'Bearer second');
  assert.deepEqual(asJane.headers, {
    authorization: 'Bearer second',
    'impersonate-user': 'jane',
  });
});

function setInCluster(t: TestContext, host: string | undefined): void {
  const names = ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT'] as const;
  for (const name of names) {
    const before = process.env[name];
    t.after(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
    if (host === undefined) delete process.env[name];
    else process.env[name] = name === 'KUBERNETES_SERVICE_HOST' ? host : '6443';
  }
}
