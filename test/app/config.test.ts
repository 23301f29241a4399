import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Config,
  credentialSource,
  ignoredProxy,
  parseConfig,
} from '../../operator/app/config.ts';
import { FLAGS, optionKey } from '../../operator/app/flags.ts';
import type { Environment, FlagValues } from '../../operator/app/input.ts';

const HOME = { home: '/home/me' };

function aConfig(values: FlagValues = {}, env: Environment = {}, options = {}): Config {
  const served = { namespaces: ['ingress-apisix'], ...values };
  const parsed = parseConfig(served, env, { ...HOME, ...options });
  if (parsed.kind === 'invalid') assert.fail(parsed.problems.join('\n'));
  return parsed.config;
}

function problemsOf(values: FlagValues, env: Environment = {}): readonly string[] {
  const parsed = parseConfig({ namespaces: ['ingress-apisix'], ...values }, env, HOME);
  return parsed.kind === 'invalid' ? parsed.problems : [];
}

test('a variable that names a proxy is remembered, since nothing uses it', () => {
  assert.equal(aConfig().ignoredProxy, undefined);
  assert.deepEqual(ignoredProxy({ HTTPS_PROXY: '', https_proxy: 'http://proxy:3128' }), {
    ignoredProxy: 'https_proxy',
  });
});

test('everything but the namespaces has a default', () => {
  assert.deepEqual(aConfig(), {
    namespaces: ['ingress-apisix'],
    operatorNamespace: 'ingress-ha-system',
    credentials: { kind: 'kubeconfig', files: ['/home/me/.kube/config'] },
    policy: {
      serviceAccountName: 'ingress-controller-ha-controller',
      allowedImageRepositories: [],
      imageDigest: 'Optional',
      allowedPodMetadata: [],
      podTemplatePatch: 'Refused',
      envAndVolumes: 'Refused',
      sharedLease: 'Refused',
      ownLease: { namespace: 'ingress-ha-system', name: 'ingress-controller-ha' },
    },
    workers: 4,
    maxConcurrentRollouts: 1,
    metricsAddress: { kind: 'listen', port: 8080 },
    probeAddress: { kind: 'listen', port: 8081 },
    election: {
      kind: 'elect',
      leaseName: 'ingress-controller-ha',
      settings: { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2000 },
    },
    logLevel: 'info',
  });
});

test('a config is frozen to its leaves', () => {
  const config = aConfig();
  for (const part of [config, config.namespaces, config.policy, config.election]) {
    assert.ok(Object.isFrozen(part));
  }
});

test('every flag has a name, a variable and a sentence of its own', () => {
  assert.equal(new Set(FLAGS.map(({ name }) => name)).size, FLAGS.length);
  for (const { name, env, help } of FLAGS) {
    assert.match(name, /^[a-z]+(-[a-z]+)*$/);
    assert.equal(env, `INGRESS_HA_${name.toUpperCase().replaceAll('-', '_')}`);
    assert.match(help, /^[A-Z].*\.$/);
  }
});

