/** What a report shows of pods and of what they are made from. */
import { FLAGS } from '../../app/flags.ts';
import { fields, hidden, items, kept, outline, type Reader } from './allow-list.ts';

/** Of our own operator: its flags are no secrets. All other arguments may be. */
const OWN_FLAG = new RegExp(`^(run$|--(no-)?(${FLAGS.map(({ name }) => name).join('|')})(=|$))`);

const args: Reader = (value, hide) =>
  Array.isArray(value)
    ? value.map((arg) => (OWN_FLAG.test(String(arg)) ? arg : hidden(arg, hide)))
    : undefined;

const env = items(
  fields({
    name: kept,
    value: hidden,
    // Where it comes from is a name, never the value itself.
    valueFrom: kept,
  }),
);

const probe = fields({
  httpGet: fields({ path: kept, port: kept, scheme: kept }),
  initialDelaySeconds: kept,
  periodSeconds: kept,
  timeoutSeconds: kept,
  successThreshold: kept,
  failureThreshold: kept,
});

const container = fields({
  name: kept,
  image: kept,
  imagePullPolicy: kept,
  command: items(hidden),
  args,
  env,
  envFrom: kept, // names
  ports: kept,
  resources: kept,
  securityContext: kept,
  volumeMounts: items(fields({ name: kept, mountPath: kept, subPath: kept, readOnly: kept })),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  lifecycle: outline,
});

/** A volume may carry anything inline; only what it refers to by name is shown. */
const volume = fields({
  name: kept,
  configMap: fields({ name: kept }),
  secret: fields({ secretName: kept }),
  emptyDir: kept,
});

/** Of `spec` of a pod or of a pod template. */
export const podSpec = fields({
  nodeName: kept,
  serviceAccountName: kept,
  automountServiceAccountToken: kept,
  restartPolicy: kept,
  terminationGracePeriodSeconds: kept,
  priorityClassName: kept,
  schedulerName: kept,
  hostNetwork: kept,
  hostPID: kept,
  shareProcessNamespace: kept,
  hostname: kept,
  hostnameOverride: kept,
  setHostnameAsFQDN: kept,
  dnsPolicy: kept,
  nodeSelector: kept,
  affinity: kept,
  tolerations: kept,
  topologySpreadConstraints: kept,
  securityContext: kept,
  imagePullSecrets: kept, // names
  initContainers: items(container),
  containers: items(container),
  ephemeralContainers: items(container),
  volumes: items(volume),
});

/** The message of an ended container is its own text. */
const terminated = fields({
  exitCode: kept,
  signal: kept,
  reason: kept,
  message: hidden,
  startedAt: kept,
  finishedAt: kept,
  containerID: kept,
});

const state = fields({ running: kept, waiting: kept, terminated });

const containerStatus = items(
  fields({
    name: kept,
    ready: kept,
    started: kept,
    restartCount: kept,
    image: kept,
    imageID: kept,
    containerID: kept,
    state,
    lastState: state,
  }),
);

/** Of `status` of a pod. */
export const podStatus = fields({
  phase: kept,
  reason: kept,
  message: kept,
  conditions: kept,
  hostIP: kept,
  podIP: kept,
  qosClass: kept,
  startTime: kept,
  initContainerStatuses: containerStatus,
  containerStatuses: containerStatus,
  ephemeralContainerStatuses: containerStatus,
});
