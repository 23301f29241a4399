import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse as parseYaml } from 'yaml';
import { parseResource, unknownFields } from '../../operator/api/parse.ts';
import type { Schema } from '../../operator/api/schema/build.ts';
import { resourceSchema } from '../../operator/api/schema/resource.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { resourceOf } from './case.ts';
import { ALL_CASES } from './cases.ts';

const SAMPLES = join(import.meta.dirname, '../../docs/samples');

describe('parseResource', () => {
  for (const example of ALL_CASES) {
    test(example.sentence, () => {
      const parsed = parseResource(resourceOf(example));
      const problems = parsed.kind === 'invalid' ? parsed.problems : [];

      assert.equal(parsed.kind === 'valid', example.accepted, JSON.stringify(problems));
      if (example.accepted) return;
      const paths = problems.map(({ path }) => path);
      assert.ok(paths.includes(pathOfProblem(example.path, problems) ?? ''), paths.join());
      if (example.breaks?.endsWith('-grammar')) assert.equal(problems.length, 1);
      if (example.message !== undefined) {
        assert.match(problems.map(({ message }) => message).join('\n'), example.message);
      }
    });
  }

  test('has a refused case for every rule', () => {
    const refused = new Set(ALL_CASES.map(({ breaks }) => breaks));

    assert.deepEqual(
      [...ruleNames(resourceSchema)].filter((name) => !refused.has(name)),
      ['distribution-immutable', 'leaseName-immutable', 'existingLease-stays-share'], // only the API server sees both versions
    );
  });

  test('refuses an object of another kind', () => {
    const parsed = parseResource({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } });

    assert.deepEqual(parsed.kind === 'invalid' && parsed.problems.map(({ path }) => path), [
      'apiVersion',
      'kind',
    ]);
  });

  test('serves a resource whatever stands in its status', () => {
    const resource = { ...resourceOf({}), status: { leader: 'nobody', conditions: 7 } };

    assert.equal(parseResource(resource).kind, 'valid');
  });

  test('takes a resource with a deletionTimestamp for one that is being deleted', () => {
    const { metadata, ...rest } = resourceOf({});
    const deleted = {
      ...rest,
      metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    };

    const parsed = parseResource(deleted as KubeObject);

    assert.equal(parsed.kind === 'valid' && parsed.ha.deleting, true);
  });
});

describe('the samples', () => {
  for (const file of readdirSync(SAMPLES)) {
    test(`${file} is valid, without unknown fields`, () => {
      const sample: KubeObject = parseYaml(readFileSync(join(SAMPLES, file), 'utf8'));

      assert.deepEqual(unknownFields(sample), []);
      const parsed = parseResource(sample);
      assert.equal(parsed.kind, 'valid', JSON.stringify(parsed));
    });
  }
});

describe('unknownFields', () => {
  test('names each field that the API server would drop', () => {
    const resource = resourceOf({
      spec: {
        replica: 3,
        leaderElection: { leasDuration: '1s' },
        controller: { manager: { env: [{ name: 'A', anything: 1 }], image: { 'a.b': 1 } } },
        placement: { nodeSelector: { any: 'x' }, affinity: { any: {} } },
      },
    });

    assert.deepEqual(
      unknownFields(resource).map(({ path }) => path),
      [
        'spec.replica',
        'spec.leaderElection.leasDuration',
        'spec.controller.manager.env[0].anything',
        'spec.controller.manager.image["a.b"]',
        'spec.placement.affinity.any',
      ],
    );
  });
});

/** A missing field is reported where it is missing, a case names the object around it. */
function pathOfProblem(
  path: string | undefined,
  problems: readonly { readonly path: string; readonly message: string }[],
): string | undefined {
  const missing = problems.find(({ message }) => message.endsWith('must be set'));
  return missing === undefined ? path : missing.path;
}

function* ruleNames(schema: Schema): Generator<string> {
  for (const rule of schema.rules ?? []) yield rule.name;
  const parts = [
    ...Object.values(schema.properties ?? {}),
    schema.items,
    schema.additionalProperties,
  ];
  for (const part of parts) {
    if (part !== undefined) yield* ruleNames(part);
  }
}
