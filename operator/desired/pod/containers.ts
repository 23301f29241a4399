/**
 * The two containers of a controller pod. Neither gets a `command`, which differs between versions of
 * the images, and the manager gets no flags: with a config file the binary ignores them.
 */
import type { ContainerSettings, Ha, PassThrough } from '../../api/ha.ts';
import { resolveImages } from '../catalogue.ts';
import { onlySet } from '../child.ts';
import { METRICS_PORT, PROBE_PORT } from '../config.ts';
import { CONFIG_FILE } from '../config-map.ts';
import type { InstallerPolicy } from '../installer.ts';
import { drainHook } from './drain-hook.ts';
import { patchContainer } from './pod-template-patch.ts';

/** Name of the container that leads or stands by. */
export const MANAGER_CONTAINER = 'manager';
/** Name of the sidecar that pushes to the data plane. */
export const ADC_CONTAINER = 'adc-server';
/** Name of the manager's metrics port, which the Service targets. */
export const METRICS_PORT_NAME = 'metrics';
/** Where the manager reads its configuration. */
export const CONFIG_PATH = '/app/conf/config.yaml';
/** Where the manager meets its sidecar. */
export const SOCKETS_PATH = '/sockets';

/** Names of the volumes that the containers mount. */
export const Volume = {
  Config: 'config',
  Sockets: 'sockets',
  ManagerTmp: 'manager-tmp',
  AdcTmp: 'adc-tmp',
} as const;

const SOCKET = `unix:${SOCKETS_PATH}/adc.sock`;
const STATUS_PORT = 3001;

/** The controller itself. */
export function managerContainer(ha: Ha, policy: InstallerPolicy): PassThrough {
  const { manager } = ha.controller;
  const container = {
    name: MANAGER_CONTAINER,
    image: resolveImages(ha, policy).manager,
    imagePullPolicy: manager.image.pullPolicy,
    env: [
      podField('POD_NAMESPACE', 'metadata.namespace'), // the namespace of the Lease
      podField('POD_NAME', 'metadata.name'),
      { name: 'ADC_SERVER_URL', value: SOCKET },
    ],
    ports: [{ name: METRICS_PORT_NAME, containerPort: METRICS_PORT, protocol: 'TCP' }],
    livenessProbe: {
      httpGet: { path: '/healthz', port: PROBE_PORT },
      initialDelaySeconds: 15,
      periodSeconds: 20,
    },
    readinessProbe: {
      httpGet: { path: '/readyz', port: PROBE_PORT },
      initialDelaySeconds: 5,
      periodSeconds: 10,
    },
    volumeMounts: [
      { name: Volume.Config, mountPath: CONFIG_PATH, subPath: CONFIG_FILE, readOnly: true },
      { name: Volume.Sockets, mountPath: SOCKETS_PATH },
      { name: Volume.ManagerTmp, mountPath: '/tmp' }, // each sync writes a file there
    ],
    securityContext: LEAST_PRIVILEGE,
  };
  return patchContainer(container, ownFields(manager));
}

/** The sidecar that pushes the translated configuration to the data plane. */
export function adcContainer(ha: Ha, policy: InstallerPolicy): PassThrough {
  const { adc } = ha.controller;
  const container = {
    name: ADC_CONTAINER,
    image: resolveImages(ha, policy).adc,
    imagePullPolicy: adc.image.pullPolicy,
    args: ['server', '--listen', SOCKET, '--listen-status', String(STATUS_PORT)],
    env: [
      { name: 'ADC_RUNNING_MODE', value: 'ingress' },
      {
        name: 'ADC_EXPERIMENTAL_FEATURE_FLAGS',
        value: 'remote-state-file,parallel-backend-request',
      },
      { name: 'ADC_INGRESS_LOG_LEVEL', value: adc.logLevel },
    ],
    ports: [{ name: 'http-status', containerPort: STATUS_PORT, protocol: 'TCP' }],
    livenessProbe: {
      httpGet: { path: '/healthz/ready', port: STATUS_PORT },
      initialDelaySeconds: 10,
      periodSeconds: 10,
      timeoutSeconds: 10,
    },
    readinessProbe: {
      httpGet: { path: '/healthz/ready', port: STATUS_PORT },
      initialDelaySeconds: 5,
      periodSeconds: 5,
    },
    lifecycle: { preStop: drainHook(ha.failover.drainPeriodMs) },
    volumeMounts: [
      { name: Volume.Sockets, mountPath: SOCKETS_PATH },
      { name: Volume.AdcTmp, mountPath: '/tmp' },
    ],
    securityContext: LEAST_PRIVILEGE,
  };
  return patchContainer(container, ownFields(adc));
}

const LEAST_PRIVILEGE = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

/** What the user says about a container, as a patch: it merges, and the user wins. */
function ownFields(settings: ContainerSettings): PassThrough {
  const { env, volumeMounts, resources, securityContext } = settings;
  return onlySet({ env, volumeMounts, resources, securityContext });
}

function podField(name: string, fieldPath: string): PassThrough {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}
