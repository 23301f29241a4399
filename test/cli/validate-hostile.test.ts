/** Files that want to hurt: each ends in a sentence, and in a time that does not run away. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { ANSWER_HANG_MS } from '../support/hang-limits.ts';
import { validate } from './validate-support.ts';

const MIB = 1024 * 1024;
/** What is refused here would take longer, or never end. */
const LIMIT_MS = ANSWER_HANG_MS;

const HEAD =
  'apiVersion: ingressha.dev/v1alpha1\nkind: IngressControllerHA\nmetadata: {name: edge}\n';

const BOMB = Array.from({ length: 30 }, (_, level) => {
  const alias = level === 0 ? 'x' : `*a${level - 1}`;
  return `a${level}: &a${level} [${Array(10).fill(alias).join(', ')}]`;
}).join('\n');

const HOSTILE: Readonly<Record<string, readonly [text: string, expected: RegExp]>> = {
  'aliases that multiply': [`${HEAD}spec:\n  ${BOMB.replaceAll('\n', '\n  ')}`, /aliases stand/],
  'an alias in itself': [`${HEAD}spec: &a {b: *a}`, /aliases stand/],
  'a large text behind a few aliases': [
    `${HEAD}x: [&a "${'x'.repeat(1.2 * MIB)}", ${Array(90).fill('*a').join(', ')}]`,
    /aliases stand/,
  ],
  'lists in lists without end': [`${HEAD}spec: ${'['.repeat(MIB)}`, /nested too deeply/],
  'entries in entries without end': [`${HEAD}spec:\n ${'- '.repeat(100_000)}`, /nested too deeply/],
  'a patch that is deep': [
    `${HEAD}spec: {podTemplatePatch: ${'{"a":'.repeat(300)}1${'}'.repeat(300)}}`,
    /spec\.podTemplatePatch\.a: .*no such field/,
  ],
  'overrides that are deep': [
    `${HEAD}spec: {controller: {configOverrides: ${'{"a":'.repeat(300)}1${'}'.repeat(300)}}}`,
    /spec\.controller\.configOverrides\.a\.a\.a: Must be a single value/,
  ],
  'keys of the language': [
    `${HEAD}spec: {__proto__: {replicas: 7}, constructor: 1, toString: 2}`,
    /:4:8: error: spec\.__proto__: .*no such field/,
  ],
  'a map of many keys': [
    `${HEAD}spec:\n${Array.from({ length: 40_000 }, (_, at) => `  k${at}: 1`).join('\n')}`,
    /There are more findings than 100/,
  ],
  'a document of 1.5 MiB': [
    `${HEAD}spec:\n  restartTrigger: "${'x '.repeat(0.75 * MIB)}"`,
    /spec\.restartTrigger: Must be at most/,
  ],
  'a file of more than 3 MiB': ['x'.repeat(3 * MIB + 1), /more than 3 MiB/],
  'control characters': ['a: \u0000\u001b[2J', /:1:1: error: /],
};

for (const [what, [text, expected]] of Object.entries(HOSTILE)) {
  test(`answers ${what} with a sentence`, { timeout: LIMIT_MS }, async () => {
    const { exitCode, stdout } = await validate(['-f', '-'], text);

    assert.match(stdout, expected);
    assert.ok(stdout.length < 100_000, `${stdout.length} characters are printed`);
    assert.equal(exitCode, 1);
  });
}

const folder = await mkdtemp(join(tmpdir(), 'validate-'));
after(() => rm(folder, { recursive: true, force: true }));

test('refuses a file that is not UTF-8', async () => {
  const file = join(folder, 'latin.yaml');
  await writeFile(file, Buffer.from(`${HEAD}# Zürich\n`, 'latin1'));

  const { exitCode, stdout } = await validate(['-f', file]);
  const piped = await validate(['-f', '-'], '# Z\uFFFDrich');

  assert.equal(stdout, `${file}:1:1: error: It is not UTF-8: save it in that encoding\n`);
  assert.match(piped.stdout, /It is not UTF-8/);
  assert.equal(exitCode, 1);
});

test('stops reading a device that never ends', { timeout: LIMIT_MS }, async () => {
  const { stdout } = await validate(['-f', '/dev/zero']);

  assert.match(stdout, /more than 3 MiB/);
});

test('passes by a pipe in a folder, which nobody might ever write to', {
  timeout: LIMIT_MS,
}, async () => {
  await promisify(execFile)('mkfifo', [join(folder, 'pipe.yaml')]);
  await writeFile(join(folder, 'edge.yaml'), HEAD);

  const { stderr } = await validate(['-f', folder]);

  assert.match(stderr, /^2 files, 1 resource: 1 error/); // the other is the Latin one
});
