/**
 * The chart as a GitOps tool runs it: rendered, applied server-side under a manager of the tool, and
 * compared again later. Nothing may differ then, or it would be out of sync for ever.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { render } from '../chart/support/helm.ts';
import { KUBECTL_WAITS } from '../support/hang-limits.ts';
import { CANDIDATE_IMAGES, uniqueName } from './support/an-object.ts';
import { startHarness } from './support/harness.ts';
import { loadOperatorImage, OPERATOR_IMAGE } from './support/operator-image.ts';

const e2e = await startHarness();
const namespace = await e2e.newNamespace();
const release = uniqueName('gitops');
/** A tool applies under a manager of its own. */
const MANAGER = '--field-manager=argocd-controller';
const file = join(e2e.testbed.folder, `${release}.yaml`);
const values = {
  image: { pullPolicy: 'Never' },
  policy: { allowedImageRepositories: ['localhost/candidate', 'localhost/candidate-adc'] },
  operator: { leaderElection: { retryPeriod: '1s' } },
  ingressClass: { name: release },
  config: { leaderElection: { leaseDuration: '10s', renewDeadline: '7s', retryPeriod: '1s' } },
  helmTest: { enabled: false },
  instance: {
    // What Argo CD and Flux put on everything that they track.
    labels: { 'kustomize.toolkit.fluxcd.io/name': 'edge', team: 'edge' },
    annotations: { 'argocd.argoproj.io/tracking-id': 'edge:ingressha.dev/IngressControllerHA:x/y' },
    spec: { controller: CANDIDATE_IMAGES, rollout: { minReadySeconds: 0 } },
  },
};

const rendered = () => {
  const sets = Object.entries(values).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const image = ['--set', `image.repository=${OPERATOR_IMAGE.repository}`];
  const args = ['--namespace', namespace, ...image, ...sets.flatMap((set) => ['--set-json', set])];
  return render(args, { release });
};

describe('a chart that a GitOps tool applies', () => {
  before(async () => {
    await loadOperatorImage(e2e.testbed);
    await writeFile(file, await rendered());
    await e2e.kubectl('apply', '--server-side', MANAGER, '-f', file);
    await e2e.kubectl(
      '-n',
      namespace,
      'wait',
      '--for=condition=Ready',
      `icha/${release}`,
      KUBECTL_WAITS,
    );
  });
  after(() => e2e.kubectl('delete', '--ignore-not-found', '-f', file));

  test('renders the same a second time', async () => {
    assert.equal(await rendered(), await readFile(file, 'utf8'));
  });

  test('has nothing to compare after the operator has done its work', () => {
    assert.equal(diff(), '');
  });

  test('would show a field that someone else changed', async () => {
    const change = JSON.stringify({ metadata: { labels: { team: 'other' } } });
    await e2e.kubectl('-n', namespace, 'patch', 'icha', release, '--type=merge', '-p', change);

    assert.match(diff(), /-\s+team: other\n\+\s+team: edge/);

    await e2e.kubectl('apply', '--server-side', MANAGER, '--force-conflicts', '-f', file);
    assert.equal(diff(), '');
  });

  test('gives children none of the resource’s labels and annotations, for which they would be pruned', async () => {
    const kinds = 'deployment,replicaset,pod,configmap,service,pdb,role,rolebinding,lease';
    const selector = `ingressha.dev/name=${release}`;
    const text = await e2e.kubectl('-n', namespace, 'get', kinds, '-l', selector, '-o', 'json');
    const children: readonly KubeObject[] = JSON.parse(text).items;

    assert.ok(children.length >= 9, `only ${children.length} children`);
    for (const { kind, metadata } of children) {
      const keys = Object.keys({ ...metadata.labels, ...metadata.annotations });
      const theirs = keys.filter((key) => /argocd|fluxcd|helm\.sh|^team$/.test(key));
      assert.deepEqual(theirs, [], kind);
    }
  });
});

/** What `kubectl diff` shows of live against rendered, as the tool's manager; it ends with 1 when anything differs. */
function diff(): string {
  const args = ['diff', '--server-side', MANAGER, '--force-conflicts', '-f', file];
  const login = ['--kubeconfig', e2e.testbed.kubeconfig];
  const kubectl = join(e2e.testbed.binDir, 'kubectl');
  const { status, stdout, stderr } = spawnSync(kubectl, [...login, ...args], { encoding: 'utf8' });
  if (status === 0 || status === 1) return stdout;
  throw new Error(`kubectl diff ended with ${status}: ${stderr}`);
}
