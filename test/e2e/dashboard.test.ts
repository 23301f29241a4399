/**
 * The page in a real Chromium, on a real cluster whose leaders fall: that it follows, stays within its own
 * origin, and can be used by keyboard, by screen reader, at 360 px, by day and by night.
 * UPDATE_SCREENSHOTS=1 writes what it sees to docs/images.
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { PodKind } from '../../operator/base/resource-kinds.ts';
import { type ChromiumPage, startChromium } from '../support/chromium.ts';
import { NamespaceKind } from './support/admin.ts';
import { anObject, running, uniqueName } from './support/an-object.ts';
import { type Dashboard, startDashboard } from './support/dashboard.ts';
import { faintTexts, namelessControls, sidewaysScroll } from './support/dashboard-looks.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const PICTURES = Boolean(process.env.UPDATE_SCREENSHOTS);
/** In pictures the name that a reader of the docs would choose; else runs must not meet. */
const NAMESPACE = PICTURES ? 'ingress-apisix' : uniqueName('e2e-page');
const APISIX = { namespace: NAMESPACE, name: 'apisix' };
const INTERNAL = { namespace: NAMESPACE, name: 'apisix-internal' };
/** The defaults, of which the operator has nothing to say. */
const SOUND = {
  leaderElection: { leaseDuration: '30s', renewDeadline: '20s', retryPeriod: '2s' },
};
const LARGEST_PICTURE_BYTES = 200 * 1024;

const CARD = `document.getElementById('instance-${NAMESPACE}--apisix')`;
const LEADER = `${CARD}.querySelector('.leader-name').textContent`;
const WATCH_LEADER = `
  window.leadersShown = [];
  new MutationObserver(() => window.leadersShown.push(${LEADER}))
    .observe(${CARD}.querySelector('.leader-name'), { childList: true, characterData: true, subtree: true });`;
/** Tag and text, or the card that it is in; nothing where focus cannot be seen. */
const FOCUSED = `(() => {
  const one = document.activeElement;
  if (getComputedStyle(one).outlineStyle === 'none') return one.tagName + ' without outline';
  const own = { A: one.innerText.split('\\n')[0].split('★')[0], BUTTON: one.innerText }[one.tagName];
  const words = own ?? one.closest('.card').querySelector('h2').textContent;
  return one.tagName.toLowerCase() + ' ' + words.trim();
})()`;

const e2e = await startHarness();
await makeNamespace();
await e2e.startOperator({ namespaces: [NAMESPACE] });
await e2e.apply(anObject({ ...APISIX, spec: running({ replicas: 3, ...SOUND }) }));
await e2e.apply(anObject({ ...INTERNAL, spec: running({ replicas: 2, ...SOUND }) }));
const settles = { within: 90_000 };
for (const one of [APISIX, INTERNAL]) {
  await e2e.condition(one, 'Ready=True/AsSpecified', settles);
  await e2e.condition(one, 'FailoverAssistReady=True/Watching', settles);
}

const chromium = await startChromium();
after(() => chromium.close());
const dashboard = await startDashboard(['-n', NAMESPACE, '--kubeconfig', e2e.testbed.kubeconfig]);
after(() => dashboard.stop());
const page = await openPage(dashboard);

test('it shows each instance with its leader, its replicas and what a failure costs', async () => {
  const text = await page.evaluate<string>(`document.querySelector('main').innerText`);
  for (const wanted of [
    new RegExp(`^apisix\\s+${NAMESPACE}$`, 'm'),
    new RegExp(`^apisix-internal\\s+${NAMESPACE}$`, 'm'),
    /Replicas: 3 of 3 ready/,
    /The operator frees the Lease\s+≤ \d/,
    /The election costs the API server \d+ requests a minute/,
  ]) {
    assert.match(text, wanted);
  }
  assert.equal(await leaderShown(page), await leaderOf());
});

