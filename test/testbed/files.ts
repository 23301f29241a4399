// Every file that the programs of a testbed read: configuration, tokens and kubeconfigs. JSON where YAML is taken.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificates } from './certificates.ts';
import type { TestbedRecord } from './record.ts';

/** The only node. */
export const nodeName = 'node-1';

/** The address of the `kubernetes` Service, which pods find the API server at. */
const serviceAddress = '10.0.0.1';

/** Who logs in with a token: name of the kubeconfig -> user and group. */
const users: Readonly<Record<string, readonly [user: string, group: string]>> = {
  admin: ['admin', 'system:masters'],
  'kube-controller-manager': ['system:kube-controller-manager', ''],
  'kube-scheduler': ['system:kube-scheduler', ''],
  kubelet: [`system:node:${nodeName}`, 'system:nodes'],
};

/** Writes all of it into the testbed's folder and gives the admin's token. */
export async function writeFiles(record: TestbedRecord): Promise<string> {
  const { folder, address = '', id } = record;
  for (const name of ['cni', 'kubelet', 'containerd', 'pod-logs', 'run', 'logs']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await makeCertificates(folder, {
    apiServer: [
      serviceAddress,
      address,
      '127.0.0.1',
      'localhost',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
    ],
    kubelet: [address, nodeName],
  });
  const tokens = Object.keys(users).map((name) => [name, randomBytes(16).toString('hex')] as const);
  const lines = tokens.map(([name, token]) => {
    const [user, group] = users[name] ?? [name, ''];
    return `${token},${user},${name}${group && `,"${group}"`}`;
  });
  await secret(join(folder, 'tokens.csv'), `${lines.join('\n')}\n`);
  for (const [name, token] of tokens) {
    // Components talk to the API server inside; only the admin comes from outside.
    const server = `https://${name === 'admin' ? address : '127.0.0.1'}`;
    await writeKubeconfig(join(folder, `${name}.kubeconfig`), { server, folder, token });
  }
  await json(join(folder, 'audit-policy.json'), auditPolicy);
  await json(join(folder, 'cni', '10-bridge.conflist'), bridge);
  await json(join(folder, 'kubelet.json'), kubeletConfig(folder, id));
  await writeFile(join(folder, 'containerd.toml'), containerdConfig(folder));
  return Object.fromEntries(tokens).admin ?? '';
}

/** Writes a kubeconfig with a token; the namespace is the context's default. */
export async function writeKubeconfig(
  file: string,
  login: { server: string; folder: string; token: string; namespace?: string },
): Promise<void> {
  const cluster = { server: login.server, 'certificate-authority': join(login.folder, 'ca.crt') };
  const context = { cluster: 'testbed', user: 'user', namespace: login.namespace ?? 'default' };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'testbed', cluster }],
    users: [{ name: 'user', user: { token: login.token } }],
    contexts: [{ name: 'testbed', context }],
    'current-context': 'testbed',
  };
  await secret(file, JSON.stringify(config, null, 2));
}

const json = (file: string, value: unknown) => writeFile(file, JSON.stringify(value, null, 2));
const secret = (file: string, text: string) => writeFile(file, text, { mode: 0o600 });

/** Who asked for what, without bodies; the cluster's own components are left out. */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'None',
      users: ['system:apiserver', 'system:kube-controller-manager', 'system:kube-scheduler'],
    },
    { level: 'None', userGroups: ['system:nodes', 'system:serviceaccounts:kube-system'] },
    { level: 'Metadata' },
  ],
};

/** Pods get addresses of a bridge inside the testbed's own network: the same in every testbed, and no clash. */
const bridge = {
  cniVersion: '1.0.0',
  name: 'testbed',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipam: {
        type: 'host-local',
        ranges: [[{ subnet: '10.88.0.0/24' }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
    { type: 'loopback' },
  ],
};

const kubeletConfig = (folder: string, id: string) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: true },
    x509: { clientCAFile: join(folder, 'ca.crt') },
  },
  authorization: { mode: 'Webhook' },
  tlsCertFile: join(folder, 'kubelet.crt'),
  tlsPrivateKeyFile: join(folder, 'kubelet.key'),
  containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
  cgroupDriver: 'cgroupfs',
  cgroupRoot: `/${id}`,
  failCgroupV1: false,
  failSwapOn: false,
  enforceNodeAllocatable: [],
  resolvConf: '',
  clusterDNS: ['10.0.0.10'], // nobody answers there; without an address each pod gets a warning event
  clusterDomain: 'cluster.local',
  podLogsDir: join(folder, 'pod-logs'),
  serializeImagePulls: false,
  // There is no registry: an image that is collected is gone. And a full disk is the machine's, not the test's, matter.
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  evictionHard: { 'memory.available': '1Mi', 'nodefs.available': '0%', 'imagefs.available': '0%' },
});

// restrict_oom_score_adj: a machine without CAP_SYS_RESOURCE refuses the scores, and every pod would fail.
const containerdConfig = (folder: string): string => `version = 2
root = "${folder}/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
restrict_oom_score_adj = true
sandbox_image = "localhost/pause:1"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "${folder}/cni"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
`;
