/** Which addresses of an API server are accepted, and which may be sent credentials. */
import type { Cluster } from '@kubernetes/client-node';

/** What is wrong with the address of a cluster, or with the way to it; undefined: nothing. */
export function addressProblem({ name, server, proxyUrl }: Cluster): string | undefined {
  const protocol = URL.canParse(server) ? new URL(server).protocol : '';
  if (protocol !== 'https:' && protocol !== 'http:') {
    return `the server of cluster "${name}" must be a URL, such as https://host:6443`;
  }
  if (proxyUrl === undefined) return undefined;
  return `cluster "${name}" has a proxy-url, which is not supported: connect directly, or run kubectl proxy and name its address as the server`;
}

/** Headers with which a reader could authenticate as us. */
const SECRET_HEADERS = ['authorization', 'cookie'];
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/;

/**
 * Why these headers must not be sent there; undefined: they may. Plain http can be read on the way, and does not
 * authenticate the server. Loopback is excepted, for kubectl proxy. Names of headers are in lower case.
 */
export function secretProblem(
  server: URL,
  headers: Readonly<Record<string, string>>,
): string | undefined {
  if (server.protocol === 'https:' || LOOPBACK.test(server.hostname)) return undefined;
  if (!SECRET_HEADERS.some((name) => Object.hasOwn(headers, name))) return undefined;
  return `the server ${server.origin} is not https, so everybody on the way could read the token: name an https address, or leave out the user's token`;
}
