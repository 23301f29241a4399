/** What a user who may change the pod template still may not do to it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ha, PassThrough } from '../../../operator/api/ha.ts';
import { findTerminalErrors } from '../../../operator/desired/check/check.ts';
import { anHa, aPolicy } from '../../support/an-ha.ts';
import { assertMatches } from '../../support/assert-matches.ts';

const everything = aPolicy({ podTemplatePatch: 'Allowed', envAndVolumes: 'Allowed' });

const brokenPatches: Record<string, { patch: PassThrough; expected: RegExp }> = {
  'refuses hostNetwork': { patch: spec({ hostNetwork: true }), expected: /spec\.hostNetwork/ },
  'refuses hostPID': { patch: spec({ hostPID: true }), expected: /spec\.hostPID/ },
  'refuses a shared process namespace': {
    patch: spec({ shareProcessNamespace: true }),
    expected: /spec\.shareProcessNamespace/,
  },
  'refuses another host name': { patch: spec({ hostname: 'a' }), expected: /spec\.hostname/ },
  'refuses a qualified host name': {
    patch: spec({ setHostnameAsFQDN: true }),
    expected: /spec\.setHostnameAsFQDN/,
  },
  'refuses another account': {
    patch: spec({ serviceAccountName: 'admin' }),
    expected: /spec\.serviceAccountName/,
  },
  'refuses another account by its old name': {
    patch: spec({ serviceAccount: 'admin' }),
    expected: /spec\.serviceAccount of/,
  },
  'refuses a grace period that no rule has seen': {
    patch: spec({ terminationGracePeriodSeconds: 1 }),
    expected: /use spec\.rollout\.terminationGracePeriodSeconds/,
  },
  'refuses another command of the manager': {
    patch: container({ name: 'manager', command: ['sh'] }),
    expected: /spec\.containers\.manager\.command/,
  },
  'refuses flags of the manager': {
    patch: container({ name: 'manager', args: ['--log-level', 'debug'] }),
    expected: /spec\.containers\.manager\.args/,
  },
  'refuses an image past the policy': {
    patch: container({ name: 'adc-server', image: 'evil.example/adc:1' }),
    expected: /use spec\.controller\.adc\.image/,
  },
  'refuses another namespace of the Lease': {
    patch: container({ name: 'manager', env: [{ name: 'POD_NAMESPACE', value: 'kube-system' }] }),
    expected: /env\.POD_NAMESPACE/,
  },
  'refuses another configuration file': {
    patch: container({
      name: 'manager',
      volumeMounts: [{ name: 'mine', mountPath: '/app/conf/config.yaml' }],
    }),
    expected: /volumeMounts\.\/app\/conf\/config\.yaml/,
  },
  'refuses another volume by the name of ours': {
    patch: spec({ volumes: [{ name: 'config', secret: { secretName: 'mine' } }] }),
    expected: /spec\.volumes\.config/,
  },
  'refuses another value of a label that finds the pods': {
    patch: { metadata: { labels: { 'app.kubernetes.io/managed-by': 'me' } } },
    expected: /metadata\.labels\.app\.kubernetes\.io\/managed-by/,
  },
  'refuses another election mode': {
    patch: { metadata: { annotations: { 'ingressha.dev/election-mode': 'Disabled' } } },
    expected: /use spec\.leaderElection\.mode/,
  },
  'refuses fields beside metadata and spec': { patch: { status: {} }, expected: /has status/ },
  'refuses a pod name': {
    patch: { metadata: { name: 'mine' } },
    expected: /has metadata\.name, but may only have labels and annotations/,
  },
  'refuses a spec that is no map': { patch: { spec: [] }, expected: /"spec", which must be a map/ },
  'refuses containers that are no list': {
    patch: spec({ containers: {} }),
    expected: /spec\.containers\.manager/,
  },
  'refuses null, which removes nothing': {
    patch: spec({ affinity: null }),
    expected: /has null at spec\.affinity/,
  },
  'refuses an item without its key': {
    patch: spec({ containers: [{ image: 'ghcr.io/api7/adc:1' }] }),
    expected: /has spec\.containers\[0\] without its name/,
  },
  'refuses a port without its number': {
    patch: container({ name: 'manager', ports: [{ name: 'metrics' }] }),
    expected: /spec\.containers\[\]\.ports\[0\] without its containerPort\./,
  },
  'refuses more than 32 KiB': {
    patch: { metadata: { annotations: { a: 'x'.repeat(33_000) } } },
    expected: /bytes, more than 32768/,
  },
};

for (const [sentence, { patch, expected }] of Object.entries(brokenPatches)) {
  test(`${sentence} in a patch`, () => {
    const terminalErrors = findTerminalErrors(withPatch(patch), everything);

    assert.ok(terminalErrors.length > 0);
    for (const { reason } of terminalErrors) assert.equal(reason, 'PodTemplatePatchRefused');
    assert.ok(
      terminalErrors.some(({ message }) => expected.test(message)),
      JSON.stringify(terminalErrors),
    );
  });
}

test('refuses an added container from a repository that the installer does not allow', () => {
  const patch = container({ name: 'extra', image: 'evil.example:5000/miner:1@sha256:1' });

  assertMatches(findTerminalErrors(withPatch(patch), everything), [
    /^ImageRefused: .*container "extra" names repository "evil\.example:5000\/miner"/,
  ]);
});

test('refuses env of ours that the user sets, and names the input', () => {
  const env = [{ name: 'ADC_SERVER_URL', value: 'http://elsewhere' }];
  const ha = anHa({ controller: { manager: { env } } });

  assertMatches(findTerminalErrors(ha, everything), [
    /^ConfigRefused: spec\.controller changes spec\.containers\.manager\.env\.ADC_SERVER_URL/,
  ]);
});

test('allows false where we say nothing', () => {
  assert.deepEqual(findTerminalErrors(withPatch(spec({ hostNetwork: false })), everything), []);
});

function withPatch(podTemplatePatch: PassThrough): Ha {
  return { ...anHa(), podTemplatePatch };
}

function spec(fields: PassThrough): PassThrough {
  return { spec: fields };
}

function container(fields: PassThrough): PassThrough {
  return spec({ containers: [fields] });
}
