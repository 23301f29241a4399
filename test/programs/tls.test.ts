/** Real TLS: whom we trust, and that we show our certificate. Needs openssl. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { createCredentials } from '../../operator/kube/credentials/credentials.ts';
import { clientOf, failureFrom, fixedCredentials } from '../support/http-fixture.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { json, startScriptedServer } from '../support/scripted-server.ts';

const dir = mkdtempSync(join(tmpdir(), 'tls-'));
after(() => rmSync(dir, { recursive: true }));

const ref = { apiVersion: 'v1', kind: 'Pod', name: 'p', namespace: 'prod' };
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } };

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });
}

/** A key and a certificate signed by our CA, as `<name>.key` and `<name>.crt`. */
function issue(name: string, subject: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  const signer = name === 'ca' ? [] : ['-CA', 'ca.crt', '-CAkey', 'ca.key'];
  const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
  openssl('req', '-x509', ...key, '-subj', subject, '-days', '2', ...names, ...signer, ...files);
}

const file = (name: string) => readFileSync(join(dir, name));
const base64 = (name: string) => file(name).toString('base64');

test('a server of our CA gets to see our certificate, over one connection', async (t) => {
  issue('ca', '/CN=test CA');
  issue('server', '/CN=server');
  issue('client', '/CN=jane/O=ops');
  const server = await startScriptedServer({
    key: file('server.key'),
    cert: file('server.crt'),
    ca: file('ca.crt'),
    requestCert: true,
    rejectUnauthorized: true,
  });
  let subject: unknown;
  server.otherwise((response, request) => {
    subject = (response.socket as TLSSocket).getPeerCertificate().subject;
    json(pod)(response, request);
  });
  const config = {
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [
      {
        name: 'c',
        cluster: { server: server.url, 'certificate-authority-data': base64('ca.crt') },
      },
    ],
    users: [
      {
        name: 'u',
        user: {
          'client-certificate-data': base64('client.crt'),
          'client-key-data': base64('client.key'),
        },
      },
    ],
  };
  writeFileSync(join(dir, 'config'), JSON.stringify(config));
  const clock = createManualClock();
  const source = { kind: 'kubeconfig', files: [join(dir, 'config')] } as const;
  const trusted = clientOf({ credentials: createCredentials(source, clock), clock });
  const stranger = clientOf({ credentials: fixedCredentials(server.url), clock });
  t.after(async () => {
    trusted.close();
    stranger.close();
    await server.close();
  });

  await trusted.get(ref);
  await trusted.get(ref);
  const untrusted = await failureFrom(
    stranger.create({ ...pod, metadata: { name: 'p', namespace: 'a' } }),
  );

  assert.deepEqual({ ...(subject as object) }, { CN: 'jane', O: 'ops' });
  assert.deepEqual(
    server.requests.map(({ connection }) => connection),
    [1, 1],
  );
  assert.equal(untrusted.kind, 'unreachable');
  assert.match(untrusted.message, /certificate/);
});