describe('sources', () => {
  test('a flag counts before its variable, and that before the default', () => {
    const env = { INGRESS_HA_WORKERS: '7', INGRESS_HA_LEASE_NAME: 'other' };
    const config = aConfig({ workers: '9' }, env);
    assert.equal(config.workers, 9);
    assert.equal(config.election.kind === 'elect' && config.election.leaseName, 'other');
  });

  test('an empty variable counts as not set', () => {
    assert.equal(aConfig({}, { INGRESS_HA_WORKERS: '' }).workers, 4);
  });

  test('every flag can come from the environment', () => {
    const texts: Record<string, string> = {
      namespaces: 'b, a,b',
      'operator-namespace': 'ops',
      kubeconfig: '/etc/kube',
      context: 'prod',
      'operand-service-account': 'runner',
      'image-registry': 'mirror:5000',
      'allowed-image-repository': 'ghcr.io/me/adc,apache/x',
      'allowed-pod-metadata': 'team,example.com/*',
      'require-image-digest': 'true',
      'allow-pod-template-patch': 'true',
      'allow-env-and-volumes': 'true',
      'allow-shared-lease': 'true',
      workers: '64',
      'max-concurrent-rollouts': '3',
      'metrics-address': '0',
      'probe-address': '127.0.0.1:9',
      'leader-elect': 'true',
      'lease-name': 'mine',
      'lease-duration': '1m',
      'renew-deadline': '40s',
      'retry-period': '5s',
      'log-level': 'debug',
    };
    const env = Object.fromEntries(FLAGS.map(({ name, env: variable }) => [variable, texts[name]]));

    const parsed = parseConfig({}, env, HOME);

    assert.deepEqual(parsed, {
      kind: 'valid',
      config: {
        namespaces: ['a', 'b'],
        operatorNamespace: 'ops',
        credentials: { kind: 'kubeconfig', files: ['/etc/kube'], overrides: { context: 'prod' } },
        policy: {
          serviceAccountName: 'runner',
          imageRegistry: 'mirror:5000',
          allowedImageRepositories: ['apache/x', 'ghcr.io/me/adc'],
          imageDigest: 'Required',
          allowedPodMetadata: ['example.com/*', 'team'],
          podTemplatePatch: 'Allowed',
          envAndVolumes: 'Allowed',
          sharedLease: 'Allowed',
          ownLease: { namespace: 'ops', name: 'mine' },
        },
        workers: 64,
        maxConcurrentRollouts: 3,
        metricsAddress: { kind: 'off' },
        probeAddress: { kind: 'listen', host: '127.0.0.1', port: 9 },
        election: {
          kind: 'elect',
          leaseName: 'mine',
          settings: { leaseDurationMs: 60_000, renewDeadlineMs: 40_000, retryPeriodMs: 5000 },
        },
        logLevel: 'debug',
      },
    });
  });

  test('the keys are those that commander gives', () => {
    assert.equal(optionKey('max-concurrent-rollouts'), 'maxConcurrentRollouts');
    assert.equal(aConfig({ maxConcurrentRollouts: '2' }).maxConcurrentRollouts, 2);
    assert.equal(aConfig({ leaderElect: false }).election.kind, 'lead-alone');
    assert.equal(aConfig({ requireImageDigest: true }).policy.imageDigest, 'Required');
  });

  test('--no-leader-elect counts before the variable', () => {
    const env = { INGRESS_HA_LEADER_ELECT: 'true' };
    assert.equal(aConfig({ leaderElect: false }, env).election.kind, 'lead-alone');
  });
});

describe('the namespace of the operator', () => {
  test('is the flag, else POD_NAMESPACE, else that of the pod', () => {
    const env = { POD_NAMESPACE: 'from-env' };
    const pod = { podNamespace: 'from-pod' };
    assert.equal(aConfig({ operatorNamespace: 'flag' }, env, pod).operatorNamespace, 'flag');
    assert.equal(aConfig({}, env, pod).operatorNamespace, 'from-env');
    assert.equal(aConfig({}, {}, pod).operatorNamespace, 'from-pod');
  });
});

describe('credentials', () => {
  const inside = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };

  test('are the service account inside a cluster, unless a kubeconfig or context is asked for', () => {
    assert.equal(credentialSource({}, inside).kind, 'in-cluster');
    assert.equal(credentialSource({ kubeconfig: '/k' }, inside).kind, 'kubeconfig');
    assert.equal(credentialSource({ context: 'c' }, inside).kind, 'kubeconfig');
  });

  test('come from the files of KUBECONFIG outside, else from the home directory', () => {
    assert.deepEqual(credentialSource({}, { KUBECONFIG: '/a::/b' }), {
      kind: 'kubeconfig',
      files: ['/a', '/b'],
    });
    assert.deepEqual(credentialSource({ context: 'c' }, {}, '/root'), {
      kind: 'kubeconfig',
      files: ['/root/.kube/config'],
      overrides: { context: 'c' },
    });
  });

  test('act as somebody else, inside a cluster and outside', () => {
    const asked = { impersonateUser: 'jane' };
    assert.deepEqual(credentialSource(asked, inside), { kind: 'in-cluster', ...asked });
    assert.deepEqual(credentialSource(asked, { KUBECONFIG: '/a' }), {
      kind: 'kubeconfig',
      files: ['/a'],
      overrides: asked,
    });
  });
});

