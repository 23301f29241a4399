/** What flags change of the cluster and the user that a kubeconfig names. */
import type { Cluster, User } from '@kubernetes/client-node';
import { defined } from '../../base/defined.ts';

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

/** The cluster with kubectl's flags laid over it. An http address needs no certificate, so none is verified. */
export function overriddenCluster(cluster: Cluster, overrides: KubeconfigOverrides): Cluster {
  const { server, certificateAuthority, tlsServerName, skipTlsVerify } = overrides;
  const address = server ?? cluster.server;
  // A CA beside "do not verify" is refused by kubectl; here the flag given last in line wins.
  const ca = certificateAuthority === undefined ? cluster : { caFile: certificateAuthority };
  return {
    name: cluster.name,
    server: address,
    skipTLSVerify: address.startsWith('http:') || (skipTlsVerify ?? cluster.skipTLSVerify),
    ...defined({
      caFile: ca.caFile,
      caData: 'caData' in ca ? ca.caData : undefined,
      tlsServerName: tlsServerName ?? cluster.tlsServerName,
      proxyUrl: cluster.proxyUrl,
    }),
  };
}

/** The user with the token and the impersonation of the flags. */
export function overriddenUser(user: User, overrides: KubeconfigOverrides): User {
  const { token, impersonateUser } = overrides;
  return { ...user, ...defined({ token, impersonateUser }) };
}
