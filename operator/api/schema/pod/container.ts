/** What Kubernetes knows of a container. */
import type { Schema } from '../build.ts';
import { atMost, listOf, mapOf, quantity, shape, words } from './shape.ts';

/** Longest value of a variable or argument: a script, or a certificate. */
const SCRIPT_MAX_LENGTH = 16 * 1024;
/** Kinds of resources of one container, extended ones among them. */
const MAX_RESOURCES = 20;

/** A reference to another object in the namespace. */
export const localReference: Schema = shape('name');
const keyReference = shape('name key optional?');
const sourceReference = shape('name optional?');

/** A field of the pod, as a value. */
export const fieldReference: Schema = shape('apiVersion fieldPath');
/** A request or limit of a container, as a value. */
export const resourceFieldReference: Schema = shape('containerName resource divisor=');

/** One variable. */
export const envVariable: Schema = shape('name', {
  value: words(SCRIPT_MAX_LENGTH),
  valueFrom: atMost(
    1,
    shape('', {
      configMapKeyRef: keyReference,
      secretKeyRef: keyReference,
      fieldRef: fieldReference,
      resourceFieldRef: resourceFieldReference,
      fileKeyRef: shape('key path volumeName optional?'),
    }),
  ),
});

/** One mount. */
export const volumeMount: Schema = shape(
  'name mountPath subPath subPathExpr readOnly? recursiveReadOnly mountPropagation',
  { bindMountOptions: listOf(5) },
);

/** Requests, limits and claims. */
export const resources: Schema = shape('', {
  limits: mapOf(MAX_RESOURCES, quantity),
  requests: mapOf(MAX_RESOURCES, quantity),
  claims: listOf(MAX_RESOURCES, shape('name request')),
});

const profile = shape('type localhostProfile');

/** What the security contexts of pods and of containers have in common. */
const sharedSecurity = {
  appArmorProfile: profile,
  seccompProfile: profile,
  seLinuxOptions: shape('level role type user'),
  windowsOptions: shape('gmsaCredentialSpecName hostProcess? runAsUserName', {
    gmsaCredentialSpec: words(SCRIPT_MAX_LENGTH),
  }),
};

/** Security context of a container. */
export const containerSecurity: Schema = shape(
  'allowPrivilegeEscalation? privileged? procMount readOnlyRootFilesystem? runAsGroup# runAsNonRoot? runAsUser#',
  { ...sharedSecurity, capabilities: shape('', { add: listOf(20), drop: listOf(20) }) },
);

/** Security context of a pod. */
export const podSecurity: Schema = shape(
  'fsGroup# fsGroupChangePolicy runAsGroup# runAsNonRoot? runAsUser# seLinuxChangePolicy supplementalGroupsPolicy',
  {
    ...sharedSecurity,
    supplementalGroups: listOf(50, { type: 'integer', description: '', format: 'int64' }),
    sysctls: listOf(50, shape('name value')),
  },
);

const execute = shape('', { command: listOf(20, words(SCRIPT_MAX_LENGTH)) });
const httpGet = shape('host path port~ protocol scheme', {
  httpHeaders: listOf(10, shape('name value')),
});
const tcpSocket = shape('host port~');

const probe = shape(
  'failureThreshold# initialDelaySeconds# periodSeconds# successThreshold# terminationGracePeriodSeconds# timeoutSeconds#',
  { exec: execute, httpGet, tcpSocket, grpc: shape('mode port# service') },
);

const handler = atMost(
  1,
  shape('', { exec: execute, httpGet, tcpSocket, sleep: shape('seconds#') }),
);

/** A container of a pod template, whole or as the part of it that a patch changes. */
export const container: Schema = shape(
  'name image imagePullPolicy restartPolicy stdin? stdinOnce? terminationMessagePath terminationMessagePolicy tty? workingDir',
  {
    command: listOf(30, words(SCRIPT_MAX_LENGTH)),
    args: listOf(30, words(SCRIPT_MAX_LENGTH)),
    env: listOf(50, envVariable),
    envFrom: listOf(
      10,
      shape('prefix', { configMapRef: sourceReference, secretRef: sourceReference }),
    ),
    lifecycle: shape('stopSignal', { postStart: handler, preStop: handler }),
    livenessProbe: probe,
    readinessProbe: probe,
    startupProbe: probe,
    ports: listOf(10, shape('containerPort# hostIP hostPort# name protocol')),
    resizePolicy: listOf(10, shape('resourceName restartPolicy')),
    resources,
    restartPolicyRules: listOf(
      5,
      shape('action', {
        exitCodes: shape('operator', {
          values: listOf(10, { type: 'integer', description: '', format: 'int64' }),
        }),
      }),
    ),
    securityContext: containerSecurity,
    volumeDevices: listOf(10, shape('devicePath name')),
    volumeMounts: listOf(20, volumeMount),
  },
);
