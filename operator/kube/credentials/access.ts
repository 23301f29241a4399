/** From what was read of a kubeconfig or a service account to what a request needs: headers and TLS. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { defined } from '../../base/defined.ts';
import { pluginProblem } from './credential-problems.ts';
import type { LoadedCredentials } from './credential-source.ts';
import { secretProblem } from './server-address.ts';

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

/** What holds now. Asks exec plugins and reads token files. Throws an error that says what is wrong. */
export async function toAccess({
  config,
  cluster,
  namespace,
  tokenFile,
}: LoadedCredentials): Promise<Access> {
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
  const authorization = token || basic || undefined;
  return { ...Object.fromEntries(headers), ...defined({ authorization }) };
}

function poolKeyOf(server: string, tls: TlsMaterial): string {
  const hash = createHash('sha256').update(server);
  for (const [name, value] of Object.entries(tls)) {
    hash.update(`\n${name}\n`).update(Buffer.isBuffer(value) ? value : JSON.stringify(value));
  }
  return hash.digest('hex');
}
