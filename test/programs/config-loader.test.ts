/**
 * config.yaml through the reader that the controller uses: Go's text/template over the environment,
 * then yaml.v3. What a user puts in arrives letter by letter, and nothing of it runs. Needs Go.
 *
 * The comparison runs on the Go side: JSON.parse of Node 24.21 can mistake property names that hold
 * escapes when it has seen similar objects before.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Ha } from '../../operator/api/ha.ts';
import { controllerConfig } from '../../operator/desired/config.ts';
import { renderConfig } from '../../operator/desired/config-map.ts';
import { overrides, wellFormed, withOverrides } from '../support/config-overrides.ts';

/** More on demand: CONFIG_CASES=100000. */
const CASES = Number(process.env.CONFIG_CASES ?? 2_000);
const LARGEST_OUTPUT_BYTES = 64 * 1024 * 1024;

function answersOfGo(resources: readonly Ha[]): readonly string[] {
  const lines = resources.map((ha) =>
    JSON.stringify({ text: renderConfig(ha).text, meant: wellFormed(controllerConfig(ha)) }),
  );
  const { status, stdout, stderr, error } = spawnSync(
    'go',
    ['run', '-C', new URL('../candidate', import.meta.url).pathname, '.', '-check-readings'],
    {
      input: lines.join('\n'),
      env: { ...process.env, SECRET: 'must not leak', CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
      encoding: 'utf8',
      maxBuffer: LARGEST_OUTPUT_BYTES,
    },
  );
  assert.equal(status, 0, error?.message ?? stderr);
  return stdout.trimEnd().split('\n');
}

test('every override arrives as it was written', () => {
  const resources = fc.sample(overrides, CASES).map(withOverrides);

  const answers = answersOfGo(resources);

  assert.equal(answers.length, CASES);
  assert.deepEqual(new Set(answers), new Set(['"as meant"']));
});

test('a template in an override is text, and shows nothing of the environment', () => {
  const leak = withOverrides({ leak: '{{ .SECRET }}', '{{': '{{/*', '{{ .SECRET }}': '{{end}}' });

  assert.deepEqual(answersOfGo([leak]), ['"as meant"']);
});
