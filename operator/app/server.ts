/**
 * The two small HTTP servers: probes for the kubelet, metrics for Prometheus. They answer GET and
 * HEAD from memory, one request a connection, never wait for anything, and never say which versions
 * they are made of. Whoever can reach a port can open connections, and must not shut out the kubelet.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defined } from '../base/defined.ts';
import { EXPOSITION_CONTENT_TYPE } from '../telemetry/registry.ts';
import { close, listen } from './listen.ts';
import { limitSockets } from './open-sockets.ts';

/** Where a server listens: `off`, or a port, on all addresses when `host` is absent. */
export type ListenAddress =
  | { readonly kind: 'off' }
  | { readonly kind: 'listen'; readonly host?: string; readonly port: number };

/** What one check found. */
export type CheckResult =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly because: string };

/** Named checks; a probe passes when all of them do, and one without checks passes. */
export type Checks = Readonly<Record<string, () => CheckResult>>;

/** An answer to a GET. */
export interface Page {
  readonly status: 200 | 404 | 405 | 500 | 503;
  readonly contentType: string;
  readonly body: string;
}

/** Path to page. Every other path is a 404. */
export type Pages = Readonly<Record<string, (query: URLSearchParams) => Page>>;

/** One server, and what it answers. */
export interface ServerOptions {
  /** Names the server in messages, for example "metrics". */
  readonly name: string;
  readonly address: ListenAddress;
  readonly pages: Pages;
}

/** A server that listens, until it is closed. */
export interface RunningServer {
  /** The bound address, such as `127.0.0.1:8081` or `[::]:8080`; `off` when there is none. */
  readonly address: string;
  /** Closes the port and every connection. */
  close(): Promise<void>;
}

/** More than a kubelet and a few scrapers ever need. A connection that trickles costs about 50 KB. */
const LIMITS = { open: 256, answering: 16 } as const;
/** Connections that the kernel keeps until we take them: a flood must not make it drop a probe's. */
const BACKLOG = 4_096;
/** Headers of a probe or scrape are far below this, in bytes. */
const MAX_HEADER_BYTES = 8 * 1024;
/** A client must have sent its headers within this, in ms, however it trickles; a kubelet does at once. */
const HEADERS_TIMEOUT_MS = 2_000;
/** How often that is looked at, in ms. It wakes an idle process, so no more often than the bound itself. */
const CHECK_EVERY_MS = 2_000;
/** A client must have sent its whole request within this, in ms, and not pause for so long while it reads. */
const REQUEST_TIMEOUT_MS = 5_000;

const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** `:8081`, `127.0.0.1:0`, `[::1]:8080`, or `0` for none; undefined for any other text. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  if (text === '0') return { kind: 'off' };
  const match = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9A-Za-z.-]{0,253})):([0-9]{1,5})$/.exec(text);
  if (match === null) return undefined;
  const [, ipv6, name, digits] = match;
  const port = Number(digits);
  if (port > 65_535) return undefined;
  const host = ipv6 ?? name;
  return host ? { kind: 'listen', host, port } : { kind: 'listen', port };
}

/**
 * `/healthz` and `/readyz`. A probe says `ok`; one that fails, or is asked with `?verbose`, lists
 * its checks as the API server's own probes do.
 */
export function probePages(checks: { readonly healthz: Checks; readonly readyz: Checks }): Pages {
  return {
    '/healthz': (query) => probe('healthz', checks.healthz, query),
    '/readyz': (query) => probe('readyz', checks.readyz, query),
  };
}

/** `/metrics`, as `text` gives them at that moment. */
export function metricsPages(text: () => string): Pages {
  return {
    '/metrics': () => ({ status: 200, contentType: EXPOSITION_CONTENT_TYPE, body: text() }),
  };
}

/**
 * Listens, with the limits of this file: an answer to a client that does not read it is dropped after
 * `REQUEST_TIMEOUT_MS`. A page that throws is answered with 500 and without its reason. Rejects with a sentence
 * when the address cannot be had; with `off` it does nothing.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { address, name } = options;
  if (address.kind === 'off') return { address: 'off', close: async () => {} };
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    ({ method, url = '/' }, response) => send(response, answer(options.pages, method, url)),
  );
  server.timeout = REQUEST_TIMEOUT_MS;
  // Requests that come in one piece would else be answered in one go, and hold up everything else.
  server.maxRequestsPerSocket = 1;
  limitSockets(server, LIMITS);
  const { host, port } = address;
  const target = defined({ host, port, backlog: BACKLOG });
  const bound = await listen(server, target).catch((error: Error) => {
    const message = `Cannot listen on "${host ?? ''}:${port}" for ${name}: ${error.message}`;
    throw new Error(message, { cause: error });
  });
  return { address: textOf(bound), close: () => close(server) };
}

function textOf({ family, address, port }: AddressInfo): string {
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

function answer(pages: Pages, method: string | undefined, url: string): Page {
  if (method !== 'GET' && method !== 'HEAD') return refusal(405, 'Method not allowed');
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined) return refusal(404, 'Not found');
  try {
    return page(new URLSearchParams(mark < 0 ? '' : url.slice(mark)));
  } catch {
    // What went wrong inside is not for strangers.
    return refusal(500, 'Internal error');
  }
}

function refusal(status: Page['status'], sentence: string): Page {
  return { status, contentType: PLAIN_TEXT, body: `${sentence}\n` };
}

/** Node leaves the body out by itself when it answers a HEAD. */
function send(response: ServerResponse, { status, contentType, body }: Page): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    Connection: 'close',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 405 && { Allow: 'GET, HEAD' }),
  });
  response.end(body);
}

function probe(name: string, checks: Checks, query: URLSearchParams): Page {
  const results = Object.entries(checks).map(([check, run]) => ({ check, ...safely(run) }));
  const passed = results.every(({ kind }) => kind === 'passed');
  const lines = results.map((result) =>
    result.kind === 'passed'
      ? `[+]${result.check} ok\n`
      : `[-]${result.check} failed: ${result.because}\n`,
  );
  const list = `${lines.join('')}${name} check ${passed ? 'passed' : 'failed'}\n`;
  const body = passed && !query.has('verbose') ? 'ok\n' : list;
  return { status: passed ? 200 : 503, contentType: PLAIN_TEXT, body };
}

/** A check that throws has failed; it does not take the others with it. */
function safely(run: () => CheckResult): CheckResult {
  try {
    return run();
  } catch {
    return { kind: 'failed', because: 'the check itself failed' };
  }
}
