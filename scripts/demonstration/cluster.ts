/** The two clusters that the demo can use: one of its own, or one of the user's. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { customResourceDefinition } from '../../operator/api/crd.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { systemClock } from '../../operator/base/time.ts';
import { DEFAULT_OPERATOR_ACCOUNT, operatorRights } from '../../operator/desired/rights.ts';
import type { Testbed } from '../../test/testbed/testbed.ts';

const execute = promisify(execFile);

/** Where the resource and its controller live, and where the operator's own Lease does. */
export const SERVED_NAMESPACE = 'ingress-ha-demo';
export const OPERATOR_NAMESPACE = 'ingress-ha-demo-system';
const NAMESPACES = [SERVED_NAMESPACE, OPERATOR_NAMESPACE] as const;
const TOKEN_DURATION = '4h';
const LARGEST_OUTPUT_BYTES = 32 * 1024 * 1024;

export interface DemoCluster {
  /** Completes "This writes to …". */
  readonly description: string;
  readonly namespaces: readonly string[];
  /** Repositories that stand in for the real images; absent: the real ones are pulled. */
  readonly images?: { readonly manager: string; readonly adc: string };
  /** Folder for files of this run. */
  readonly folder: string;
  readonly howToContinue: string;
  /** Runs kubectl and gives what it printed; rejects with what it said. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** CRD, namespaces and rights. */
  install(): Promise<void>;
  /** A kubeconfig with a token of the operator's ServiceAccount. */
  accountKubeconfig(): Promise<string>;
  /** Takes everything back. */
  cleanUp(): Promise<void>;
}

export async function testbedCluster(testbed: Testbed): Promise<DemoCluster> {
  const kubectl = kubectlOf(join(testbed.binDir, 'kubectl'), ['--kubeconfig', testbed.kubeconfig]);
  return {
    description: 'a cluster of its own',
    namespaces: NAMESPACES,
    images: { manager: 'localhost/candidate', adc: 'localhost/candidate-adc' },
    folder: testbed.folder,
    howToContinue: `Go on with: eval "$(scripts/cluster env --name ${testbed.name})"; end it with: scripts/cluster down --name ${testbed.name}`,
    kubectl,
    install: () => install(kubectl),
    accountKubeconfig: () => testbed.kubeconfigFor(OPERATOR_NAMESPACE, DEFAULT_OPERATOR_ACCOUNT),
    cleanUp: () => testbed.stop(),
  };
}

/** Rejects when an operator is installed there already: its objects are not ours to remove. */
export async function ownCluster(connection: {
  readonly kubeconfig?: string;
  readonly context?: string;
}): Promise<DemoCluster> {
  const { kubeconfig, context } = connection;
  const flags = [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(context === undefined ? [] : ['--context', context]),
  ];
  const kubectl = kubectlOf('kubectl', flags);
  const folder = await mkdtemp(join(tmpdir(), 'ingress-ha-demo-'));
  const name = (await kubectl(['config', 'current-context'])).trim();
  await refuseIfInstalled(kubectl);
  const crd = await kubectl(['get', 'crd', '-o', 'name']);
  const hadCrd = crd.includes(customResourceDefinition().metadata.name);
  return {
    description: `context "${context ?? name}"`,
    namespaces: NAMESPACES,
    folder,
    howToContinue: `Go on with: kubectl ${[...flags, '-n', SERVED_NAMESPACE].join(' ')} get icha,pods,lease`,
    kubectl,
    install: () => install(kubectl),
    accountKubeconfig: () => accountKubeconfig(kubectl, folder),
    cleanUp: () => uninstall(kubectl, { folder, hadCrd }),
  };
}

type Kubectl = DemoCluster['kubectl'];

