/** Resources for e2e tests, which say only what matters: `anObject({ namespace, spec: { replicas: 3 } })`. */
import { randomBytes } from 'node:crypto';
import type { PassThrough } from '../../../operator/api/ha.ts';
import type { HaStatus } from '../../../operator/api/status.ts';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { isObject } from '../../../operator/base/read.ts';
import { API_VERSION, RESOURCE_KIND } from '../../../operator/base/resource-kinds.ts';
import { mergeMaps } from '../../../operator/desired/merge.ts';

/** `web-3f9a1c`: parallel tests and a second run on the same cluster never meet. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(3).toString('hex')}`;
}

/** The images of the testbed; the catalogue's tags exist for both. */
export const CANDIDATE_IMAGES = {
  manager: { image: { repository: 'localhost/candidate' } },
  adc: { image: { repository: 'localhost/candidate-adc' } },
} as const;

/** Two replicas with the fastest election that is allowed in earnest: a failover takes 10 to 15 s. */
export const RUNNING = {
  replicas: 2,
  leaderElection: { leaseDuration: '10s', renewDeadline: '7s', retryPeriod: '1s' },
  rollout: { minReadySeconds: 0 },
} as const;

/**
 * A resource without pods (`replicas: 0`), whose children come and change all the same; lay
 * `RUNNING` under `spec` where pods matter. Its Lease is called `<name>-leader`, and its
 * controllerName is its own, so that resources in one namespace leave each other alone.
 */
export function anObject(options: {
  readonly namespace: string;
  readonly name?: string;
  readonly spec?: PassThrough;
}): KubeObject {
  const { namespace, name = uniqueName('ha'), spec = {} } = options;
  const base = {
    replicas: 0,
    leaderElection: { leaseName: `${name}-leader` },
    controller: { ...CANDIDATE_IMAGES, config: { controllerName: `e2e.test/${name}` } },
  };
  return {
    apiVersion: API_VERSION,
    kind: RESOURCE_KIND,
    metadata: { name, namespace },
    spec: mergeMaps(base, spec),
  };
}

/** `RUNNING` with further fields laid over it. */
export function running(spec: PassThrough = {}): PassThrough {
  return mergeMaps(RUNNING, spec);
}

/** Its status, -1 being the schema's default for "not seen yet". */
export function statusOf(resource: KubeObject): HaStatus {
  return { observedGeneration: -1, ...(resource.status as Partial<HaStatus> | undefined) };
}

/** `Ready=True/AsSpecified`, or undefined while there is no such condition. */
export function conditionText(resource: KubeObject, type: string): string | undefined {
  const found = statusOf(resource).conditions?.find((condition) => condition.type === type);
  return found && `${found.type}=${found.status}/${found.reason}`;
}

/**
 * The value at a path such as `spec.template.spec.containers[manager].image`; an item of a list is
 * found by its `name` or its index. Undefined when any part of the path is missing.
 */
export function at(object: unknown, path: string): unknown {
  const parts = path.split(/\.(?![^[]*\])|(?=\[)/);
  return parts.reduce<unknown>((value, part) => memberOf(value, part), object);
}

function memberOf(value: unknown, part: string): unknown {
  const item = /^\[(.*)\]$/.exec(part)?.[1];
  if (item === undefined) return isObject(value) ? value[part] : undefined;
  if (isObject(value)) return value[item];
  if (!Array.isArray(value)) return undefined;
  return value.find((entry) => isObject(entry) && entry.name === item) ?? value[Number(item)];
}
