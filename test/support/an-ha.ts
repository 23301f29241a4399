/** Builders that say only what matters: `anHa({ replicas: 3, election: { mode: 'Disabled' } })`. */
import type { Ha } from '../../operator/api/ha.ts';
import { DEFAULT_POLICY, type InstallerPolicy } from '../../operator/desired/installer.ts';

/** A part of a value: maps may be partial at every level, lists are replaced as a whole. */
export type Changes<T> = {
  readonly [K in keyof T]?: T[K] extends readonly unknown[] | undefined
    ? T[K]
    : T[K] extends object
      ? Changes<T[K]>
      : T[K];
};

/** A parsed resource as the schema's defaults make it, named `apisix` in `ingress-apisix`. */
export function anHa(changes: Changes<Ha> = {}): Ha {
  return changed(DEFAULT_HA, changes);
}

/** The default policy: known images only, no patch, no env and no volumes. */
export function aPolicy(changes: Changes<InstallerPolicy> = {}): InstallerPolicy {
  return changed(DEFAULT_POLICY, changes);
}

const PLAIN_CONTAINER = {
  image: { pullPolicy: 'IfNotPresent' },
  logLevel: 'info',
  env: [],
  volumeMounts: [],
} as const;

const DEFAULT_HA: Ha = {
  name: 'apisix',
  namespace: 'ingress-apisix',
  uid: '6a1c1f0e-6f0b-4c58-9c5e-0d5a3b1c2d4e',
  generation: 1,
  deleting: false,
  replicas: 2,
  paused: false,
  restartTrigger: '',
  controller: {
    distribution: 'APISIX',
    version: '2.2.0',
    manager: PLAIN_CONTAINER,
    adc: PLAIN_CONTAINER,
    imagePullSecrets: [],
    volumes: [],
    config: {
      controllerName: 'apisix.apache.org/apisix-ingress-controller',
      provider: { type: 'APISIX', syncPeriodMs: 60_000 },
      execADCTimeoutMs: 15_000,
      gatewayAPI: 'Enabled',
      listenerPortMatchMode: 'Disabled',
      secureMetrics: false,
      http2: false,
    },
    configOverrides: {},
  },
  election: {
    mode: 'Lease',
    leaseName: 'apisix-ingress-controller-leader',
    leaseDurationMs: 30_000,
    renewDeadlineMs: 20_000,
    retryPeriodMs: 2_000,
    existingLease: 'Refuse',
  },
  failover: { mode: 'Assisted', drainPeriodMs: 2_000, clearDelayMs: 0 },
  disruptionBudget: { mode: 'Auto', maxUnavailable: 1 },
  rollout: { maxSurge: 1, minReadySeconds: 10, terminationGracePeriodSeconds: 10 },
  placement: {
    nodeSelector: {},
    tolerations: [],
    topologySpreadConstraints: [],
    nodeFailureTolerationSeconds: 30,
  },
  inherited: { labels: {}, annotations: {} },
  podTemplatePatch: {},
};

/** Changes laid over a value: objects part by part, everything else as it is given. */
function changed<T extends object>(value: T, changes: Changes<T>): T {
  const result: Record<string, unknown> = Object.fromEntries(Object.entries(value));
  for (const [key, change] of Object.entries(changes)) {
    const old = result[key];
    result[key] = isPlain(old) && isPlain(change) ? changed(old, change) : change;
  }
  return result as T;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
