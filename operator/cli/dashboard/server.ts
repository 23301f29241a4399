/**
 * The HTTP server of the page, on loopback only: a handful of files, and one stream of events. It answers
 * nothing, not even a file, before gate.ts lets it, and nobody who reads slowly keeps others waiting.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../../base/time.ts';
import type { Asset } from './assets.ts';
import type { Feed } from './feed.ts';
import { EVENTS_PATH, hostsOf, judge, type Secrets } from './gate.ts';
import { openStream } from './stream.ts';

export interface PageServerOptions {
  /** A loopback address. */
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly secrets: Secrets;
  readonly assets: Readonly<Record<string, Asset>>;
  readonly feed: Pick<Feed, 'state' | 'listen'>;
  readonly clock: Clock;
}

export interface PageServer {
  /** `http://127.0.0.1:3100`. */
  readonly origin: string;
  /** Closes the port and every connection. */
  close(): Promise<void>;
}

/** A browser opens six at most; this is for a few of them. Further connections are refused. */
const MAX_CONNECTIONS = 64;
const MAX_STREAMS = 16;
/** Far above what a browser sends, in bytes. */
const MAX_HEADER_BYTES = 16 * 1024;
/** A client must have sent its request within this, in ms. */
const REQUEST_TIMEOUT_MS = 5_000;

/** Nothing from elsewhere, nothing written into the page, no frame around it. */
const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  "require-trusted-types-for 'script'",
].join('; ');

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** Listens. Rejects with a sentence when the port cannot be had. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: REQUEST_TIMEOUT_MS,
  };
  const streams = new Set<ServerResponse>();
  const server = createServer(limits);
  server.maxConnections = MAX_CONNECTIONS;
  const port = await listen(server, options);
  const host = hostOf(options.address);
  const names = { hosts: hostsOf(host, port), cookie: `ingress-ha-${port}` };

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '/', headers } = request;
    const verdict = judge({ method, url, headers }, options.secrets, names);
    switch (verdict.kind) {
      case 'refuse':
        return answer(response, verdict.status, verdict.text);
      case 'welcome':
        return welcome(response, {
          cookie: `${names.cookie}=${options.secrets.session}`,
          key: options.secrets.key,
        });
      case 'pass':
        return serve(options, streams, { path: verdict.path, response });
    }
  });
  return { origin: `http://${host}:${port}`, close: () => close(server) };
}

function serve(
  options: PageServerOptions,
  streams: Set<ServerResponse>,
  { path, response }: { readonly path: string; readonly response: ServerResponse },
): void {
  const { assets } = options;
  const asset = Object.hasOwn(assets, path) ? assets[path] : undefined;
  if (path === EVENTS_PATH) stream(options, streams, response);
  else if (asset === undefined) answer(response, 404, 'There is no such page.');
  else {
    const { contentType, body } = asset;
    response.writeHead(200, { ...HEADERS, 'Content-Type': contentType, ...lengthOf(body) });
    response.end(body);
  }
}

function stream(
  { feed, clock }: PageServerOptions,
  streams: Set<ServerResponse>,
  response: ServerResponse,
): void {
  if (streams.size >= MAX_STREAMS) {
    answer(response, 503, 'Too many pages are open.');
    return;
  }
  streams.add(response);
  response.once('close', () => streams.delete(response));
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
  openStream(response, feed, clock);
}

/**
 * The cookie is strict: no other page can make a browser send it. Without an end: it goes with the browser.
 * The key stands behind `#`, where the page takes it from: browsers send that part to nobody.
 */
function welcome(
  response: ServerResponse,
  { cookie, key }: { readonly cookie: string; readonly key: string },
): void {
  response.writeHead(303, {
    ...HEADERS,
    Location: `/#key=${key}`,
    'Set-Cookie': `${cookie}; Path=/; HttpOnly; SameSite=Strict`,
    ...lengthOf(''),
  });
  response.end();
}

function answer(response: ServerResponse, status: number, sentence: string): void {
  const body = `${sentence}\n`;
  response.writeHead(status, {
    ...HEADERS,
    'Content-Type': 'text/plain; charset=utf-8',
    ...lengthOf(body),
    ...(status === 405 && { Allow: 'GET' }),
    // What it still wants to send is not read.
    ...(status === 405 && { Connection: 'close' }),
  });
  response.end(body);
}

function lengthOf(body: string) {
  return { 'Content-Length': Buffer.byteLength(body) };
}

function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function listen(server: Server, { address, port }: PageServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const where = `${hostOf(address)}:${port}`;
      const why = error.code === 'EADDRINUSE' ? 'something else listens there' : error.message;
      reject(new Error(`Cannot listen on ${where}: ${why}`, { cause: error }));
    });
    server.listen({ host: address, port }, () => {
      const bound = server.address();
      resolve(bound !== null && typeof bound === 'object' ? bound.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
