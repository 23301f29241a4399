/** Whatever others have written, a terminal is steered by our own codes only, and lines are ours. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import {
  escapedJson,
  guarded,
  ownCode,
  steeredOnlyByUs,
} from '../../operator/cli/terminal-text.ts';
import { dataText } from '../../operator/cli/view/data-text.ts';
import { anInstallation } from '../support/an-installation.ts';
import { readOnlyCluster } from '../support/read-only-cluster.ts';
import { type CommandEnd, runCommand, startCommand } from '../support/run-command.ts';
import { runDrill } from '../support/run-drill.ts';
import { createShownCluster } from '../support/shown-cluster.ts';
import { terminal } from './golden.ts';
import { RISKY_PAGES, riskyObjects, runReport } from './report-support.ts';
import { ago, scene } from './scenes.ts';
import { validate } from './validate-support.ts';

/** Title, screen, colours and cursor in 7 and 8 bits, directions, an unseen tag, and a line of its own. */
const HOSTILE =
  '\u001B]0;pwn\u0007\u001B[2J\u001B[35m\u001BPq\r\b\u007F\u009B35m\u009D0;x\u009C\u0085\u202E\u2066\u200F\u061C\u2028\u{E0041}\u0000\nFORGED\r\nFORGED';
const STEERING =
  /(?![\n\t])\p{Cc}|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]|[\u{E0000}-\u{E007F}]/u;
/** What this program itself steers by: colours of its own, and a screen that is drawn anew. */
const OURS = new RegExp(
  ['1m', '2m', '22m', '31m', '32m', '33m', '39m', 'H\u001B\\[2J']
    .map((code) => `\u001B\\[${code}`)
    .join('|'),
  'g',
);

const NARROW = { terminal: terminal(20, { colour: true }) };
/** Nothing is wrapped here, so every line begins where this program began it. */
const WIDE = { terminal: terminal(100_000, { colour: true }) };
const STAGES = [NARROW, WIDE, {}];

function assertHarmless(
  end: Pick<CommandEnd, 'stdout' | 'stderr'>,
  where: string,
  lines: 'all of its own' | 'may be wrapped' = 'all of its own',
): void {
  for (const text of [end.stdout, end.stderr]) {
    const rest = text.replace(OURS, '');
    const found = STEERING.exec(rest);
    assert.equal(found, null, `${where}: ${JSON.stringify(found?.[0])} in ${JSON.stringify(rest)}`);
    if (lines === 'may be wrapped') continue;
    const forged = rest.split('\n').find((line) => line.startsWith('FORGED'));
    assert.equal(forged, undefined, `${where}: a forged line in ${JSON.stringify(rest)}`);
  }
}

test('every field of every object, in every view and at every width', async () => {
  const resources = [
    ...scene({ leader: 0, failovers: 4, pods: { 1: { ready: false } } }),
    anEvent(),
  ];
  const lines = [
    ...['status edge', 'status edge -o wide', 'status', 'status -A -o wide', 'status edge -o json'],
    ...['status -o yaml', 'status edge -o jsonpath={.conditions[*].message}', 'status -o name'],
    ...['events', 'events edge', 'events -A -o json', 'events -o yaml', 'status edge --wait'],
    ...['status edge -o jsonpath={.leader.podName}', '__complete status e'],
  ];
  let seen = 0;
  for (const { objects, path } of poisoned(resources)) {
    const cluster = createShownCluster(...objects);
    for (const stage of STAGES) {
      for (const line of stage === WIDE ? lines : lines.slice(0, 4).concat(lines.slice(8, 10))) {
        const args = [...line.split(' '), ...(line.includes('--wait') ? ['--timeout', '1s'] : [])];
        const end = await runCommand(args, cluster.client, stage);
        if (end.stdout.includes('\uFFFD') || end.stdout.includes('\\u')) seen += 1;
        assertHarmless(end, `${line}, ${path}`, linesOn(stage, line));
      }
    }
  }
  assert.ok(seen > 100, `hostile text was shown ${seen} times only`);
});

test('every field, where explain tells rule by rule', async () => {
  const objects = anInstallation({ now: '2026-01-01T00:00:00Z' });
  for (const { objects: all, path } of poisoned(objects)) {
    for (const stage of STAGES) {
      const args = ['explain', 'edge', '--operator-namespace', 'ops'];
      assertHarmless(
        await runCommand(args, readOnlyCluster(all).client, stage),
        path,
        'may be wrapped',
      );
    }
  }
});

test('every field and every log, in a report', async () => {
  const print = ['edge', '--output', '-', '--operator-namespace', 'ops'];
  const pages = Object.fromEntries(
    Object.entries(RISKY_PAGES).map(([path, text]) => [path, `${text}${HOSTILE}`]),
  );
  const whole = riskyObjects().map((object) => poison(object, () => true));
  const end = await runReport(print, readOnlyCluster(whole, pages));

  const rest = end.stdout + end.stderr;
  assert.equal(STEERING.exec(rest), null);
  assert.ok(rest.includes('pwn'));
});

