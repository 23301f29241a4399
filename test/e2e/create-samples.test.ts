/** The samples of the documentation, each in a namespace of its own, and only their images replaced. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { DeploymentKind, LeaseKind, PodKind } from '../../operator/base/resource-kinds.ts';
import { mergeMaps } from '../../operator/desired/merge.ts';
import { at, CANDIDATE_IMAGES, conditionText, statusOf } from './support/an-object.ts';
import { startHarness } from './support/harness.ts';

const SAMPLES = 'docs/samples';
const files = readdirSync(SAMPLES).filter((name) => name.endsWith('.yaml'));

const e2e = await startHarness();
const namespaces = await Promise.all(files.map(() => e2e.newNamespace()));
const operator = await e2e.startOperator({ namespaces });

describe('a sample becomes a running controller', { concurrency: 2 }, () => {
  for (const [index, file] of files.entries()) {
    test(file, async () => {
      const sample = readSample(file, namespaces[index] ?? '');
      const { name, namespace } = sample.metadata;

      await e2e.apply(sample);
      const resource = await e2e.condition(sample.metadata, 'Ready=True/AsSpecified', {
        within: 120_000,
      });

      const child = { namespace: namespace ?? '', name: `${name}-icha` };
      const deployment = await e2e.admin.read(DeploymentKind, child);
      const pods = await e2e.admin.list(PodKind, child.namespace);
      const status = statusOf(resource);
      const replicas = at(resource, 'spec.replicas');
      assert.equal(pods.length, replicas);
      assert.equal(at(deployment, 'status.availableReplicas'), replicas);
      assert.equal(status.controller?.version, '2.2.0');
      if (at(sample, 'spec.leaderElection.mode') === 'Disabled') {
        assert.deepEqual(await e2e.admin.list(LeaseKind, child.namespace), []);
        assert.equal(status.leader, undefined);
      } else {
        assert.ok(pods.some((pod) => pod.metadata.name === status.leader?.podName));
        assert.equal(conditionText(resource, 'LeaderElected'), 'LeaderElected=True/LeaseHeld');
      }
    });
  }
});

test('the operator failed at none of the samples', () => {
  assert.deepEqual(operator.log('Pass failed'), []);
});

/** Each with a controller of its own name, or two samples would be told that they share one. */
function readSample(file: string, namespace: string): KubeObject {
  const { spec = {}, ...sample } = parse(readFileSync(`${SAMPLES}/${file}`, 'utf8'));
  const config = { controllerName: `e2e.test/${namespace}` };
  return {
    ...sample,
    metadata: { ...sample.metadata, namespace },
    spec: mergeMaps(spec, { controller: { ...CANDIDATE_IMAGES, config } }),
  };
}
