/** What the chart's schema takes is what the operator and `drill` take: nothing is refused only in a pod. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { parseConfig } from '../../operator/app/config.ts';
import type { FlagValues } from '../../operator/app/input.ts';
import { parseWindow } from '../../operator/cli/drill/decide/window.ts';
import { CHART, refusal, render } from './support/helm.ts';

const schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8'));
const ajv = new Ajv({ strict: false });

/** Whether the schema takes the value at a path such as `policy.imageRegistry`. */
function schemaTakes(path: string, value: unknown): boolean {
  const node = path.split('.').reduce((above, name) => above.properties[name], schema);
  return ajv.validate(node, value);
}

function operatorTakes(flags: FlagValues): boolean {
  const needed = { namespaces: 'edge', ...flags };
  return parseConfig(needed, { KUBERNETES_SERVICE_HOST: '10.0.0.1' }).kind === 'valid';
}

const REGISTRIES = [
  ...[
    'mirror',
    'mirror.example',
    'mirror:5000',
    'mirror.example:5000/a/b',
    'mirror/',
    '10.0.0.1:5000',
  ],
  ...['https://mirror', 'mirror:5000:1', 'a: b', 'a b', 'mirror//a', 'mirror/A', 'mirror:123456'],
  ...['-mirror', 'mirror/a:1', 'mirror?x', 'mirror@sha256', 'mirror\n', 'a,b'],
];
const REPOSITORIES = [
  ...['controller', 'apache/controller', 'mirror:5000/controller', 'Mirror.example/a/b_c/d-e'],
  ...[
    'mirror:5000/controller:1',
    'controller:1',
    'controller@sha256:0',
    'https://a/b',
    'a b',
    'a,b,',
  ],
  ...['/a', 'a/', 'a//b', 'mirror/A', 'A'],
];
const POD_METADATA = [
  ...['team', 'example.com/team', 'example.com/*', 'A_b.c', 'a/b_c'],
  ...[
    '*',
    '/*',
    'example.com/',
    'example.com/a*',
    'exam*/a',
    'Example.com/a',
    'a/b/c',
    'a b',
    '**',
  ],
];
const NAMES = ['edge', 'edge.v2', 'a-b.c-d', '1', 'a..b', 'a.-b', '-a', 'a-', 'A', 'a_b', 'a.'];

describe('the schema and the operator agree on', () => {
  for (const path of ['policy.imageRegistry', 'global.imageRegistry']) {
    test(path, () => {
      for (const imageRegistry of REGISTRIES) {
        const taken = schemaTakes(path, imageRegistry);
        assert.equal(taken, operatorTakes({ imageRegistry }), JSON.stringify(imageRegistry));
      }
    });
  }

  test('policy.allowedImageRepositories', () => {
    for (const one of REPOSITORIES.filter((text) => !text.includes(','))) {
      const taken = schemaTakes('policy.allowedImageRepositories', [one]);
      assert.equal(taken, operatorTakes({ allowedImageRepository: [one] }), one);
    }
    assert.equal(schemaTakes('policy.allowedImageRepositories', ['a,b']), false);
  });

  test('policy.allowedPodMetadata', () => {
    for (const one of [...POD_METADATA, ...NAMES]) {
      const taken = schemaTakes('policy.allowedPodMetadata', [one]);
      assert.equal(taken, operatorTakes({ allowedPodMetadata: [one] }), one);
    }
  });

  test('controllerServiceAccount.name', () => {
    for (const name of NAMES) {
      const taken = schemaTakes('controllerServiceAccount.name', name);
      assert.equal(taken, operatorTakes({ operandServiceAccount: name }), name);
    }
  });

  test('servedNamespaces', () => {
    for (const name of [...NAMES, 'a'.repeat(63), 'a'.repeat(64)]) {
      assert.equal(
        schemaTakes('servedNamespaces', [name]),
        operatorTakes({ namespaces: name }),
        name,
      );
    }
  });

  test('the times of operator.leaderElection', async () => {
    const times = [
      ...[
        ['15s', '10s', '2s'],
        ['2s', '1s', '1s'],
        ['11s', '10s', '8s'],
        ['1h', '59m', '1s'],
      ],
      ...[
        ['10s', '10s', '2s'],
        ['15s', '10s', '0s'],
        ['15s', '6s', '5s'],
        ['15s', '12s', '10s'],
      ],
      ...[
        ['61m', '10s', '2s'],
        ['15s', '10s', '500ms'],
        ['1m1s', '1m', '49s'],
        ['9s', '10s', '2s'],
      ],
    ];
    for (const [leaseDuration = '', renewDeadline = '', retryPeriod = ''] of times) {
      const asked = { leaseDuration, renewDeadline, retryPeriod };
      const args = ['--set-json', `operator.leaderElection=${JSON.stringify(asked)}`];
      const taken = operatorTakes(asked);
      assert.match(await (taken ? render(args) : refusal(args)), /operator/, JSON.stringify(asked));
    }
  });
});

test('the schema and `drill` agree on drill.window, but for a start that is the end', () => {
  const windows = ['02:00-04:00', '23:30-01:00', '00:00-24:00', '22:00-24:00', '24:00-02:00'];
  windows.push('02:00-24:01', '2:00-4:00', '02:60-04:00', '02:00', '02:00-04:00 ', '25:00-26:00');
  for (const window of windows) {
    assert.equal(schemaTakes('drill.window', window), parseWindow(window) !== undefined, window);
  }
});

test('drill.schedule is what Kubernetes reads as cron', () => {
  const good = ['0 3 * * 2', '*/15 2-4 1,15 JAN-MAR SUN', '@weekly', '@every 1h30m', '0 3 ? * 2'];
  const bad = ['', '0 3 * *', '0 0 3 * * 2', '@never', '@every day', 'TZ=UTC 0 3 * * 2', 'weekly'];
  for (const schedule of good) assert.ok(schemaTakes('drill.schedule', schedule), schedule);
  for (const schedule of bad) assert.ok(!schemaTakes('drill.schedule', schedule), schedule);
});
