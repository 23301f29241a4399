/** The dashboard with the rights of different users, and how its address reaches a browser. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { API_GROUP, IngressControllerHAKind } from '../../operator/base/resource-kinds.ts';
import { startChromium } from '../support/chromium.ts';
import { anObject, uniqueName } from './support/an-object.ts';
import { runBundle } from './support/command.ts';
import { startDashboard } from './support/dashboard.ts';
import { eventually } from './support/eventually.ts';
import { startFaultProxy } from './support/fault-proxy.ts';
import { startHarness } from './support/harness.ts';

const RESOURCES = `${IngressControllerHAKind.plural}.${API_GROUP}`;

const e2e = await startHarness();
const { kubeconfig: admins } = e2e.testbed;
const chromium = await startChromium();
after(() => chromium.close());

test('who may not list the resources is told so, by name, and gets no address', async () => {
  const namespace = await e2e.newNamespace();
  const { kubeconfig, user } = await account(namespace);

  const end = await runBundle(['dashboard', '--port', '0', '--kubeconfig', kubeconfig]);

  assert.deepEqual([end.exitCode, end.stdout], [1, '']);
  assert.match(end.stderr, new RegExp(`User "${user}" cannot list resource`));
  assert.match(end.stderr, new RegExp(`\\. Grant "list" and "watch" on ${RESOURCES}\\.\\n$`));
});

test('who may read the resources alone sees them, and which rights the rest needs', async () => {
  const namespace = await e2e.newNamespace();
  const { metadata } = await e2e.apply(anObject({ namespace }));
  const { kubeconfig, name } = await account(namespace);
  await allow(namespace, name, ['list', 'watch']);
  const dashboard = await startDashboard(['--kubeconfig', kubeconfig]);
  const page = await chromium.newPage();
  await page.open(dashboard.address);

  const shown = (text: string) => `document.body.innerText.includes(${JSON.stringify(text)})`;
  await page.until('the instance is shown', shown(metadata.name));
  await page.until('the note is shown', shown('Grant "list" and "watch" on pods.'));
  await page.until(
    'another note',
    shown('Grant "list" and "watch" on leases.coordination.k8s.io.'),
  );
  assert.equal(await page.evaluate(`document.body.hasAttribute('data-stale')`), false);

  assert.equal(await dashboard.stop(), 0);
});

test('an outage of the cluster greys what was known and tells its age, until it is over', async (t) => {
  const { proxy, page, name } = await behindProxy(t);

  proxy.breakWith(() => ({ kind: 'lose-request' }));
  proxy.endWatches('cut');

  const text = 'document.body.innerText';
  await page.until('it says so', `${text}.includes('ingresscontrollerhas cannot be read')`);
  await page.until('it tells the age', `/was known [1-9]\\d* s ago/.test(${text})`);
  assert.equal(await page.evaluate(`document.body.hasAttribute('data-stale')`), true);
  assert.equal(await page.evaluate(`${text}.includes('${name}')`), true);

  proxy.heal();
  await page.until('it is live again', `!document.body.hasAttribute('data-stale')`);
  assert.equal(await page.evaluate(`document.querySelector('.banner') === null`), true);
});

test('a right that is taken away is told, as is a login that has ended', async (t) => {
  const { proxy, page } = await behindProxy(t);
  const text = 'document.body.innerText';

  proxy.breakWith(() => ({ kind: 'answer', status: 403 }));
  proxy.endWatches('cut');
  await page.until(
    'the right is named',
    `${text}.includes('No right to read ingresscontrollerhas')`,
  );

  proxy.breakWith(() => ({ kind: 'answer', status: 401 }));
  await page.until('the login is told', `${text}.includes('or log in again')`);
  assert.deepEqual(page.complaints, []);
});

test('the cookie that another port of this machine is sent shows it nothing of the cluster', async (t) => {
  const namespace = await e2e.newNamespace();
  const { metadata } = await e2e.apply(anObject({ namespace }));
  const dashboard = await startDashboard(['-n', namespace, '--kubeconfig', admins]);
  const { origin: neighbour, cookies } = await startNeighbour(t);
  const page = await chromium.newPage();
  const text = 'document.body.innerText';
  await page.open(dashboard.address);
  await page.until('it is shown', `${text}.includes('${metadata.name}')`);
  assert.equal(await page.evaluate('location.href'), `${dashboard.origin}/`);

  await page.open(`${neighbour}/`);
  const [cookie = ''] = cookies;
  assert.match(cookie, /^ingress-ha-\d+=/);
  const stolen = await fetch(`${dashboard.origin}/events`, { headers: { cookie } });
  assert.equal(stolen.status, 401);
  assert.ok(!(await stolen.text()).includes(metadata.name));

  await page.open(`${dashboard.origin}/`);
  await page.until('the tab still has its key', `${text}.includes('${metadata.name}')`);
  await page.evaluate('sessionStorage.clear()');
  await page.open(`${dashboard.origin}/`);
  await page.until('without it says what to do', `${text}.includes('open that address here')`);
  assert.equal(await page.evaluate(`${text}.includes('${metadata.name}')`), false);
  assert.deepEqual(page.complaints, []);
  await dashboard.stop();
});

test('an empty namespace says so, and shows what is created meanwhile', async () => {
  const namespace = await e2e.newNamespace();
  const dashboard = await startDashboard(['-n', namespace, '--kubeconfig', admins]);
  const page = await chromium.newPage();
  await page.open(dashboard.address);
  const text = `document.querySelector('main').innerText`;
  await page.until('it says so', `${text}.includes('No instance in namespace "${namespace}"')`);

  const { metadata } = await e2e.apply(anObject({ namespace }));

  await page.until('it is shown', `${text}.includes('${metadata.name}')`);
  await page.until('and that nobody looks after it', `${text}.includes('Not seen by an operator')`);
  assert.deepEqual(page.complaints, []);
  await dashboard.stop();
});

test('--open hands a browser an address that is good once, and prints another one', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ingress-ha-open-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const opener = join(folder, 'xdg-open');
  await writeFile(
    opener,
    `#!/bin/sh\nprintf %s "$1" > ${folder}/.part\nmv ${folder}/.part ${folder}/url\n`,
  );
  await chmod(opener, 0o755);

  const env = { PATH: `${folder}:${process.env.PATH}` };
  const dashboard = await startDashboard(['--open', '-n', 'default', '--kubeconfig', admins], {
    env,
  });
  const url = await eventually('it is opened', () => readFile(join(folder, 'url'), 'utf8'));

  assert.notEqual(url, dashboard.address);
  const visit = async (address: string) => (await fetch(address, { redirect: 'manual' })).status;
  assert.deepEqual([await visit(url), await visit(url)], [303, 403]);
  assert.equal(await visit(dashboard.address), 303);
  await dashboard.stop();
});

test('without a browser --open says so and goes on; the token is printed once and nowhere else', async () => {
  const env = { PATH: '/nowhere' };
  const flags = ['--open', '-n', 'default', '--kubeconfig', admins];
  const dashboard = await startDashboard(flags, { env });
  await eventually('it says so', () => dashboard.printed().includes('Open the address above'));
  const wrong = await fetch(`${dashboard.origin}/?token=wrong`);
  assert.equal(wrong.status, 403);

  assert.equal(await dashboard.stop(), 0);
  const token = new URL(dashboard.address).searchParams.get('token') ?? '';
  assert.equal(dashboard.printed().split(token).length, 2);
  assert.equal(dashboard.printed().split('token=').length, 2);
});

/** A page that shows one resource, of a dashboard whose every request goes through a fault proxy. */
async function behindProxy(t: TestContext) {
  const proxy = await startFaultProxy(e2e.testbed);
  const namespace = await e2e.newNamespace();
  const { metadata } = await e2e.apply(anObject({ namespace }));
  const kubeconfig = join(e2e.testbed.folder, 'kubeconfigs', `${namespace}.proxied.kubeconfig`);
  await writeFile(kubeconfig, await readFile(admins, 'utf8'), { mode: 0o600 });
  await proxy.redirect(kubeconfig);
  const dashboard = await startDashboard(['-n', namespace, '--kubeconfig', kubeconfig]);
  t.after(async () => {
    await dashboard.stop();
    await proxy.close();
    await rm(kubeconfig);
  });
  const page = await chromium.newPage();
  await page.open(dashboard.address);
  await page.until('it is shown', `document.body.innerText.includes('${metadata.name}')`);
  return { proxy, page, name: metadata.name };
}

