/**
 * Who we are to which API server. The library reads service accounts and kubeconfig users (exec
 * plugins and OIDC included) behind its `KubeConfig`; this is the only file that runs it. We add
 * what it lacks: a cache with single-flight, renewal after a 401, `tokenFile`, and a refusal of
 * `proxy-url`, which our transport does not speak, and of tokens in plain text.
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { type Cluster, type Context, KubeConfig, type User } from '@kubernetes/client-node';
import { KubeError } from '../../base/failure.ts';
import type { Clock } from '../../base/time.ts';
import { pluginProblem, problemOf } from './credential-problems.ts';
import type { KubeconfigOverrides } from './kubeconfig-overrides.ts';
import { overriddenCluster, overriddenUser } from './kubeconfig-overrides.ts';
import { addressProblem, secretProblem } from './server-address.ts';
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

/** The options of node:tls that say whom we trust and who we are. */
export type TlsMaterial = Pick<
  RequestOptions,
  'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'servername' | 'rejectUnauthorized'
>;

/** Everything needed to call one API server for about a minute. Holds secrets: never log it. */
export interface Access {
  readonly server: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
  /** Changes when server, CA, certificate or key change: connections are not shared across it. */
  readonly poolKey: string;
  /** Namespace of the context or of the service account. */
  readonly namespace: string | undefined;
}

export interface Credentials {
  /** What holds now, at most 60 s old. Throws a KubeError of kind `unauthorized`. */
  current(): Promise<Access>;
  /** What holds after `refused` earned a 401: read anew, unless another call has done so already. */
  renewed(refused: Access): Promise<Access>;
}

/** How long read credentials are used; client-go re-reads token files at the same pace. */
const REFRESH_AFTER_MS = 60_000;

/** Credentials from `source`, read at the first call and then when they are old or refused. */
export function createCredentials(source: CredentialSource, clock: Clock): Credentials {
  let loaded: Loaded | undefined;
  let access: Access | undefined;
  let readAtMs = 0;
  let reading: Promise<Access> | undefined;

  async function read(): Promise<Access> {
    // A service account is cheap to load; a kubeconfig is kept, because its exec plugin caches.
    if (loaded === undefined || source.kind === 'in-cluster') loaded = load(source);
    return toAccess(loaded);
  }

  function readOnce(): Promise<Access> {
    reading ??= read()
      .then((fresh) => {
        access = fresh;
        readAtMs = clock.nowMs();
        return fresh;
      })
      .catch((error: unknown) => {
        throw unreadable(source, error);
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  return {
    async current() {
      if (access === undefined) return readOnce();
      if (clock.nowMs() - readAtMs < REFRESH_AFTER_MS) return access;
      // A file caught in the middle of its rotation must not stop us: the old ones may still hold.
      const old = access;
      return readOnce().catch(() => {
        readAtMs = clock.nowMs();
        return old;
      });
    },
    async renewed(refused) {
      if (access !== undefined && access !== refused) return access;
      if (reading === undefined) loaded = undefined;
      return readOnce();
    },
  };
}

interface Loaded {
  readonly config: KubeConfig;
  readonly cluster: Cluster;
  readonly namespace: string | undefined;
  readonly tokenFile: string | undefined;
}

function load(source: CredentialSource): Loaded {
  return source.kind === 'in-cluster' ? loadInCluster(source) : loadKubeconfig(source);
}

function loadInCluster(source: CredentialSource & { kind: 'in-cluster' }): Loaded {
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

function loadKubeconfig(source: CredentialSource & { kind: 'kubeconfig' }): Loaded {
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

function existing(files: readonly string[]): readonly string[] {
  return files.filter((file) => existsSync(file));
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

function checked(loaded: Loaded): Loaded {
  const problem = addressProblem(loaded.cluster);
  if (problem !== undefined) throw new Error(problem);
  return loaded;
}

async function toAccess({ config, cluster, namespace, tokenFile }: Loaded): Promise<Access> {
  const options: RequestOptions = {};
  const plugin = config.getCurrentUser()?.exec?.command;
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw plugin === undefined ? error : pluginProblem(plugin, error);
  }
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = options;
  const tls = Object.fromEntries(
    Object.entries({ ca, cert, key, pfx, passphrase, servername, rejectUnauthorized }).filter(
      ([, value]) => value !== undefined && value !== null,
    ),
  ) as TlsMaterial;
  const server = new URL(cluster.server);
  const headers = headersOf(options, tokenFile);
  const problem = secretProblem(server, headers);
  if (problem !== undefined) throw new Error(problem);
  return { server, headers, tls, poolKey: poolKeyOf(cluster.server, tls), namespace };
}

/** Names in lower case, values without the line feed at the end of a token file. */
function headersOf(options: RequestOptions, tokenFile: string | undefined) {
  const headers = Object.entries(options.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), String(value).trim()] as const,
  );
  const basic = options.auth && `Basic ${Buffer.from(options.auth).toString('base64')}`;
  const token = tokenFile && `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`;
  const authorization = token || basic;
  return { ...Object.fromEntries(headers), ...(authorization ? { authorization } : {}) };
}

function poolKeyOf(server: string, tls: TlsMaterial): string {
  const hash = createHash('sha256').update(server);
  for (const [name, value] of Object.entries(tls)) {
    hash.update(`\n${name}\n`).update(Buffer.isBuffer(value) ? value : JSON.stringify(value));
  }
  return hash.digest('hex');
}

/** With its file, where there is one; without the error itself, which may quote a secret. */
function unreadable(
  source: CredentialSource | { readonly files: readonly string[] },
  error: unknown,
): KubeError {
  if (error instanceof KubeError) return error;
  const files = 'files' in source ? existing(source.files) : [];
  const what =
    files.length === 0
      ? 'Cannot read the credentials of the API server'
      : `Cannot use kubeconfig ${files.join(', ')}`;
  return new KubeError({ kind: 'unauthorized', message: `${what}: ${problemOf(error)}` });
}
