/** The pods that the chart makes or has made: hardened, whatever the values say. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { at } from '../e2e/support/an-object.ts';
import { COMBINATIONS } from './support/combinations.ts';
import { only, renderObjects } from './support/helm.ts';

const POD_SECURITY = {
  runAsNonRoot: true,
  runAsUser: 65532,
  runAsGroup: 65532,
  seccompProfile: { type: 'RuntimeDefault' },
};
const SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
/** Where each kind keeps the spec of its pods. */
const PODS_IN: Readonly<Record<string, string>> = {
  Pod: 'spec',
  Deployment: 'spec.template.spec',
  Job: 'spec.template.spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
};

interface Container {
  readonly securityContext?: unknown;
  readonly resources?: unknown;
}

interface PodSpec {
  readonly securityContext?: unknown;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
}

describe('pods', () => {
  test('of every kind and combination meet the restricted profile, with a read-only root file system', async () => {
    const kinds = new Set<string>();
    for (const [name, file] of Object.entries(COMBINATIONS)) {
      for (const object of await renderObjects(['--values', file])) {
        const spec = podSpecOf(object);
        if (spec === undefined) continue;
        kinds.add(object.kind);
        assert.deepEqual(spec.securityContext, POD_SECURITY, `${name}: ${object.kind}`);
        for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
          assert.deepEqual(container.securityContext, SECURITY, `${name}: ${object.kind}`);
          assert.ok(container.resources, `${name}: ${object.kind}`);
        }
      }
    }
    assert.deepEqual([...kinds].toSorted(), Object.keys(PODS_IN).toSorted());
  });

  test('are in no kind that this test does not look into', async () => {
    for (const file of Object.values(COMBINATIONS)) {
      for (const object of await renderObjects(['--values', file])) {
        const hasContainers = JSON.stringify(object.spec ?? {}).includes('"containers":[{"');
        const isResource = object.kind === 'IngressControllerHA';
        assert.equal(hasContainers && !isResource, object.kind in PODS_IN, object.kind);
      }
    }
  });

  test('of the operator are spread, and a drain takes one at a time', async () => {
    const objects = await renderObjects();
    const constraints = at(
      only(objects, 'Deployment'),
      'spec.template.spec.topologySpreadConstraints',
    ) as readonly { readonly topologyKey: string }[];

    assert.deepEqual(
      constraints.map(({ topologyKey }) => topologyKey),
      ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'],
    );
    assert.equal(at(only(objects, 'PodDisruptionBudget'), 'spec.maxUnavailable'), 1);
  });

  test('are pulled with secrets of the parent chart in either form', async () => {
    const secrets = 'global.imagePullSecrets=["a",{"name":"b"}]';
    const objects = await renderObjects(['--set-json', secrets]);

    const expected = [{ name: 'a' }, { name: 'b' }];
    const operator = at(only(objects, 'Deployment'), 'spec.template.spec.imagePullSecrets');
    assert.deepEqual(operator, expected);
    const [account] = objects.filter(
      ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name.endsWith('-controller'),
    );
    assert.deepEqual(account?.imagePullSecrets, expected);
  });
});

function podSpecOf(object: KubeObject): PodSpec | undefined {
  return at(object, PODS_IN[object.kind] ?? 'none') as PodSpec | undefined;
}
