/**
 * The controller's settings under the keys its binary really reads (snake_case; it ignores all others).
 * Every key is written out, so that no default of some version decides, and so that what is in the
 * ConfigMap is what runs.
 */
import type { ConfigSettings, Ha, LogLevel, PassThrough, ProviderType } from '../api/ha.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import { isObject } from '../base/read.ts';
import { nearestEntry } from './catalogue.ts';
import { mergeMaps } from './merge.ts';

/** Port of the metrics server; the Service and the container name it. */
export const METRICS_PORT = 8080;
/** Port of `/healthz` and `/readyz`; the probes and the drain hook use it. */
export const PROBE_PORT = 8081;

/** Room for a push that the dead leader's sidecar had in flight, beyond execADCTimeout. */
const STALE_PUSH_MARGIN_MS = 15_000;

/** config.yaml as data: our settings, with `configOverrides` laid over them, sorted by key: their order has no meaning. */
export function controllerConfig(ha: Ha): PassThrough {
  const overrides: PassThrough = JSON.parse(canonicalJson(ha.controller.configOverrides));
  return mergeMaps(ownConfig(ha), overrides);
}

/** A Go duration in whole seconds, or in ms where they are not whole: 30s, 1500ms. */
export function goDuration(durationMs: number): string {
  return durationMs % 1000 === 0 ? `${durationMs / 1000}s` : `${durationMs}ms`;
}

function ownConfig(ha: Ha): PassThrough {
  const { config, manager, version } = ha.controller;
  return {
    log_level: manager.logLevel satisfies LogLevel,
    controller_name: config.controllerName,
    leader_election_id: ha.election.leaseName,
    leader_election: {
      lease_duration: goDuration(ha.election.leaseDurationMs),
      renew_deadline: goDuration(ha.election.renewDeadlineMs),
      retry_period: goDuration(ha.election.retryPeriodMs),
      disable: ha.election.mode === 'Disabled',
    },
    metrics_addr: `:${METRICS_PORT}`,
    enable_server: false,
    server_addr: '127.0.0.1:9092', // the binary's own default listens on every address
    enable_http2: config.http2,
    probe_addr: `:${PROBE_PORT}`,
    secure_metrics: config.secureMetrics,
    exec_adc_timeout: goDuration(config.execADCTimeoutMs),
    disable_gateway_api: config.gatewayAPI === 'Disabled',
    ...listenerPortMatchMode(config, version),
    provider: {
      type: PROVIDER_TYPE[config.provider.type],
      sync_period: goDuration(config.provider.syncPeriodMs),
      init_sync_delay: goDuration(initSyncDelayMs(config)),
    },
    webhook: { enable: false },
  };
}

const PROVIDER_TYPE: Readonly<Record<ProviderType, string>> = {
  APISIX: 'apisix',
  APISIXStandalone: 'apisix-standalone',
  API7EE: 'api7ee',
};

const MATCH_MODE: Readonly<Record<ConfigSettings['listenerPortMatchMode'], string>> = {
  Auto: 'auto',
  Explicit: 'explicit',
  Disabled: 'off',
};

function listenerPortMatchMode(config: ConfigSettings, version: string): PassThrough {
  return nearestEntry(version).listenerPortMatchMode === 'Known'
    ? { listener_port_match_mode: MATCH_MODE[config.listenerPortMatchMode] }
    : {};
}

/** One extra full sync that long after taking over, which repairs a late push of the dead leader. */
function initSyncDelayMs(config: ConfigSettings): number {
  return config.provider.initSyncDelayMs ?? config.execADCTimeoutMs + STALE_PUSH_MARGIN_MS;
}

/** What to use instead of a key in `configOverrides` that the operator sets itself. */
export const OWNED_CONFIG_KEYS: ReadonlyMap<string, string> = new Map([
  ['log_level', 'use spec.controller.manager.logLevel'],
  ['controller_name', 'use spec.controller.config.controllerName'],
  ['leader_election_id', 'use spec.leaderElection.leaseName'],
  ['leader_election', 'use spec.leaderElection'],
  ['metrics_addr', `the metrics Service needs port ${METRICS_PORT}`],
  ['enable_http2', 'use spec.controller.config.http2'],
  ['probe_addr', `the probes need port ${PROBE_PORT}`],
  ['secure_metrics', 'use spec.controller.config.secureMetrics'],
  ['exec_adc_timeout', 'use spec.controller.config.execADCTimeout'],
  ['disable_gateway_api', 'use spec.controller.config.gatewayAPI'],
  ['listener_port_match_mode', 'use spec.controller.config.listenerPortMatchMode'],
  ['provider.type', 'use spec.controller.config.provider.type'],
  ['provider.sync_period', 'use spec.controller.config.provider.syncPeriod'],
  ['provider.init_sync_delay', 'use spec.controller.config.provider.initSyncDelay'],
]);

/** Keys that the binary reads and that only `configOverrides` can change. */
const FREE_CONFIG_KEYS: ReadonlySet<string> = new Set([
  'enable_server',
  'server_addr',
  'provider',
  'webhook',
  'webhook.enable',
  'webhook.tls_cert_file',
  'webhook.tls_key_file',
  'webhook.tls_cert_dir',
  'webhook.port',
]);

/** True for a key, or a path such as `webhook.port`, that some version of the binary reads. */
export function isKnownConfigKey(path: string): boolean {
  return FREE_CONFIG_KEYS.has(path) || OWNED_CONFIG_KEYS.has(path);
}

/** The paths in `configOverrides`, one and two levels deep, in the order of the user. */
export function overridePaths(overrides: PassThrough): readonly string[] {
  return Object.entries(overrides).flatMap(([key, value]) =>
    isObject(value) ? [key, ...Object.keys(value).map((below) => `${key}.${below}`)] : [key],
  );
}
