/**
 * Where credentials come from, and reading them: service accounts and kubeconfigs, by way of the library, which also
 * runs exec plugins and OIDC behind its `KubeConfig`. The only file that imports the library. Added here are `tokenFile`,
 * and a refusal of `proxy-url`, which our transport does not speak.
 */
import { type Cluster, type Context, KubeConfig, type User } from '@kubernetes/client-node';
import { existing, unreadable } from './credential-problems.ts';
import {
  type KubeconfigOverrides,
  overriddenCluster,
  overriddenUser,
} from './kubeconfig-overrides.ts';
import { addressProblem } from './server-address.ts';
import { findTokenFile } from './token-file.ts';

/** Where credentials come from. Nothing is guessed: the caller has resolved the environment. */
export type CredentialSource =
  /** The service account of the pod. `root` is put before its paths (tests). Default: none. */
  | { readonly kind: 'in-cluster'; readonly root?: string; readonly impersonateUser?: string }
  /** Merged as kubectl merges: the first file that names something wins; missing files are skipped. */
  | {
      readonly kind: 'kubeconfig';
      readonly files: readonly string[];
      readonly overrides?: KubeconfigOverrides;
    };

/** What was read, not yet turned into what a request needs. */
export interface LoadedCredentials {
  readonly config: KubeConfig;
  readonly cluster: Cluster;
  readonly namespace: string | undefined;
  readonly tokenFile: string | undefined;
}

/** Reads `source` anew. Throws a KubeError of kind `unauthorized`, or an error that says what is wrong. */
export function loadCredentials(source: CredentialSource): LoadedCredentials {
  return source.kind === 'in-cluster' ? loadInCluster(source) : loadKubeconfig(source);
}

function loadInCluster(source: CredentialSource & { kind: 'in-cluster' }): LoadedCredentials {
  const config = new KubeConfig();
  config.loadFromCluster(source.root);
  config.users = config.users.map((user) => overriddenUser(user, source));
  const [cluster] = config.clusters;
  if (cluster === undefined || !URL.canParse(cluster.server)) {
    throw new Error(
      'not in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set',
    );
  }
  const namespace = config.contexts[0]?.namespace;
  return checked({ config, cluster, namespace, tokenFile: undefined });
}

function loadKubeconfig(source: CredentialSource & { kind: 'kubeconfig' }): LoadedCredentials {
  const files = existing(source.files);
  if (files.length === 0) throw new Error(`no kubeconfig found at ${source.files.join(', ')}`);
  const configs = files.map(readKubeconfig);
  const overrides = source.overrides ?? {};
  const wanted = overrides.context ?? configs.map((one) => one.currentContext).find(Boolean);
  const contexts = configs.flatMap((one) => one.contexts);
  const context = named<Context>('context', contexts, wanted);
  const clusters = configs.flatMap((one) => one.clusters);
  const users = configs.flatMap((one) => one.users);
  const found = named<Cluster>('cluster', clusters, overrides.cluster ?? context.cluster);
  const user = named<User>('user', users, overrides.user ?? context.user);

  const cluster = overriddenCluster(found, overrides);
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, overriddenUser(user, overrides));
  const tokenFile = overrides.token === undefined ? findTokenFile(files, user.name) : undefined;
  return checked({ config, cluster, namespace: context.namespace, tokenFile });
}

function readKubeconfig(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (error) {
    throw unreadable({ files: [file] }, error); // of several, this is the one
  }
  return config;
}

function named<T extends { readonly name: string }>(
  what: string,
  all: readonly T[],
  name: string | undefined,
): T {
  if (name === undefined) throw new Error(`it has no current ${what}`);
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`it has no ${what} "${name}"`);
  return found;
}

function checked(loaded: LoadedCredentials): LoadedCredentials {
  const problem = addressProblem(loaded.cluster);
  if (problem !== undefined) throw new Error(problem);
  return loaded;
}
