/** A case for each field of the spec that shows in a child without any pod running. */
import {
  ConfigMapKind,
  DeploymentKind,
  type ResourceKind,
  RoleKind,
  ServiceKind,
} from '../../operator/base/resource-kinds.ts';
import { drainHook } from '../../operator/desired/pod/drain-hook.ts';

/** A path in the spec, a value for it, and what a child then says. */
export type SpecCase = readonly [
  field: string,
  value: unknown,
  child: ChildPath,
  expected: unknown,
];
export type ChildPath = readonly [kind: ResourceKind, path: string];

const POD = 'spec.template.spec';
const deployment = (path: string): ChildPath => [DeploymentKind, path];
export const pod = (path: string): ChildPath => [DeploymentKind, `${POD}.${path}`];
/** A line of config.yaml. */
const config = (key: string): ChildPath => [ConfigMapKind, key];

const REQUESTS = { requests: { cpu: '100m' } };
const TOLERATION = { key: 'e2e', operator: 'Exists', effect: 'NoSchedule' };
const NOTE = { metadata: { annotations: { note: 'x' } } };
const SPREAD = { topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 1 };

export const SPEC_CASES: readonly SpecCase[] = [
  [
    'restartTrigger',
    'x',
    deployment('spec.template.metadata.annotations[ingressha.dev/restart-trigger]'),
    'x',
  ],
  ['controller.version', '2.1.0', pod('containers[manager].image'), 'localhost/candidate:2.1.0'],
  [
    'controller.manager.image.tag',
    'test',
    pod('containers[manager].image'),
    'localhost/candidate:test',
  ],
  [
    'controller.manager.image.pullPolicy',
    'Never',
    pod('containers[manager].imagePullPolicy'),
    'Never',
  ],
  ['controller.manager.logLevel', 'debug', config('log_level'), '"debug"'],
  ['controller.manager.resources', REQUESTS, pod('containers[manager].resources'), REQUESTS],
  [
    'controller.manager.securityContext',
    { runAsUser: 7 },
    pod('containers[manager].securityContext.runAsUser'),
    7,
  ],
  [
    'controller.manager.env',
    [{ name: 'A', value: 'b' }],
    pod('containers[manager].env[A].value'),
    'b',
  ],
  [
    'controller.adc.image.tag',
    'test',
    pod('containers[adc-server].image'),
    'localhost/candidate-adc:test',
  ],
  [
    'controller.adc.logLevel',
    'debug',
    pod('containers[adc-server].env[ADC_INGRESS_LOG_LEVEL].value'),
    'debug',
  ],
  ['controller.imagePullSecrets', [{ name: 'x' }], pod('imagePullSecrets'), [{ name: 'x' }]],
  [
    'controller.volumes',
    [{ name: 'v', emptyDir: {} }],
    pod('volumes[v]'),
    { name: 'v', emptyDir: {} },
  ],
  [
    'controller.config.controllerName',
    'e2e.test/other',
    config('controller_name'),
    '"e2e.test/other"',
  ],
  ['controller.config.provider.type', 'APISIXStandalone', config('type'), '"apisix-standalone"'],
  ['controller.config.provider.syncPeriod', '2m', config('sync_period'), '"120s"'],
  ['controller.config.provider.initSyncDelay', '1s', config('init_sync_delay'), '"1s"'],
  ['controller.config.execADCTimeout', '5s', config('exec_adc_timeout'), '"5s"'],
  ['controller.config.gatewayAPI', 'Disabled', config('disable_gateway_api'), 'true'],
  ['controller.config.listenerPortMatchMode', 'Auto', config('listener_port_match_mode'), '"auto"'],
  ['controller.config.http2', 'Enabled', config('enable_http2'), 'true'],
  ['controller.config.secureMetrics', true, [ServiceKind, 'spec.ports[0].name'], 'https-metrics'],
  ['controller.configOverrides', { enable_server: true }, config('enable_server'), 'true'],
  ['leaderElection.leaseDuration', '40s', config('lease_duration'), '"40s"'],
  ['leaderElection.renewDeadline', '15s', config('renew_deadline'), '"15s"'],
  ['leaderElection.retryPeriod', '3s', config('retry_period'), '"3s"'],
  ['leaderElection.mode', 'Disabled', deployment('spec.strategy.type'), 'Recreate'],
  ['rollout.maxSurge', '50%', deployment('spec.strategy.rollingUpdate.maxSurge'), '50%'],
  ['rollout.minReadySeconds', 3, deployment('spec.minReadySeconds'), 3],
  ['rollout.terminationGracePeriodSeconds', 20, pod('terminationGracePeriodSeconds'), 20],
  ['placement.nodeSelector', { a: 'b' }, pod('nodeSelector'), { a: 'b' }],
  ['placement.tolerations', [TOLERATION], pod('tolerations[0]'), TOLERATION],
  ['placement.affinity', { nodeAffinity: {} }, pod('affinity'), { nodeAffinity: {} }],
  [
    'placement.topologySpreadConstraints',
    [SPREAD],
    pod('topologySpreadConstraints[0].topologyKey'),
    'zone',
  ],
  ['placement.priorityClassName', 'e2e', pod('priorityClassName'), 'e2e'],
  ['placement.nodeFailureTolerationSeconds', 5, pod('tolerations[0].tolerationSeconds'), 5],
  ['inheritedMetadata.labels', { team: 'a' }, [ServiceKind, 'metadata.labels.team'], 'a'],
  ['inheritedMetadata.annotations', { note: 'a' }, [RoleKind, 'metadata.annotations.note'], 'a'],
  ['failover.drainPeriod', '4s', pod('containers[adc-server].lifecycle.preStop'), drainHook(4_000)],
  ['podTemplatePatch', NOTE, deployment('spec.template.metadata.annotations.note'), 'x'],
];
