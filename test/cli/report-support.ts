/** An installation full of canaries: whatever contains one of them must not be in a report. */
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { runProgram } from '../../operator/cli/program.ts';
import { childLabels } from '../../operator/desired/naming.ts';
import { anInstallation } from '../support/an-installation.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ReadOnlyCluster } from '../support/read-only-cluster.ts';

export const NOW = '2026-01-01T00:00:00Z';

/** Every canary begins so. */
export const CANARY = 'c4n4ry-';

const OPERATOR_LABELS = {
  'app.kubernetes.io/name': 'ingress-controller-ha',
  'app.kubernetes.io/component': 'operator',
};
const LABELS = childLabels({ name: 'edge', inherited: { labels: {}, annotations: {} } });

/** Where a canary sits in the pod template and in the pods that follow from it. */
const RISKY_POD_SPEC = {
  nodeName: 'node-a',
  volumes: [
    { name: 'inline', csi: { driver: 'x', volumeAttributes: { token: `${CANARY}csi` } } },
    { name: 'keys', secret: { secretName: 'tls-of-edge' } },
  ],
  containers: [
    {
      name: 'manager',
      image: 'manager:2.2.0',
      command: ['/bin/sh', '-c', `echo ${CANARY}command`],
      args: ['--password', `${CANARY}args`, `--token=${CANARY}flag`],
      env: [
        { name: 'PLAIN', value: `${CANARY}env` },
        { name: 'FROM', valueFrom: { secretKeyRef: { name: 'adc-token', key: 'token' } } },
      ],
      livenessProbe: {
        httpGet: {
          path: '/healthz',
          port: 8081,
          httpHeaders: [{ name: 'a', value: `${CANARY}header` }],
        },
      },
      lifecycle: { preStop: { exec: { command: [`${CANARY}hook`] } } },
      unheardOf: `${CANARY}field`,
    },
  ],
};

const RISKY_ANNOTATIONS = {
  'ingressha.dev/applied-hash': 'abc',
  'kubectl.kubernetes.io/last-applied-configuration': `{"x":"${CANARY}applied"}`,
  'vault.example/token': `${CANARY}annotation`,
};

/** `edge` with all its children, an operator, events, and a Secret that nobody may ask for. */
export function riskyObjects(): readonly KubeObject[] {
  return [
    ...anInstallation({ now: NOW, spec: RISKY_SPEC }).map(withRisks),
    core('ConfigMap', 'edge-icha-0123456789', {
      data: {
        'config.yaml': `log_level: "info"\nleader_election:\n  lease_duration: "30s"\nprovider:\n  type: "apisix"\n  token: "${CANARY}provider"\nstranger:\n  key: "${CANARY}config"\n`,
        'other.txt': `${CANARY}data`,
      },
      binaryData: { x: `${CANARY}binary` },
    }),
    core('Secret', 'adc-token', { data: { token: `${CANARY}secret` } }),
    core('Event', 'edge.1', {
      type: 'Warning',
      reason: 'Refused',
      message: `The value ${CANARY}env is refused`,
      involvedObject: { kind: 'IngressControllerHA', name: 'edge', uid: 'uid-edge' },
      lastTimestamp: '2025-12-31T23:00:00Z',
    }),
    core('Event', 'other.1', {
      reason: 'Foreign',
      involvedObject: { kind: 'Pod', name: 'other', uid: 'uid-of-another' },
      lastTimestamp: '2025-12-31T23:00:00Z',
    }),
    { ...core('Role', 'edge-icha', { rules: [] }), apiVersion: 'rbac.authorization.k8s.io/v1' },
    ...theOperator(),
  ];
}

const RISKY_SPEC = {
  controller: {
    version: '2.2.0',
    manager: { env: [{ name: 'PLAIN', value: `${CANARY}env` }] },
    configOverrides: { provider: { token: `${CANARY}provider` } },
    volumes: [{ name: 'inline', csi: { driver: `${CANARY}volume` } }],
  },
  inheritedMetadata: { annotations: { note: `${CANARY}inherited` } },
  podTemplatePatch: { spec: { containers: [{ name: `${CANARY}patch` }] } },
};

function withRisks(object: KubeObject): KubeObject {
  const { kind, metadata } = object;
  const marked = { ...metadata, annotations: RISKY_ANNOTATIONS };
  if (kind === 'Node')
    return { ...object, metadata: { ...marked, labels: { x: `${CANARY}node` } } };
  if (kind === 'Deployment') {
    const template = { metadata: { annotations: RISKY_ANNOTATIONS }, spec: RISKY_POD_SPEC };
    return { ...object, metadata: marked, spec: { replicas: 2, template } };
  }
  if (kind !== 'Pod') return { ...object, metadata: marked };
  const ended = { exitCode: 1, reason: 'Error', message: `${CANARY}termination` };
  const status = {
    phase: 'Running',
    containerStatuses: [{ name: 'manager', lastState: { terminated: ended } }],
  };
  return { ...object, metadata: marked, spec: RISKY_POD_SPEC, status };
}

function theOperator(): readonly KubeObject[] {
  const containers = [
    {
      name: 'operator',
      args: ['run', '--namespaces=prod', `--unheard-of=${CANARY}unheard`],
      env: [{ name: 'TOKEN', value: `${CANARY}operator-env` }],
      ports: [{ name: 'metrics', containerPort: 8080 }],
    },
  ];
  const metadata = { namespace: 'ops', labels: OPERATOR_LABELS };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, name: 'operator', uid: 'uid-operator' },
      spec: { selector: { matchLabels: OPERATOR_LABELS }, template: { spec: { containers } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, name: 'operator-1', uid: 'uid-operator-1' },
      spec: { containers },
      status: { containerStatuses: [{ name: 'operator', restartCount: 1 }] },
    },
  ];
}

function core(kind: string, name: string, fields: Readonly<Record<string, unknown>>): KubeObject {
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: 'prod', labels: LABELS },
    ...fields,
  };
}

/** Logs that quote a value, as no log should. */
export const RISKY_PAGES: Readonly<Record<string, string>> = {
  '/api/v1/namespaces/ops/pods/operator-1/log': `{"msg":"Cannot apply","error":"invalid value ${CANARY}env"}\n{"msg":"Leadership acquired"}\n`,
  '/api/v1/namespaces/ops/pods/operator-1%3A8080/proxy/metrics': 'ingressha_up 1\n',
  '/version': '{"gitVersion":"v1.37.2"}',
};

export interface ReportEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command against a cluster that can only be read. */
export async function runReport(
  args: readonly string[],
  { client, pages }: ReadOnlyCluster,
): Promise<ReportEnd> {
  const printed = { stdout: '', stderr: '' };
  const refuse = () => Promise.reject(new Error('A report only reads'));
  const exitCode = await runProgram(
    ['report', ...args],
    {
      stdout: { write: (text) => (printed.stdout += text) },
      stderr: { write: (text) => (printed.stderr += text) },
      readText: refuse,
      interrupted: new AbortController().signal,
    },
    {
      clock: createManualClock(NOW),
      connect: async () => ({
        client,
        pages,
        pods: { evict: refuse, addEphemeralContainer: refuse, textFrom: refuse },
        server: 'https://api.example:6443',
        namespace: 'prod',
        close() {},
      }),
    },
  );
  return { ...printed, exitCode };
}