test('a report that is written to a file, which a terminal shows later', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'terminal-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'report.txt');
  const pages = Object.fromEntries(Object.keys(RISKY_PAGES).map((path) => [path, HOSTILE]));

  await runReport(
    ['edge', '--output', file, '--operator-namespace', 'ops'],
    readOnlyCluster(riskyObjects(), pages),
  );

  const written = readFileSync(file, 'utf8');
  assert.equal(STEERING.exec(written), null);
  assert.ok(written.includes('pwn'));
});

test('a question to a person', async () => {
  const asked: string[] = [];
  const { ask } = guarded({
    stdout: { write: () => true },
    stderr: { write: () => true },
    ask: async (question: string) => {
      asked.push(question);
      return '';
    },
  });

  await ask?.(HOSTILE);

  assert.equal(STEERING.exec(asked.join()), null);
});

test('every error of a server, whatever it means', async () => {
  const kinds: readonly KubeFailure['kind'][] = [
    ...(['unreachable', 'unauthorized', 'not-found', 'conflict', 'expired', 'invalid'] as const),
    ...(['denied', 'server-error', 'aborted', 'bug', 'throttled', 'forbidden'] as const),
  ];
  const lines = ['status edge', 'status', 'events', 'explain edge', 'events -w', 'status -w'];
  for (const kind of kinds) {
    const message = `Cannot get it: ${HOSTILE}`;
    const failure = { kind, message, cause: 'rights', retryAfterMs: 1 } as KubeFailure;
    for (const line of lines) {
      for (const stage of STAGES) {
        const refused = createShownCluster(...scene({ leader: 0 }));
        for (const verb of ['get', 'list', 'watch']) refused.fail(verb, failure);
        assertHarmless(await ended(line, refused.client, stage), `${line}: ${kind}`);
        assertHarmless(
          await ended(line, new KubeError(failure), stage),
          `connect, ${line}: ${kind}`,
        );
        const partly = createShownCluster(...scene({ leader: 0 }));
        partly.fail('list pods', failure);
        assertHarmless(await ended(line, partly.client, stage), `pods, ${line}: ${kind}`);
      }
    }
  }
});

test('what somebody typed, in every error of usage', async () => {
  for (const args of [
    [HOSTILE],
    ['status', HOSTILE],
    ['status', '-n', HOSTILE],
    ['status', `--${HOSTILE}`],
    ['status', '-o', HOSTILE],
    ['explain', 'edge', '--output', HOSTILE],
    ['run', '--namespaces', HOSTILE, '--log-level', HOSTILE, '--workers', HOSTILE],
    ['completion', HOSTILE],
    ['validate', '-f', `/nowhere/${HOSTILE.replaceAll('\u0000', '')}`],
    ['render', '-f', `/nowhere/${HOSTILE.replaceAll('\u0000', '')}`],
  ]) {
    const end = await runCommand(args);
    for (const text of [end.stdout, end.stderr]) assert.equal(STEERING.exec(text), null, args[0]);
  }
});

test('a drill, its question and its report', async () => {
  const args = ['drill', 'apisix'];
  const message = `Cannot do it: ${HOSTILE}`;
  for (const call of ['delete', 'announce', 'list Pod', 'get Lease', 'page', 'watch', 'event']) {
    const prepare = (
      cluster: Parameters<NonNullable<Parameters<typeof runDrill>[1]>['prepare'] & {}>[0],
    ) => cluster.failNext(call, { kind: 'denied', message });
    assertHarmless(await runDrill([...args, '--yes'], { prepare }), call);
    assertHarmless(await runDrill([...args, '--yes', '-o', 'json'], { prepare }), call);
    assertHarmless(await runDrill(args, { prepare, answer: `${HOSTILE}` }), call);
  }
});

test('a file that validate and render read', async (t) => {
  const warn = t.mock.method(process, 'emitWarning', () => {});
  const quoted = JSON.stringify(HOSTILE);
  for (const text of [
    `apiVersion: ingressha.dev/v1alpha1\nkind: IngressControllerHA\nmetadata: {name: ${quoted}}`,
    `apiVersion: ingressha.dev/v1alpha1\nkind: IngressControllerHA\nmetadata: {name: a}\nspec: {${quoted}: ${quoted}}`,
    `apiVersion: ingressha.dev/v1alpha1\nkind: IngressControllerHA\nmetadata: {name: a}\nspec: {controller: {version: ${quoted}}}`,
    `apiVersion: ${quoted}\nkind: ${quoted}\nmetadata: {name: ${quoted}}`,
    `? {${quoted}: 1}\n: ${quoted}`,
    `a: ${quoted} ${quoted}`,
    `{${quoted}`,
    `${quoted}: 1\n${quoted}: 2`,
    '\u001B[2J\u009B2J',
  ]) {
    for (const more of [[], ['-o', 'json']]) {
      assertHarmless(await validate(['-f', '-', ...more], text), text);
    }
  }
  assert.equal(warn.mock.callCount(), 0, 'a library has written around us');
});

