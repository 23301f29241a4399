/** What flags change of the cluster and the user that a kubeconfig names. */
import type { Cluster, User } from '@kubernetes/client-node';

/** kubectl's connection flags. Each one absent means: as in the kubeconfig. */
export interface KubeconfigOverrides {
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly server?: string;
  readonly token?: string;
  /** `--as`. */
  readonly impersonateUser?: string;
  readonly certificateAuthority?: string;
  readonly tlsServerName?: string;
  readonly skipTlsVerify?: boolean;
}

export function overriddenCluster(cluster: Cluster, overrides: KubeconfigOverrides): Cluster {
  const { server, certificateAuthority, tlsServerName, skipTlsVerify } = overrides;
  const address = server ?? cluster.server;
  // A CA beside "do not verify" is refused by kubectl; here the flag given last in line wins.
  const ca = certificateAuthority === undefined ? cluster : { caFile: certificateAuthority };
  return {
    name: cluster.name,
    server: address,
    skipTLSVerify: address.startsWith('http:') || (skipTlsVerify ?? cluster.skipTLSVerify),
    ...optional('caFile', ca.caFile),
    ...optional('caData', 'caData' in ca ? ca.caData : undefined),
    ...optional('tlsServerName', tlsServerName ?? cluster.tlsServerName),
    ...optional('proxyUrl', cluster.proxyUrl),
  };
}

export function overriddenUser(user: User, overrides: KubeconfigOverrides): User {
  return {
    ...user,
    ...optional('token', overrides.token),
    ...optional('impersonateUser', overrides.impersonateUser),
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