describe('problems', () => {
  test('missing namespaces are one of them', () => {
    const parsed = parseConfig({}, {}, HOME);
    assert.deepEqual(parsed.kind === 'invalid' && parsed.problems, [
      '--namespaces is missing: name the namespaces to serve, such as ingress-apisix.',
    ]);
  });

  for (const namespace of ['default', 'kube-system', 'kube-public', 'kube-anything']) {
    test(`the namespace ${namespace} is refused with one sentence`, () => {
      const problems = problemsOf({ namespaces: `ingress-apisix,${namespace}` });
      assert.equal(problems.length, 1);
      assert.match(
        problems[0] ?? '',
        new RegExp(`^--namespaces: Cannot serve namespace "${namespace}": .*\\.$`),
      );
    });
  }

  const cases: Record<string, { values: FlagValues; says: string }> = {
    'a namespace that is no DNS label': {
      values: { namespaces: ['Prod_1'] },
      says: '--namespaces "Prod_1" is not a namespace (a DNS label).',
    },
    'too many workers': {
      values: { workers: '65' },
      says: '--workers "65" is not a whole number from 1 to 64.',
    },
    'no workers': {
      values: { workers: '0' },
      says: '--workers "0" is not a whole number from 1 to 64.',
    },
    'a fraction of a worker': {
      values: { workers: '1.5' },
      says: '--workers "1.5" is not a whole number from 1 to 64.',
    },
    'an address without a colon': {
      values: { metricsAddress: '8080' },
      says: '--metrics-address "8080" is not an address such as :8080, 127.0.0.1:8080, [::1]:8080 or 0.',
    },
    'a duration with a fraction': {
      values: { leaseDuration: '1500ms' },
      says: '--lease-duration "1500ms" is not a duration from 1s to 1h, such as 15s or 1m30s.',
    },
    'a duration of nothing': {
      values: { retryPeriod: '0s' },
      says: '--retry-period "0s" is not a duration from 1s to 1h, such as 15s or 1m30s.',
    },
    'an unsafe combination': {
      values: { renewDeadline: '15s' },
      says: 'The lease duration (15s) must be longer than the renew deadline (15s).',
    },
    'an unknown level': {
      values: { logLevel: 'loud' },
      says: '--log-level "loud" is not one of debug, info, warn, error.',
    },
    'a repository with a tag': {
      values: { allowedImageRepository: ['ghcr.io/me/adc:1.0'] },
      says: '--allowed-image-repository "ghcr.io/me/adc:1.0" is not an image repository without tag and digest.',
    },
    'a registry with a scheme': {
      values: { imageRegistry: 'https://mirror' },
      says: '--image-registry "https://mirror" is not a registry such as mirror:5000.',
    },
  };
  for (const [what, { values, says }] of Object.entries(cases)) {
    test(`${what}`, () => assert.deepEqual(problemsOf(values), [says]));
  }

  test('name the variable that a value came from', () => {
    assert.deepEqual(problemsOf({}, { INGRESS_HA_LEADER_ELECT: 'yes' }), [
      'INGRESS_HA_LEADER_ELECT "yes" is not true or false.',
    ]);
  });

  test('are told all at once', () => {
    const values = { workers: 'x', logLevel: 'x', probeAddress: 'x' };
    assert.equal(problemsOf(values).length, 3);
  });
});