test('it follows a failover: nobody, then the new leader, its line and its row', async (t) => {
  const fallen = await leaderOf();
  await page.evaluate(WATCH_LEADER);

  await e2e.admin.remove(PodKind, { namespace: NAMESPACE, name: fallen });
  const lease = await eventually('another leads', async () => {
    const now = await leaderOf();
    return now !== '' && now !== fallen && now;
  });
  const seenAtMs = performance.now();

  await page.until('the page shows it', `${LEADER} === '${lease}'`);
  t.diagnostic(
    `shown within ${Math.round(performance.now() - seenAtMs)} ms of its being looked up`,
  );
  const shown = await page.evaluate<readonly string[]>('window.leadersShown');
  assert.ok(shown.includes('Nobody'), `it showed ${shown.join(', ')}`);
  await page.until(
    'the row says why',
    `${CARD}.querySelector('tbody').innerText.includes('deleted')`,
  );
  await page.until('a gap is drawn', `${CARD}.querySelector('.line [data-kind=gap]') !== null`);
  assert.match(
    await page.evaluate<string>(`document.getElementById('announcer').textContent`),
    // How long nobody led is known when the fallen leader was seen to renew.
    /^apisix: \S+ leads now(, after at most [\d.]+ s without a leader)?$/,
  );
});

test('the countdown of the Lease never runs out while the leader renews', async () => {
  const left = `Number(${CARD}.querySelector('.ring-number').textContent)`;
  await page.until('it is near its full length', `${left} === 30`);
  await page.until('it goes down', `${left} < 30`);
  await page.until('it is renewed', `${left} === 30`);
  assert.equal(await page.evaluate(`${CARD}.querySelector('.leader').dataset.kind`), 'led');
});

for (const [width, height] of [
  [1280, 800],
  [360, 740],
] as const) {
  for (const scheme of ['light', 'dark'] as const) {
    test(`it is legible and fits at ${width}x${height}, ${scheme}`, async () => {
      await page.resize(width, height);
      await page.prefer({ scheme });
      assert.deepEqual(await page.evaluate(sidewaysScroll), []);
      assert.deepEqual(await page.evaluate(faintTexts), []);
    });
  }
}

test('the button goes through the colours, and is remembered', async () => {
  await page.prefer({ scheme: 'light' });
  const ground = 'getComputedStyle(document.documentElement).backgroundColor';
  const [light] = [await page.evaluate<string>(ground)];
  const press = `document.getElementById('theme').click()`;
  await page.evaluate(press);
  await page.evaluate(press);
  assert.notEqual(await page.evaluate(ground), light);
  await page.open(`${dashboard.origin}/`);
  assert.equal(await page.evaluate('document.documentElement.dataset.theme'), 'dark');
  await page.evaluate(press);
  assert.equal(await page.evaluate(ground), light);
});

test('every control is reached by the keyboard, in order, and shows that it is', async () => {
  await page.resize(1280, 800);
  await page.open(`${dashboard.origin}/`);
  await page.until('the cards are there', `document.querySelectorAll('.card').length === 2`);
  const walk: string[] = [];
  for (let step = 0; step < 8; step += 1) {
    await page.press('Tab');
    walk.push(await page.evaluate<string>(FOCUSED));
  }
  assert.deepEqual(walk, [
    ...['a Skip to the instances', 'button Auto'],
    ...['a apisix', 'a apisix-internal'],
    ...['select apisix', 'summary apisix', 'select apisix-internal', 'summary apisix-internal'],
  ]);
  await page.press('Enter');
  await page.until('it is folded', `!document.querySelectorAll('details')[1].open`);
  await page.press('Enter');
  await page.until('it is unfolded', `document.querySelectorAll('details')[1].open`);
});

test('what a screen reader hears has names: landmarks, regions, controls, a table', async () => {
  const nodes = await page.accessible();
  assert.deepEqual(namelessControls(nodes), []);
  const heard = nodes.map(({ role, name }) => `${role} ${name}`.trim());
  for (const wanted of [
    'main',
    'banner',
    'contentinfo',
    'navigation Instances',
    'heading Ingress controllers',
    'article apisix',
    'region Leader',
    'region Who led when',
    'combobox Span of the timeline',
    'table Changes of leader, newest first',
    'columnheader Without a leader',
    'button Colours: as the system',
  ]) {
    assert.ok(heard.includes(wanted), `${wanted} is not among\n${[...new Set(heard)].join('\n')}`);
  }
  assert.ok(
    heard.some((one) => /^image The last .*: apisix-icha-\S+ leads now, once without/.test(one)),
  );
});

