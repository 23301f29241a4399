/**
 * Which requests the page's server answers. Loopback keeps out other machines, but not other pages in the same browser,
 * nor other users of this machine: those have to know the token. Pure, but for comparing.
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request, as far as it is judged by. */
interface PageRequest {
  readonly method: string;
  /** As it was sent: path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** What a reader has to know, each part for another purpose. */
export interface Secrets {
  /** In the address that is printed, for as long as the server runs. */
  readonly token: string;
  /** In the cookie, for the files of the page: whoever sees it learns neither the token nor the key. */
  readonly session: string;
  /** What a tab sends beside the cookie for what is of the cluster. Cookies go to every port of an address. */
  readonly key: string;
  /** True, once, for the token in the address that `--open` hands to a browser. */
  readonly redeem: (token: string) => boolean;
}

/** What is answered to a request. */
type Access =
  | { readonly kind: 'allowed'; readonly path: string }
  /** The token is right: a cookie and a key take its place, so that it leaves the address. */
  | { readonly kind: 'login' }
  | { readonly kind: 'refused'; readonly status: 401 | 403 | 405 | 421; readonly text: string };

/** The one path that shows anything of the cluster. */
export const EVENTS_PATH = '/events';

const HTTP_PORT = 80;

const GET_ONLY = 'This page is for reading: only GET is answered.';
const WRONG_HOST = 'This is not the address of this page.';
const FOREIGN = 'Other pages may not ask. Open the printed address in a tab of its own.';
const NO_TOKEN = 'Open the address that ingress-ha dashboard has printed, with its token.';
const WRONG_TOKEN = 'That token is not of this run: open the address that was printed last.';

/**
 * Whether a request is answered. `hosts`: what a browser may have called this server. `cookie`: the name of its cookie.
 */
export function accessOf(
  request: PageRequest,
  secrets: Secrets,
  { hosts, cookie }: { readonly hosts: readonly string[]; readonly cookie: string },
): Access {
  const { method, url, headers } = request;
  // A DNS name that somebody else has pointed at loopback is not ours: this prevents DNS rebinding.
  if (!hosts.includes(headers.host ?? '')) return refuse(421, WRONG_HOST);
  if (method !== 'GET') return refuse(405, GET_ONLY);
  if (isForeign(headers)) return refuse(403, FOREIGN);
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const given =
    path === '/' && mark >= 0 ? new URLSearchParams(url.slice(mark)).get('token') : null;
  if (given !== null) {
    const isRight = isSame(given, secrets.token) || secrets.redeem(given);
    return isRight ? { kind: 'login' } : refuse(403, WRONG_TOKEN);
  }
  const session = cookieOf(headers.cookie ?? '', cookie);
  if (session === undefined) return refuse(401, NO_TOKEN);
  if (!isSame(session, secrets.session)) return refuse(403, WRONG_TOKEN);
  if (path !== EVENTS_PATH) return { kind: 'allowed', path };
  const key = keyOf(headers.authorization ?? '');
  if (key === undefined) return refuse(401, NO_TOKEN);
  return isSame(key, secrets.key) ? { kind: 'allowed', path } : refuse(403, WRONG_TOKEN);
}

/** `Host` headers that mean this server; a browser leaves out the port 80. */
export function hostsOf(address: string, port: number): readonly string[] {
  const names = [address, 'localhost'];
  const withPort = names.map((name) => `${name}:${port}`);
  return port === HTTP_PORT ? [...withPort, ...names] : withPort;
}

/** Compares in constant time, so that the time does not depend on how much of a guess is right. */
export function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether another page sent the request; a page of another port of this machine is another page too. */
function isForeign(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (origin !== undefined && origin !== `http://${host}`) return true;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

function keyOf(header: string): string | undefined {
  return /^Bearer (\S+)$/.exec(header)?.[1];
}

function cookieOf(header: string, name: string): string | undefined {
  const pairs = header.split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

function refuse(status: 401 | 403 | 405 | 421, text: string): Access {
  return { kind: 'refused', status, text };
}
