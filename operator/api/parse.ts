/**
 * The edge: an object as the API server or a file gives it becomes an `Ha` that the rest of the
 * program trusts, or the list of what is wrong with it. Never throws, never changes its input.
 */
import { defined } from '../base/defined.ts';
import type { KubeObject } from '../base/kube-object.ts';
import { parseDurationMs } from './duration.ts';
import type { ContainerSettings, Distribution, Ha, ProviderType } from './ha.ts';
import type { Problem } from './problem.ts';
import { resourceSchema } from './schema/resource.ts';
import { shapeProblems } from './shape-problems.ts';
import { structuralProblems } from './structure.ts';
import type {
  ConfigSpec,
  ContainerSpec,
  ControllerSpec,
  IngressControllerHA,
  LeaderElectionSpec,
  PlacementSpec,
} from './types.generated.ts';
import { validate } from './validate.generated.js';
import { asStored, brokenRules, unknownIn } from './walk.ts';

export type { Problem } from './problem.ts';

/** A resource that may be acted on, or what its author has to change: at least one problem, at most 50. */
export type ParsedResource =
  | { readonly kind: 'valid'; readonly ha: Ha }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

/** Problems of one resource that are reported: a hostile object must not fill the status. */
const MAX_PROBLEMS = 50;

/** Checks an object as the API server does, fills in defaults, and converts it. */
export function parseResource(object: KubeObject): ParsedResource {
  const candidate: unknown = asStored(resourceSchema, object);
  if (!validate(candidate)) {
    return invalid(structuralProblems(validate.errors ?? []));
  }
  const misshapen = shapeProblems(resourceSchema, { spec: candidate.spec });
  if (misshapen.length > 0) return invalid(misshapen);
  const problems = brokenRules(resourceSchema, withoutStatus(candidate));
  return problems.length > 0 ? invalid(problems) : { kind: 'valid', ha: toHa(candidate) };
}

/** Fields that the API server drops silently, mostly typing errors. Asked of files of users only. */
export function unknownFields(object: KubeObject): readonly Problem[] {
  return unknownIn(resourceSchema, object);
}

function invalid(problems: readonly Problem[]): ParsedResource {
  return { kind: 'invalid', problems: problems.slice(0, MAX_PROBLEMS) };
}

/** The status is ours: whatever stands in it must not keep the resource from being served. */
function withoutStatus(resource: IngressControllerHA): Omit<IngressControllerHA, 'status'> {
  const { status: _, ...rest } = resource;
  return rest;
}

function toHa({ metadata, spec }: IngressControllerHA): Ha {
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? 'default',
    uid: metadata.uid ?? '',
    generation: metadata.generation ?? 0,
    deleting: metadata.deletionTimestamp !== undefined,
    replicas: spec.replicas,
    paused: spec.paused,
    restartTrigger: spec.restartTrigger,
    controller: controllerSettings(spec.controller),
    election: electionSettings(spec.leaderElection),
    failover: {
      mode: spec.failover.mode,
      drainPeriodMs: checkedMs(spec.failover.drainPeriod),
      clearDelayMs: checkedMs(spec.failover.clearDelay),
    },
    disruptionBudget: spec.podDisruptionBudget,
    rollout: spec.rollout,
    placement: placementSettings(spec.placement),
    inherited: {
      labels: spec.inheritedMetadata?.labels ?? {},
      annotations: spec.inheritedMetadata?.annotations ?? {},
    },
    podTemplatePatch: spec.podTemplatePatch ?? {},
  };
}

function controllerSettings(controller: ControllerSpec): Ha['controller'] {
  const { distribution, version } = controller;
  return {
    distribution,
    version,
    manager: containerSettings(controller.manager),
    adc: containerSettings(controller.adc),
    imagePullSecrets: controller.imagePullSecrets ?? [],
    volumes: controller.volumes ?? [],
    config: configSettings(controller.config, distribution),
    configOverrides: controller.configOverrides ?? {},
  };
}

function containerSettings(container: ContainerSpec): ContainerSettings {
  return { ...container, env: container.env ?? [], volumeMounts: container.volumeMounts ?? [] };
}

/** The two defaults that depend on other fields are filled in here, since a schema's can't. */
function configSettings(
  config: ConfigSpec,
  distribution: Distribution,
): Ha['controller']['config'] {
  const { initSyncDelay, syncPeriod } = config.provider;
  const initSyncDelayMs = initSyncDelay === undefined ? undefined : checkedMs(initSyncDelay);
  const type = config.provider.type ?? DEFAULT_PROVIDER[distribution];
  const syncPeriodMs = checkedMs(syncPeriod ?? DEFAULT_SYNC_PERIOD[type]);
  return {
    controllerName: config.controllerName,
    provider: {
      type,
      syncPeriodMs,
      ...defined({ initSyncDelayMs }),
    },
    execADCTimeoutMs: checkedMs(config.execADCTimeout),
    gatewayAPI: config.gatewayAPI,
    listenerPortMatchMode: config.listenerPortMatchMode,
    secureMetrics: config.secureMetrics,
    http2: config.http2 === 'Enabled',
  };
}

const DEFAULT_PROVIDER: Readonly<Record<Distribution, ProviderType>> = {
  APISIX: 'APISIX',
  API7: 'API7EE',
};

const DEFAULT_SYNC_PERIOD: Readonly<Record<ProviderType, string>> = {
  APISIX: '1m',
  APISIXStandalone: '1m',
  API7EE: '1h',
};

function electionSettings(election: LeaderElectionSpec): Ha['election'] {
  return {
    mode: election.mode,
    leaseName: election.leaseName,
    leaseDurationMs: checkedMs(election.leaseDuration),
    renewDeadlineMs: checkedMs(election.renewDeadline),
    retryPeriodMs: checkedMs(election.retryPeriod),
    existingLease: election.existingLease,
  };
}

function placementSettings(placement: PlacementSpec): Ha['placement'] {
  return {
    ...placement,
    nodeSelector: placement.nodeSelector ?? {},
    tolerations: placement.tolerations ?? [],
    topologySpreadConstraints: placement.topologySpreadConstraints ?? [],
  };
}

/** A duration whose grammar a rule has checked. */
function checkedMs(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined) throw new Error(`No rule has checked the duration '${text}'`);
  return ms;
}
