/**
 * A cluster of a test's own with the operator's image, and one release of the chart as a user would
 * install it: in a namespace that enforces the restricted profile, by the Helm that is asked for.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { customResourceDefinition } from '../../../operator/api/crd.ts';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { CHART, HELMS, type HelmVersion, helm } from '../../chart/support/helm.ts';
import { HELM_WAITS, KUBECTL_WAITS } from '../../support/hang-limits.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';
import { CANDIDATE_IMAGES } from '../support/an-object.ts';
import { type AuditLog, auditLogIn } from '../support/audit.ts';
import { loadOperatorImage, OPERATOR_IMAGE } from '../support/operator-image.ts';

/** What a release is called, and where it is installed. */
export interface Place {
  readonly release: string;
  readonly namespace: string;
}

export const EDGE: Place = { release: 'edge', namespace: 'edge-system' };

/** What differs from the defaults: images that are here, and waits that are short. */
const VALUES = {
  image: { repository: OPERATOR_IMAGE.repository, pullPolicy: 'Never' },
  operator: { leaderElection: { retryPeriod: '1s' } },
  policy: { allowedImageRepositories: ['localhost/candidate', 'localhost/candidate-adc'] },
  config: { leaderElection: { leaseDuration: '10s', renewDeadline: '7s', retryPeriod: '1s' } },
  instance: { spec: { controller: CANDIDATE_IMAGES, rollout: { minReadySeconds: 0 } } },
};

export interface Installation {
  readonly testbed: Testbed;
  readonly audit: AuditLog;
  /** The chart as it was before: an older version, whose definition lacks a field. */
  readonly previousChart: string;
  /** The newest chart as a package, as users get it. */
  readonly chart: string;
  /** Runs Helm on the release's namespace, and fails with its message when it fails. */
  helm(...args: readonly string[]): Promise<string>;
  /** Runs Helm, which must refuse, and gives its message. */
  helmRefusal(...args: readonly string[]): Promise<string>;
  /** `helm install` or `helm upgrade` that returns when all is Ready, as the NOTES say for that Helm. */
  helmUntilReady(...args: readonly string[]): Promise<void>;
  /** kubectl in the release's namespace. */
  kubectl(...args: readonly string[]): Promise<string>;
  resource(): Promise<KubeObject>;
  readonly valuesFile: string;
  remove(): Promise<void>;
}

export async function installationOf(
  version: HelmVersion,
  { release, namespace }: Place = EDGE,
): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'ingress-ha-chart-'));
  const name = `${release}-${HELMS[version]}-${process.pid}`;
  const testbed = await startTestbed({ name, log: () => {} });
  await loadOperatorImage(testbed);
  await testbed.kubectl(['apply', '-f', '-'], JSON.stringify(restricted(namespace)));
  const valuesFile = join(folder, 'values.yaml');
  await writeFile(valuesFile, stringify(VALUES, { aliasDuplicateObjects: false }));

  const options = { version, kubeconfig: testbed.kubeconfig };
  const run = (args: readonly string[]) => helm(['--namespace', namespace, ...args], options);
  const kubectl = (...args: readonly string[]) =>
    testbed.kubectl(['--namespace', namespace, ...args]);

  async function helmDone(...args: readonly string[]): Promise<string> {
    const answer = await run(args);
    if (answer.kind === 'refused') throw new Error(`helm ${args.join(' ')}: ${answer.message}`);
    return answer.text;
  }

  return {
    testbed,
    audit: auditLogIn(testbed.auditLog),
    chart: await packed(CHART, folder),
    previousChart: await previousChart(folder),
    valuesFile,
    helm: helmDone,
    kubectl,
    async helmRefusal(...args) {
      const answer = await run(args);
      if (answer.kind === 'refused') return answer.message;
      throw new Error(`helm ${args.join(' ')} should have been refused.`);
    },
    async helmUntilReady(...args) {
      // Helm 4 waits by kstatus; Helm 3 takes any resource it does not know for ready.
      await helmDone(...args, '--wait', ...HELM_WAITS);
      if (version === 'Helm 4') return;
      await kubectl('wait', '--for=condition=Ready', `icha/${release}`, KUBECTL_WAITS);
    },
    resource: async () => JSON.parse(await kubectl('get', 'icha', release, '-o', 'json')),
    async remove() {
      await testbed.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function restricted(name: string) {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** There is no release before the first one: this is the chart with an older version and definition. */
async function previousChart(folder: string): Promise<string> {
  const source = join(folder, 'previous');
  await cp(CHART, source, { recursive: true });
  const chartFile = join(source, 'Chart.yaml');
  const chart = parse(await readFile(chartFile, 'utf8'));
  await writeFile(chartFile, stringify({ ...chart, version: '0.0.9' }));
  const crdFile = join(source, 'crds', 'ingresscontrollerhas.yaml');
  await writeFile(crdFile, stringify(olderDefinition(), { aliasDuplicateObjects: false }));
  return packed(source, folder);
}

/** A field that only the newest definition has. */
export const NEW_FIELD =
  '.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.failover.properties.clearDelay';

function olderDefinition(): unknown {
  const definition = JSON.parse(JSON.stringify(customResourceDefinition()));
  const failover =
    definition.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.failover;
  delete failover.properties.clearDelay;
  delete failover.default.clearDelay;
  delete definition.spec.versions[0].schema.openAPIV3Schema.properties.spec.default.failover
    ?.clearDelay;
  return definition;
}

async function packed(source: string, destination: string): Promise<string> {
  const answer = await helm(['package', source, '--destination', destination]);
  if (answer.kind === 'refused') throw new Error(answer.message);
  const [, file] = /saved it to: (\S+)/.exec(answer.text) ?? [];
  if (file === undefined) throw new Error(`Helm says of the package: ${answer.text}`);
  return file;
}