test('a screen that is drawn anew is ours, and what is on it is not', async () => {
  const [resource, ...rest] = scene({ leader: 0, told: [`Ready=False RollingOut: ${HOSTILE}`] });
  assert.ok(resource);
  const command = startCommand(
    ['status', '-w'],
    createShownCluster(resource, ...rest).client,
    WIDE,
  );
  await command.clock.advance(1_000);
  command.interrupt();

  const end = await command.end();

  assert.ok(end.stdout.includes('\u001B[H\u001B[2J'));
  assertHarmless(end, 'status -w');
});

test('a code of ours works, and one that looks like it does not', () => {
  assert.equal(steeredOnlyByUs(`${ownCode('[1m')}a\u001B[1mb`), '\u001B[1ma\uFFFD[1mb');
  const secret = ownCode('[1m').slice(1, -3);
  const wrong = secret.replace(/^./, (letter) => (letter === '0' ? '1' : '0'));
  assert.equal(steeredOnlyByUs(`\u001B${wrong}[1m`), `\uFFFD${wrong}[1m`);
});

test('letters of all scripts, tabs and line feeds pass', () => {
  const text = 'naïve\tשלום\n日本語 👩‍🚀 ✓├─ e\u0301\n';

  assert.equal(steeredOnlyByUs(text), text);
});

test('data keeps its value: what would steer is escaped in it', () => {
  const data = { [`key${HOSTILE}`]: [HOSTILE, '\u{E0041}', 'plain'] };

  assert.deepEqual(JSON.parse(dataText(data, { kind: 'json' })), data);
  assert.deepEqual(parse(dataText(data, { kind: 'yaml' }), { version: '1.1' }), data);
  for (const kind of ['json', 'yaml'] as const) {
    const text = dataText(data, { kind });
    assert.equal(steeredOnlyByUs(text), text);
  }
  assert.equal(escapedJson('"\u009B\u{E0041}"'), '"\\u009b\\udb40\\udc41"');
});

/** Data by a path keeps its line feeds, as kubectl prints it. */
function linesOn(stage: (typeof STAGES)[number], line: string) {
  return stage === WIDE && !line.includes('jsonpath') ? 'all of its own' : 'may be wrapped';
}

/** Interrupts what would go on. */
async function ended(
  line: string,
  behind: Parameters<typeof runCommand>[1],
  stage: Parameters<typeof runCommand>[2],
): Promise<CommandEnd> {
  const command = startCommand(line.split(' '), behind, stage);
  if (!line.endsWith('-w')) return command.end();
  await command.clock.advance(3_000);
  command.interrupt();
  return command.end();
}

interface Poisoned {
  readonly objects: readonly KubeObject[];
  readonly path: string;
}

/** The objects once for each text in them, with that text followed by the hostile one. */
function* poisoned(objects: readonly KubeObject[]): Generator<Poisoned> {
  for (const path of new Set(objects.flatMap((object) => pathsIn(object, object.kind)))) {
    yield { path, objects: objects.map((object) => poison(object, (at) => at === path)) };
  }
}

/** By these an object is found at all. */
const FOUND_BY = /^\w+\.(?:apiVersion|kind|metadata\.(?:name|namespace|labels\..*))$/;

function pathsIn(value: unknown, path: string): readonly string[] {
  if (typeof value === 'string') return FOUND_BY.test(path) ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => pathsIn(member, `${path}.${key}`));
}

function poison(object: KubeObject, isMeant: (path: string) => boolean): KubeObject {
  return poisonedAt(object, object.kind, isMeant) as KubeObject;
}

function poisonedAt(value: unknown, path: string, isMeant: (path: string) => boolean): unknown {
  if (typeof value === 'string') {
    return !FOUND_BY.test(path) && isMeant(path) ? value + HOSTILE : value;
  }
  if (Array.isArray(value)) {
    return value.map((item, at) => poisonedAt(item, `${path}.${at}`, isMeant));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      poisonedAt(member, `${path}.${key}`, isMeant),
    ]),
  );
}

function anEvent(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'edge.x', namespace: 'prod', resourceVersion: '1' },
    involvedObject: { kind: 'IngressControllerHA', name: 'edge', namespace: 'prod' },
    type: 'Warning',
    reason: 'LeaderChanged',
    message: 'Another one leads',
    count: 3,
    firstTimestamp: ago(600_000),
    lastTimestamp: ago(1_000),
  };
}
