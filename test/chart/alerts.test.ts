/**
 * Every alert in Prometheus' own hands: promtool reads the rules as Helm renders them, and plays
 * rules/<Alert>.test.yaml against them: when it fires, what it says, near misses, and its end.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { only, renderObjects } from './support/helm.ts';
import { ALL_ON, alertsOf } from './support/monitoring.ts';
import { promtool } from './support/promtool.ts';

const RULES = join(import.meta.dirname, 'rules');
const SUFFIX = '.test.yaml';
/** Stands in files of alerts and of their tests for the namespace of the release. */
const PLACEHOLDER = 'RELEASE_NAMESPACE';

interface RuleTest {
  readonly tests: readonly {
    readonly name?: string;
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly unknown[];
    }[];
  }[];
}

const tested = (await readdir(RULES)).map((file) => basename(file, SUFFIX));

test('every alert has a file of tests, and every file an alert', async () => {
  const alerts = alertsOf(await renderObjects(ALL_ON)).map(({ alert }) => alert);

  assert.deepEqual(tested.toSorted(), alerts.toSorted());
});

describe('in the namespace of the release', { concurrency: 2 }, () => {
  let folder: string;
  before(async () => {
    folder = await laidOut('edge-system', []);
  });
  after(() => rm(folder, { recursive: true }));

  test('Prometheus reads all rules', async () => {
    const { content, text } = await promtool(['check', 'rules', join(folder, 'rules.yaml')]);

    assert.ok(content, text);
    assert.match(text, new RegExp(`SUCCESS: ${tested.length} rules found`));
  });

  for (const name of tested) {
    test(`${name} fires when it should, and only then`, async () => {
      const { content, text } = await promtool(['test', 'rules', join(folder, name + SUFFIX)]);

      assert.ok(content, text);
    });
  }
});

test('rules of another release in a namespace of their own do the same', async (t) => {
  const folder = await laidOut('elsewhere', ['--set', 'prometheusRule.namespace=monitoring']);
  t.after(() => rm(folder, { recursive: true }));

  const files = tested.map((name) => join(folder, name + SUFFIX));
  const { content, text } = await promtool(['test', 'rules', ...files]);

  assert.ok(content, text);
});

describe('the tests of', () => {
  for (const name of tested) {
    test(`${name} cover its beginning, its end and a near miss, each under a sentence`, async () => {
      const { tests }: RuleTest = parse(await readFile(join(RULES, name + SUFFIX), 'utf8'));

      const looks = tests.flatMap(({ alert_rule_test: each }) => each);
      assert.deepEqual([...new Set(looks.map(({ alertname }) => alertname))], [name]);
      assert.ok(tests.every((each) => (each.name ?? '').length > 10));
      const courses = tests.map(({ alert_rule_test: each }) =>
        each.map(({ exp_alerts: fires }) => (fires.length > 0 ? 'fires' : 'silent')).join(' '),
      );
      assert.ok(courses.some((course) => /^silent.* fires.* silent$/.test(course)));
      assert.ok(courses.some((course) => !course.includes('fires')));
    });
  }
});

/** The rules of a release and the files of tests, as promtool wants them beside each other. */
async function laidOut(releaseNamespace: string, args: readonly string[]): Promise<string> {
  const rendered = await renderObjects([...ALL_ON, '--namespace', releaseNamespace, ...args]);
  const folder = await mkdtemp(join(tmpdir(), 'ingress-ha-rules-'));
  await writeFile(join(folder, 'rules.yaml'), stringify(only(rendered, 'PrometheusRule').spec));
  for (const name of tested) {
    const content = await readFile(join(RULES, name + SUFFIX), 'utf8');
    await writeFile(join(folder, name + SUFFIX), content.replaceAll(PLACEHOLDER, releaseNamespace));
  }
  return folder;
}
