/** The operator's own part of a report: its Deployment and Lease, its pods, their logs and metrics. */
import type { KubeObject } from '../../base/kube-object.ts';
import { record, records, text } from '../../base/read.ts';
import { DeploymentKind, LeaseKind, PodKind, refTo } from '../../base/resource-kinds.ts';
import { MANAGED_BY } from '../../desired/naming.ts';
import { objectPath, withQuery } from '../../kube/paths.ts';
import { addPage, type Collection, tryGet, tryList } from './collection.ts';

/** How our chart and our manifests mark the operator. */
const COMPONENT = 'app.kubernetes.io/component=operator';
const CHART_LABEL = 'helm.sh/chart';

/** Lines of each log, counted from its end. */
export const LOG_LINES = 2_000;
const DEFAULT_METRICS_PORT = 8080;

/** Adds all of it to the collection, and gives the objects. */
export async function operatorParts(collection: Collection): Promise<readonly KubeObject[]> {
  const { namespace, lease } = collection.options.operator;
  const found: KubeObject[] = [
    ...(await tryGet(collection, LeaseKind, { namespace, name: lease })),
  ];
  const listed = await tryList(collection, DeploymentKind, { namespace, labelSelector: COMPONENT });
  const deployments = listed.filter(isOurs);
  if (deployments.length === 0) {
    collection.gaps.push(
      `No Deployment of the operator was found in namespace "${namespace}": name its namespace by --operator-namespace`,
    );
  }
  const pods: KubeObject[] = [];
  for (const deployment of deployments) {
    const labelSelector = selectorOf(deployment);
    if (labelSelector !== '') {
      pods.push(...(await tryList(collection, PodKind, { namespace, labelSelector })));
    }
  }
  found.push(...deployments, ...pods);
  for (const object of found) collection.parts.push({ kind: 'object', object });
  for (const pod of pods) await addTexts(collection, pod);
  return found;
}

function isOurs({ metadata: { labels } }: KubeObject): boolean {
  const chart = labels?.[CHART_LABEL] ?? '';
  return chart.startsWith(`${MANAGED_BY}-`) || labels?.['app.kubernetes.io/name'] === MANAGED_BY;
}

function selectorOf({ spec }: KubeObject): string {
  const { matchLabels } = record(record(spec).selector);
  return Object.entries(record(matchLabels))
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}

/** Of the operator's own container only: logs of sidecars may hold anything. */
async function addTexts(collection: Collection, pod: KubeObject): Promise<void> {
  const { sinceMs } = collection.options;
  const { name, namespace = '' } = pod.metadata;
  const [container] = records(record(pod.spec).containers);
  const containerName = text(container?.name);
  if (containerName === undefined) return;
  const what = `log of Pod "${namespace}/${name}"`;
  for (const previous of hasRestarted(pod) ? ['true', undefined] : [undefined]) {
    const query = {
      container: containerName,
      tailLines: String(LOG_LINES),
      timestamps: 'true',
      previous,
      sinceSeconds: sinceMs === undefined ? undefined : String(Math.ceil(sinceMs / 1000)),
    };
    const path = withQuery(objectPath(refTo(PodKind, { namespace, name }), 'log'), query);
    const file = `logs/${namespace}/${name}${previous === undefined ? '' : '.previous'}`;
    await addPage(collection, { path, what: previous ? `previous ${what}` : what }, file);
  }
  const port = metricsPort(container);
  const metrics = `${objectPath(refTo(PodKind, { namespace, name: `${name}:${port}` }), 'proxy')}/metrics`;
  const page = { path: metrics, what: `metrics of Pod "${namespace}/${name}"` };
  await addPage(collection, page, `metrics/${namespace}/${name}`);
}

function hasRestarted({ status }: KubeObject): boolean {
  const statuses = records(record(status).containerStatuses);
  return statuses.some(({ restartCount }) => typeof restartCount === 'number' && restartCount > 0);
}

function metricsPort(container: Readonly<Record<string, unknown>> | undefined): number {
  const port = records(container?.ports).find(({ name }) => name === 'metrics')?.containerPort;
  return typeof port === 'number' ? port : DEFAULT_METRICS_PORT;
}