function kubectlOf(program: string, flags: readonly string[]): Kubectl {
  return async (args, input) => {
    const running = execute(program, [...flags, ...args], { maxBuffer: LARGEST_OUTPUT_BYTES });
    running.child.stdin?.end(input ?? '');
    try {
      return (await running).stdout;
    } catch (error) {
      const said = (error as { readonly stderr?: string }).stderr?.trim();
      throw new Error(`kubectl ${args.join(' ')}: ${said || String(error)}`, { cause: error });
    }
  };
}

async function refuseIfInstalled(kubectl: Kubectl): Promise<void> {
  const found = await kubectl([
    'get',
    'clusterrole',
    DEFAULT_OPERATOR_ACCOUNT,
    '--ignore-not-found',
  ]);
  if (found === '') return;
  throw new Error(
    `An operator is installed in this cluster already (ClusterRole "${DEFAULT_OPERATOR_ACCOUNT}"): use another cluster for the demo.`,
  );
}

/** An API server sets the conditions of a new definition within a second. */
const ESTABLISH_ATTEMPTS = 20;
const ESTABLISH_PAUSE_MS = 500;

async function install(kubectl: Kubectl): Promise<void> {
  const namespaces = NAMESPACES.map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  const objects = [customResourceDefinition(), ...namespaces, ...rights()];
  await kubectl(['apply', '--server-side', '-f', '-'], asList(objects));
  await established(kubectl);
}

/** kubectl gives up over a definition that has no conditions yet: then it is asked once more. */
async function established(kubectl: Kubectl): Promise<void> {
  const { name } = customResourceDefinition().metadata;
  const wait = ['wait', '--for=condition=Established', 'crd', name];
  for (let attempt = 1; ; attempt += 1) {
    try {
      await kubectl(wait);
      return;
    } catch (error) {
      if (attempt === ESTABLISH_ATTEMPTS) throw error;
      await systemClock.sleep(ESTABLISH_PAUSE_MS);
    }
  }
}

async function uninstall(
  kubectl: Kubectl,
  { folder, hadCrd }: { readonly folder: string; readonly hadCrd: boolean },
): Promise<void> {
  const crd = hadCrd ? [] : [customResourceDefinition()];
  await kubectl(['delete', '--ignore-not-found', '-f', '-'], asList([...rights(), ...crd]));
  await kubectl(['delete', 'namespace', '--ignore-not-found', ...NAMESPACES]);
  await rm(folder, { recursive: true, force: true });
}

function rights(): readonly KubeObject[] {
  return operatorRights({
    operatorNamespace: OPERATOR_NAMESPACE,
    servedNamespaces: [SERVED_NAMESPACE],
    serviceAccountName: DEFAULT_OPERATOR_ACCOUNT,
  });
}

async function accountKubeconfig(kubectl: Kubectl, folder: string): Promise<string> {
  const text = await kubectl(['config', 'view', '--minify', '--flatten', '--raw', '-o', 'json']);
  const config: { users: { name: string; user: unknown }[] } = JSON.parse(text);
  const token = await kubectl([
    ...['create', 'token', DEFAULT_OPERATOR_ACCOUNT, '-n', OPERATOR_NAMESPACE],
    ...['--duration', TOKEN_DURATION],
  ]);
  config.users = config.users.map(({ name }) => ({ name, user: { token: token.trim() } }));
  const path = join(folder, 'operator.kubeconfig');
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

function asList(items: readonly KubeObject[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** The default sample, with the stand-ins for the real images where there are any. */
export async function sampleResource(cluster: DemoCluster): Promise<KubeObject> {
  const { parse } = await import('yaml');
  const text = await readFile(new URL('../../docs/samples/default.yaml', import.meta.url), 'utf8');
  const sample: KubeObject = parse(text);
  const { images } = cluster;
  const spec = (sample.spec ?? {}) as Readonly<Record<string, unknown>>;
  const controller = images && {
    manager: { image: { repository: images.manager } },
    adc: { image: { repository: images.adc } },
  };
  return {
    ...sample,
    metadata: { ...sample.metadata, namespace: SERVED_NAMESPACE },
    spec: { ...spec, ...(controller && { controller }) },
  };
}