test('it moves nothing for who wants it still', async () => {
  await page.prefer({ motion: 'reduce' });
  assert.equal(await page.evaluate('document.getAnimations().length'), 0);
  await page.prefer({});
});

test('it looks as in the docs', async () => {
  await page.evaluate(`document.activeElement.blur()`);
  for (let more = 0; PICTURES && more < 2; more += 1) await changeLeader();
  await page.until('all are ready', `${CARD}.innerText.includes('3 of 3 ready')`);
  for (const [name, scheme, width, height] of [
    ['dashboard-light', 'light', 1280, 1120],
    ['dashboard-dark', 'dark', 1280, 1120],
    ['dashboard-phone', 'light', 360, 740],
  ] as const) {
    await page.prefer({ scheme });
    await page.resize(width, height);
    await page.evaluate('scrollTo(0, 0)');
    await page.nextFrames();
    const picture = await page.screenshot();
    assert.ok(picture.length <= LARGEST_PICTURE_BYTES, `${name} has ${picture.length} bytes`);
    if (!PICTURES) continue;
    await mkdir('docs/images', { recursive: true });
    await writeFile(`docs/images/${name}.png`, picture);
  }
});

test('it asked nobody but its own server, and nothing was complained about', () => {
  const origins = new Set(page.requests.map((url) => new URL(url).origin));
  assert.deepEqual([...origins], [dashboard.origin]);
  assert.deepEqual(page.complaints, []);
});

test('when the server is gone it says so, and keeps what it knew, greyed, with its age', async () => {
  const lost = await openPage(dashboard);
  await dashboard.stop();

  await lost.until('it says so', `document.body.innerText.includes('Connection lost')`);
  await lost.until('it tells the age', `/was known [1-9]\\d* s ago/.test(document.body.innerText)`);
  assert.equal(await lost.evaluate(`document.querySelectorAll('.card').length`), 2);
  assert.notEqual(await lost.evaluate(`getComputedStyle(${CARD}).filter`), 'none');

  const { port } = new URL(dashboard.origin);
  const kubeconfig = ['--kubeconfig', e2e.testbed.kubeconfig];
  const next = await startDashboard(['-n', NAMESPACE, '--port', port, ...kubeconfig]);
  try {
    await lost.until(
      'another run is told from this one',
      `document.body.innerText.includes('earlier run')`,
    );
  } finally {
    await next.stop();
  }
});

/** Goes with the test file, and must not be that of an earlier one. */
async function makeNamespace(): Promise<void> {
  const address = { name: NAMESPACE };
  await e2e.admin.remove(NamespaceKind, address);
  await eventually('the namespace of an earlier run is gone', async () => {
    return (await e2e.admin.get(NamespaceKind, address)) === undefined;
  });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: address };
  await e2e.admin.create(namespace, NamespaceKind);
  after(() => e2e.admin.remove(NamespaceKind, address));
}

/** Something to draw in the line of the picture. */
async function changeLeader(): Promise<void> {
  const fallen = await leaderOf();
  await e2e.admin.remove(PodKind, { namespace: NAMESPACE, name: fallen });
  const isOver = `!${CARD}.innerText.includes('${fallen}') && ${LEADER} !== 'Nobody'`;
  await page.until(
    `${fallen} is gone`,
    isOver.replace('.innerText', `.querySelector('.pods').innerText`),
  );
  await page.until('all are ready', `${CARD}.innerText.includes('3 of 3 ready')`);
}

async function openPage({ address }: Dashboard): Promise<ChromiumPage> {
  const opened = await chromium.newPage();
  await opened.resize(1280, 800);
  await opened.prefer({ scheme: 'light' });
  await opened.open(address);
  await opened.until('the cards are there', `document.querySelectorAll('.card').length === 2`);
  await opened.until('a leader is shown', `${LEADER}.startsWith('apisix-')`);
  return opened;
}

function leaderShown(shown: ChromiumPage): Promise<string> {
  return shown.evaluate<string>(LEADER);
}

/** By the Lease itself. */
async function leaderOf(): Promise<string> {
  const lease = ['get', 'lease', '-n', NAMESPACE, 'apisix-leader', '-o'];
  const holder = await e2e.kubectl(...lease, 'jsonpath={.spec.holderIdentity}');
  return holder.split('_')[0] ?? '';
}
