/** What somebody with `edit` in a served namespace may try to get at the controllers' account, as requests. */
import type { PassThrough } from '../../operator/api/ha.ts';
import type { Attempt } from './support/admission.ts';

const DRY = '?dryRun=All';
const JSON_BODY = { 'content-type': 'application/json' };
const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };
const IMAGE = 'localhost/pause:1';

/** Names an account, by either of the two fields; `{}` names none. */
export interface Named {
  readonly serviceAccountName?: string;
  readonly serviceAccount?: string;
}

/** A container that does nothing, with the account that is named. */
export function podSpec(named: Named): PassThrough {
  return { ...named, containers: [{ name: 'pause', image: IMAGE }] };
}

const LABELS = { app: 'trial' };
const template = (named: Named) => ({ metadata: { labels: LABELS }, spec: podSpec(named) });
const job = (named: Named) => {
  const { spec, ...rest } = template(named);
  return { template: { ...rest, spec: { ...spec, restartPolicy: 'Never' } } };
};
const workload = (named: Named) => ({
  selector: { matchLabels: LABELS },
  template: template(named),
});

type Fields = (named: Named) => PassThrough;

/** Every kind that holds a pod template, or is a pod: where it is served, and what it looks like. */
export const RUNNING_KINDS: Readonly<Record<string, readonly [path: string, fields: Fields]>> = {
  Pod: ['/api/v1/*/pods', (named) => ({ spec: podSpec(named) })],
  Deployment: ['/apis/apps/v1/*/deployments', (named) => ({ spec: workload(named) })],
  ReplicaSet: ['/apis/apps/v1/*/replicasets', (named) => ({ spec: workload(named) })],
  StatefulSet: ['/apis/apps/v1/*/statefulsets', (named) => ({ spec: workload(named) })],
  DaemonSet: ['/apis/apps/v1/*/daemonsets', (named) => ({ spec: workload(named) })],
  Job: ['/apis/batch/v1/*/jobs', (named) => ({ spec: job(named) })],
  CronJob: [
    '/apis/batch/v1/*/cronjobs',
    (named) => ({ spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: job(named) } } }),
  ],
  ReplicationController: [
    '/api/v1/*/replicationcontrollers',
    (named) => ({ spec: { selector: LABELS, template: template(named) } }),
  ],
  PodTemplate: ['/api/v1/*/podtemplates', (named) => ({ template: template(named) })],
};

/** A rehearsal of a creation, by the server. `metadata` is laid over the name "trial". */
export function creation(
  where: { readonly kind: string; readonly namespace: string },
  named: Named,
  metadata: PassThrough = {},
): Attempt {
  const [path, fields] = RUNNING_KINDS[where.kind] ?? ['', () => ({})];
  const body = { metadata: { name: 'trial', labels: LABELS, ...metadata }, ...fields(named) };
  return {
    what: `a ${where.kind} with ${JSON.stringify(named)}`,
    exchange: post(`${within(path, where.namespace)}${DRY}`, body),
  };
}

/** A Secret into which Kubernetes writes a token of the account. */
export function tokenSecret(namespace: string, account: string): Attempt {
  const annotations = { 'kubernetes.io/service-account.name': account };
  const type = 'kubernetes.io/service-account-token';
  return {
    what: `a Secret for a token of ${account}`,
    exchange: post(`/api/v1/namespaces/${namespace}/secrets${DRY}`, {
      metadata: { name: 'trial', annotations },
      type,
    }),
  };
}

/** A ConfigMap; with `generateName` the server makes up the rest of its name. */
export function configMap(namespace: string, metadata: PassThrough): Attempt {
  return {
    what: `a ConfigMap ${JSON.stringify(metadata)}`,
    exchange: post(`/api/v1/namespaces/${namespace}/configmaps${DRY}`, {
      metadata,
      data: { 'config.yaml': 'server_addr: 0.0.0.0:9092' },
    }),
  };
}

/** `kubectl create token`. */
export function tokenRequest(namespace: string, account: string): Attempt {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  return {
    what: `a token of ${account}`,
    exchange: post(`${path}${DRY}`, { spec: {} }),
  };
}

/** A session without the upgrade that real ones ask for: admission answers first. */
export function session(
  where: { readonly pod: string; readonly namespace: string },
  subresource: 'exec' | 'attach' | 'portforward' | 'proxy',
): Attempt {
  const path = `/api/v1/namespaces/${where.namespace}/pods/${where.pod}/${subresource}`;
  const query = subresource === 'exec' ? '?command=id&stdout=true' : '?stdout=true';
  return {
    what: `${subresource} of pod ${where.pod}`,
    exchange: post(`${path}${query}`, {}),
  };
}

/** A rehearsal of a change to a live object, as kubectl sends it. `path` is like that of RUNNING_KINDS. */
export function change(
  what: string,
  where: { readonly path: string; readonly namespace: string },
  body: PassThrough,
): Attempt {
  const path = `${within(where.path, where.namespace)}${DRY}`;
  const text = JSON.stringify(body);
  return { what, exchange: { method: 'PATCH', path, headers: STRATEGIC, body: text } };
}

function within(path: string, namespace: string): string {
  return path.replace('*', `namespaces/${namespace}`);
}

function post(path: string, body: PassThrough): Attempt['exchange'] {
  return { method: 'POST', path, headers: JSON_BODY, body: JSON.stringify(body) };
}
