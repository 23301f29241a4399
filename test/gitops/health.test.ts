/** health_test.yaml and action_test.yaml, run as Argo CD's own tests run them. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  ACTIONS,
  type Action,
  actionsOf,
  CUSTOMIZATION,
  type Health,
  healthOf,
  NOW,
  runAction,
  source,
  yaml,
} from './argocd.ts';
import { runLua } from './lua.ts';

interface HealthTests {
  readonly tests: readonly { readonly healthStatus: Health; readonly inputPath: string }[];
}

interface ActionTests {
  readonly discoveryTests: readonly {
    readonly inputPath: string;
    readonly result: readonly Action[];
  }[];
  readonly actionTests: readonly {
    readonly action: string;
    readonly inputPath: string;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly expectedOutputPath?: string;
    readonly expectedErrorMessage?: string;
  }[];
}

const { tests } = yaml<HealthTests>('health_test.yaml');
const { discoveryTests, actionTests } = yaml<ActionTests>('actions/action_test.yaml');

describe('health.lua', () => {
  for (const { inputPath, healthStatus } of tests) {
    test(`calls ${inputPath} ${healthStatus.status}`, () => {
      assert.deepEqual(healthOf(yaml<object>(inputPath)), healthStatus);
    });
  }

  test('takes a resource without status or spec for one that nobody has seen', () => {
    const bare = { metadata: { name: 'apisix', generation: 1 } };

    assert.equal(healthOf(bare).status, 'Progressing');
    assert.equal(healthOf({ ...bare, status: { observedGeneration: 1 } }).status, 'Progressing');
  });

  test('has a case for every object in testdata', () => {
    assert.deepEqual(tests.map(({ inputPath }) => inputPath).toSorted(), filesIn('testdata'));
  });
});

describe('discovery.lua', () => {
  for (const { inputPath, result } of discoveryTests) {
    test(`offers the actions of ${inputPath}`, () => {
      const expected = result.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      assert.deepEqual(actionsOf(yaml<object>(join('actions', inputPath))), expected);
    });
  }

  test('offers the actions that there are', () => {
    const offered = actionsOf(yaml<object>('actions/testdata/running.yaml'));
    assert.deepEqual(
      offered.map(({ name }) => name),
      ACTIONS.toSorted(),
    );
  });
});

describe('action', () => {
  for (const testCase of actionTests) {
    const {
      action,
      inputPath,
      parameters = {},
      expectedOutputPath,
      expectedErrorMessage,
    } = testCase;
    const input = yaml<object>(join('actions', inputPath));

    test(`${action} with ${JSON.stringify(parameters)} of ${inputPath}`, () => {
      if (expectedOutputPath === undefined) {
        assert.throws(() => runAction(action, input, parameters), {
          message: expectedErrorMessage,
        });
      } else {
        const expected = yaml<object>(join('actions', expectedOutputPath));
        assert.deepEqual(runAction(action, input, parameters), expected);
      }
    });
  }

  test('each has a case', () => {
    const tried = new Set(actionTests.map(({ action }) => action));
    assert.deepEqual([...tried].toSorted(), ACTIONS.toSorted());
  });
});

describe('Lua in Argo CD', () => {
  const missing = ['string.len("x")', 'io.write("x")', 'os.time()', 'math.floor(1)', '("x"):len()'];
  for (const code of missing) {
    test(`has no ${code}`, () => {
      assert.throws(() => runLua(`return ${code}`, {}, NOW), /attempt to index/);
    });
  }

  test('is version 5.1: no script uses what came later', () => {
    for (const path of ['health.lua', 'actions/discovery.lua', ...ACTIONS.map(scriptOf)]) {
      const code = source(path)
        .replace(/--.*$/gm, '')
        .replace(/"[^"]*"/g, '""');
      assert.doesNotMatch(code, /\bgoto\b|\/\/|::|<<|>>|[&|]/, path);
    }
  });
});

function scriptOf(action: string): string {
  return `actions/${action}/action.lua`;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(CUSTOMIZATION, folder))
    .map((file) => `${folder}/${file}`)
    .toSorted();
}
