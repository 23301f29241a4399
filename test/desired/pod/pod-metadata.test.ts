import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { desiredObjects } from '../../../operator/desired/desired.ts';
import { POD_METADATA_ENTRY } from '../../../operator/desired/pod/pod-metadata.ts';
import { anHa, aPolicy } from '../../support/an-ha.ts';

/** Keys by which software of others acts on a pod, as people write them. */
const ACTED_UPON = {
  labels: { 'sidecar.istio.io/inject': 'true', 'azure.workload.identity/use': 'true' },
  annotations: {
    'linkerd.io/inject': 'enabled',
    'vault.hashicorp.com/agent-inject': 'true',
    'vault.hashicorp.com/agent-image': 'evil.example/agent',
    'inject.istio.io/templates': 'custom',
    'linkerd.io.example/inject': 'enabled',
    'dapr.io/enabled': 'true',
    'instrumentation.opentelemetry.io/inject-java': 'true',
    note: 'harmless, and not allowed all the same',
  },
};

test('no inherited key reaches a pod unless the installer allows it', () => {
  const { labels, annotations } = templateOf([]);

  const keys = Object.keys({ ...labels, ...annotations });
  assert.deepEqual(
    keys.filter((key) => Object.hasOwn({ ...ACTED_UPON.labels, ...ACTED_UPON.annotations }, key)),
    [],
  );
});

test('no inherited annotation reaches the Deployment either unless the installer allows it', () => {
  const image = 'image.openshift.io/triggers';
  const inherited = {
    labels: { team: 'edge' },
    annotations: {
      [image]: '[]',
      'keel.sh/policy': 'force',
      'sidecar.jaegertracing.io/inject': 'a',
    },
  };

  const { labels, annotations = {} } = deploymentOf(inherited, []).metadata;
  for (const key of Object.keys(inherited.annotations)) assert.equal(annotations[key], undefined);
  assert.equal(labels?.team, 'edge');

  const { annotations: allowed = {} } = deploymentOf(inherited, ['keel.sh/*']).metadata;
  assert.equal(allowed['keel.sh/policy'], 'force');
  assert.equal(allowed[image], undefined);
});

test('every other child carries all inherited keys, whatever pods get', () => {
  const children = desiredObjects(anHa({ inherited: ACTED_UPON }), aPolicy());

  for (const { kind, metadata } of children) {
    for (const [key, value] of Object.entries(ACTED_UPON.labels)) {
      assert.equal(metadata.labels?.[key], value, `${kind} ${key}`);
    }
    // The one has no annotations of ours, the other only those of its pods.
    if (kind === 'Lease' || kind === 'Deployment') continue;
    for (const [key, value] of Object.entries(ACTED_UPON.annotations)) {
      assert.equal(metadata.annotations?.[key], value, `${kind} ${key}`);
    }
  }
});

test('a whole key allows itself and nothing that merely begins like it', () => {
  const { annotations = {} } = templateOf(['vault.hashicorp.com/agent-i']);
  assert.equal(annotations['vault.hashicorp.com/agent-inject'], undefined);

  const { annotations: allowed = {} } = templateOf(['vault.hashicorp.com/agent-inject']);
  assert.equal(allowed['vault.hashicorp.com/agent-inject'], 'true');
  assert.equal(allowed['vault.hashicorp.com/agent-image'], undefined);
});

test('a domain allows its keys, and neither those of its subdomains nor of longer names', () => {
  const { labels = {}, annotations = {} } = templateOf(['istio.io/*', 'linkerd.io/*']);

  assert.equal(annotations['linkerd.io/inject'], 'enabled');
  assert.equal(annotations['linkerd.io.example/inject'], undefined);
  assert.equal(labels['sidecar.istio.io/inject'], undefined);
  assert.equal(annotations['inject.istio.io/templates'], undefined);
});

test('an entry names a key or a domain, and never everything', () => {
  for (const entry of ['team', 'example.com/team', 'example.com/*', 'a/*']) {
    assert.match(entry, POD_METADATA_ENTRY);
  }
  for (const entry of [
    '*',
    '/*',
    '**',
    'example.com/',
    'example.com/a*',
    'exam*/a',
    'A B',
    '',
    '*/a',
  ]) {
    assert.doesNotMatch(entry, POD_METADATA_ENTRY);
  }
});

interface Template {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

function templateOf(allowedPodMetadata: readonly string[]): Template {
  const { spec } = deploymentOf(ACTED_UPON, allowedPodMetadata) as KubeObject & {
    spec: { template: { metadata: Template } };
  };
  return spec.template.metadata;
}

function deploymentOf(
  inherited: Required<Template>,
  allowedPodMetadata: readonly string[],
): KubeObject {
  const objects = desiredObjects(anHa({ inherited }), aPolicy({ allowedPodMetadata }));
  const found = objects.find(({ kind }) => kind === 'Deployment');
  assert.ok(found !== undefined);
  return found;
}