/** Somebody else's server on this loopback, and the cookies that it was sent. */
async function startNeighbour(t: TestContext) {
  const cookies: string[] = [];
  const server = createServer((request, response) => {
    if (request.headers.cookie !== undefined) cookies.push(request.headers.cookie);
    response.setHeader('content-type', 'text/html').end('<link rel="icon" href="data:,">');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { origin: `http://127.0.0.1:${address.port}`, cookies };
}

/** A ServiceAccount without any right. */
async function account(namespace: string) {
  const name = uniqueName('reader');
  await e2e.kubectl('create', 'serviceaccount', '-n', namespace, name);
  const user = `system:serviceaccount:${namespace}:${name}`;
  return { name, user, kubeconfig: await e2e.testbed.kubeconfigFor(namespace, name) };
}

async function allow(namespace: string, name: string, verbs: readonly string[]): Promise<void> {
  const given = verbs.map((verb) => `--verb=${verb}`);
  const subject = `--serviceaccount=${namespace}:${name}`;
  await e2e.kubectl('create', 'role', '-n', namespace, name, ...given, `--resource=${RESOURCES}`);
  await e2e.kubectl('create', 'rolebinding', '-n', namespace, name, `--role=${name}`, subject);
  const user = `--as=system:serviceaccount:${namespace}:${name}`;
  await eventually('the right is in force', () =>
    e2e.kubectl('auth', 'can-i', 'watch', RESOURCES, '-n', namespace, user),
  );
}
