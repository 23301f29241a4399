/** What is read from kubeconfigs and service accounts, when, and what is refused. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type { CredentialSource } from '../../../operator/kube/credentials/credential-source.ts';
import { createCredentials } from '../../../operator/kube/credentials/credentials.ts';
import type { KubeconfigOverrides } from '../../../operator/kube/credentials/kubeconfig-overrides.ts';
import { createTransport } from '../../../operator/kube/http/transport.ts';
import { ANSWER_HANG_MS } from '../../support/hang-limits.ts';
import { failureFrom } from '../../support/http-fixture.ts';
import { type Config, folder, kubeconfig } from '../../support/kubeconfig-file.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const EXEC = { apiVersion: 'client.authentication.k8s.io/v1' };

function read(files: readonly string[], overrides?: KubeconfigOverrides) {
  const base = { kind: 'kubeconfig', files } as const;
  const source: CredentialSource = overrides === undefined ? base : { ...base, overrides };
  return createCredentials(source, createManualClock()).current();
}

test('a token, a CA and the namespace of the context', async (t) => {
  const ca = Buffer.from('the CA');
  const file = kubeconfig(folder(t), 'a', {
    cluster: { 'certificate-authority-data': ca.toString('base64'), 'tls-server-name': 'api' },
    user: { token: 'secret' },
    namespace: 'prod',
  });

  const access = await read([file]);

  assert.equal(access.server.href, 'https://api.example:6443/');
  assert.deepEqual(access.headers, { authorization: 'Bearer secret' });
  assert.deepEqual(access.tls, { ca, servername: 'api' });
  assert.equal(access.namespace, 'prod');
});

test('a client certificate, a user to act as, and a server that is not verified', async (t) => {
  const file = kubeconfig(folder(t), 'a', {
    cluster: { 'insecure-skip-tls-verify': true },
    user: {
      'client-certificate-data': Buffer.from('cert').toString('base64'),
      'client-key-data': Buffer.from('key').toString('base64'),
      as: 'jane',
    },
  });

  const access = await read([file]);

  assert.deepEqual(access.headers, { 'impersonate-user': 'jane' });
  assert.deepEqual(access.tls, {
    cert: Buffer.from('cert'),
    key: Buffer.from('key'),
    rejectUnauthorized: false,
  });
});

test('a name and password make basic authentication', async (t) => {
  const file = kubeconfig(folder(t), 'a', { user: { username: 'jane', password: 'x:y' } });

  const { headers } = await read([file]);

  const expected = `Basic ${Buffer.from('jane:x:y').toString('base64')}`;
  assert.deepEqual(headers, { authorization: expected });
});

test('of several files the first that names something wins, and missing ones are skipped', async (t) => {
  const dir = folder(t);
  const first = kubeconfig(dir, 'a', { server: 'https://a', user: { token: 'a' } });
  const second = kubeconfig(dir, 'b', { server: 'https://b', user: { token: 'b' } });
  const files = [join(dir, 'missing'), first, second];

  const current = await read(files);
  const other = await read(files, { context: 'b' });
  const mixed = await read(files, { cluster: 'b' });

  assert.deepEqual([current.server.host, current.headers.authorization], ['a', 'Bearer a']);
  assert.deepEqual([other.server.host, other.headers.authorization], ['b', 'Bearer b']);
  assert.deepEqual([mixed.server.host, mixed.headers.authorization], ['b', 'Bearer a']);
});

test('flags override the kubeconfig', async (t) => {
  const dir = folder(t);
  const ca = join(dir, 'ca.crt');
  writeFileSync(ca, 'other CA');
  const file = kubeconfig(dir, 'a', { user: { token: 'a' } });

  const access = await read([file], {
    server: 'https://other:1',
    token: 'b',
    impersonateUser: 'jane',
    certificateAuthority: ca,
    tlsServerName: 'api',
  });

  assert.equal(access.server.host, 'other:1');
  assert.deepEqual(access.headers, { authorization: 'Bearer b', 'impersonate-user': 'jane' });
  assert.deepEqual(access.tls, { ca: Buffer.from('other CA'), servername: 'api' });
});

test('another CA, certificate or server means another pool; another token does not', async (t) => {
  const dir = folder(t);
  const key = async (config: Config) => (await read([kubeconfig(dir, 'a', config)])).poolKey;
  const plain = await key({});

  assert.equal(await key({ user: { token: 'x' } }), plain);
  assert.notEqual(await key({ server: 'https://other' }), plain);
  assert.notEqual(await key({ cluster: { 'certificate-authority-data': 'YQ==' } }), plain);
  assert.notEqual(await key({ user: { 'client-certificate-data': 'YQ==' } }), plain);
});

for (const host of ['127.0.0.1:8001', '127.9.9.9', '[::1]:8001', 'localhost:8001']) {
  test(`a token may go to ${host} by plain http: nobody is on the way`, async (t) => {
    const config = { server: `http://${host}`, user: { token: 'secret' } };

    const { server, headers } = await read([kubeconfig(folder(t), 'a', config)]);

    assert.equal(server.protocol, 'http:');
    assert.equal(headers.authorization, 'Bearer secret');
  });
}

test('plain http is allowed anywhere for who has no secret to tell', async (t) => {
  const config = { server: 'http://api.example' };

  const access = await read([kubeconfig(folder(t), 'a', config)], { impersonateUser: 'jane' });

  assert.deepEqual(access.headers, { 'impersonate-user': 'jane' });
});

for (const [what, user] of Object.entries({
  'a token': { token: 'secret' },
  'a password': { username: 'me', password: 'secret' },
  'the token of an exec plugin': {
    exec: {
      ...EXEC,
      interactiveMode: 'Never',
      command: 'sh',
      args: [
        '-c',
        `printf '{"apiVersion":"${EXEC.apiVersion}","kind":"ExecCredential","status":{"token":"secret"}}'`,
      ],
    },
  },
})) {
  for (const host of ['api.example', '10.0.0.1:8080', '127.0.0.1.evil.example', '[::2]']) {
    test(`${what} is not sent to ${host} by plain http`, async (t) => {
      const file = kubeconfig(folder(t), 'a', { server: `http://${host}`, user });

      const { kind, message } = await failureFrom(read([file]));

      assert.equal(kind, 'unauthorized');
      assert.equal(
        message,
        `Cannot use kubeconfig ${file}: the server http://${host} is not https, so everybody on the way could read the token: name an https address, or leave out the user's token`,
      );
    });
  }
}

test('a token file is not sent by plain http either', async (t) => {
  const dir = folder(t);
  writeFileSync(join(dir, 'token'), 'secret');
  const config = { server: 'http://api.example', user: { tokenFile: 'token' } };

  const { message } = await failureFrom(read([kubeconfig(dir, 'a', config)]));

  assert.match(message, /is not https/);
  assert.doesNotMatch(message, /secret/);
});

test('the transport itself keeps a secret from plain http, whoever made the access', async () => {
  const transport = createTransport('test');
  const access = {
    server: new URL('http://192.0.2.1'),
    headers: { authorization: 'Bearer secret' },
    tls: {},
    poolKey: 'x',
    namespace: undefined,
  };
  const exchange = { method: 'GET', path: '/version', headers: {} } as const;

  await assert.rejects(
    transport.open(access, exchange, AbortSignal.timeout(ANSWER_HANG_MS)),
    /not https/,
  );
});

test('a kubeconfig nested without end is a sentence', async (t) => {
  const file = join(folder(t), 'deep');
  writeFileSync(file, `clusters: ${'['.repeat(20_000)}${']'.repeat(20_000)}`);

  const { message } = await failureFrom(read([file]));

  assert.match(message, /^Cannot use kubeconfig .*\/deep: it is no kubeconfig/);
});

for (const [sentence, config, overrides, message] of [
  [
    'a proxy-url is refused',
    { cluster: { 'proxy-url': 'http://proxy' } },
    {},
    /cluster "a" has a proxy-url, which is not supported: connect directly, or run kubectl proxy and name its address as the server$/,
  ],
  [
    'a context that is not there',
    {},
    { context: 'x' },
    /^Cannot use kubeconfig \/.*\/a: it has no context "x"$/,
  ],
  ['a user that is not there', {}, { user: 'x' }, /\/a: it has no user "x"$/],
  [
    'a server that is no URL',
    { server: 'not a URL' },
    {},
    /\/a: the server of cluster "a" must be a URL, such as https:\/\/host:6443$/,
  ],
  [
    'a server that is spoken to in another way',
    { server: 'ftp://host' },
    {},
    /\/a: the server of cluster "a" must be a URL, such as https:\/\/host:6443$/,
  ],
  [
    'a certificate that is not there',
    { user: { 'client-certificate': '/nowhere/cert' } },
    {},
    /\/a: \/nowhere\/cert is not there$/,
  ],
  [
    'an exec plugin that is not there',
    { user: { exec: { ...EXEC, command: '/nowhere/plugin' } } },
    {},
    /\/a: the exec plugin "\/nowhere\/plugin" cannot be started: no such file or directory$/,
  ],
  [
    'an exec plugin that says nothing',
    { user: { exec: { ...EXEC, command: 'false' } } },
    {},
    /\/a: the exec plugin "false" ended without a word$/,
  ],
] as const) {
  test(`says so: ${sentence}`, async (t) => {
    const failure = await failureFrom(read([kubeconfig(folder(t), 'a', config)], overrides));

    assert.equal(failure.kind, 'unauthorized');
    assert.match(failure.message, message);
  });
}

test('no kubeconfig at all is told with the places that were looked at', async () => {
  const failure = await failureFrom(read(['/nowhere/config', '/neither']));

  assert.match(failure.message, /no kubeconfig found at \/nowhere\/config, \/neither/);
});

for (const printed of ['s3cret-token', '"s3cret-token"', '{"token":"s3cret-token"}', '[]s3cret']) {
  test(`what an exec plugin prints is never quoted: ${printed}`, async (t) => {
    const exec = { ...EXEC, command: 'echo', args: [printed] };

    const error = await read([kubeconfig(folder(t), 'a', { user: { exec } })]).catch(
      (refusal: unknown) => refusal,
    );

    const told = inspect(error, { depth: 9 });
    assert.match(told, /the exec plugin "echo" printed no ExecCredential/);
    assert.doesNotMatch(told, /s3cret/);
  });
}

const unusable: Record<string, { content: string; why: RegExp }> = {
  'that is empty': { content: '', why: /it is no kubeconfig/ },
  'that is no YAML': { content: 'users: [token: s3cret', why: /it is no kubeconfig/ },
  'that is some other YAML': { content: 'a: s3cret', why: /it has no current context/ },
};

for (const [what, { content, why }] of Object.entries(unusable)) {
  test(`a kubeconfig ${what} is named, and never quoted`, async (t) => {
    const file = join(folder(t), 'config');
    writeFileSync(file, content);

    const { message } = await failureFrom(read([file]));

    assert.ok(message.startsWith(`Cannot use kubeconfig ${file}: it `), message);
    assert.match(message, why);
    assert.doesNotMatch(message, /s3cret/);
  });
}

test('a folder in place of a kubeconfig is told in words', async (t) => {
  const path = folder(t);

  const { message } = await failureFrom(read([path]));

  assert.equal(message, `Cannot use kubeconfig ${path}: it is a folder`);
});
