/**
 * The HTTP server of the page, on loopback only: a handful of files, and one stream of events. It answers nothing, not
 * even a file, before access.ts allows it, and nobody who reads slowly keeps others waiting.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { close, listen } from '../../../app/listen.ts';
import { unreachable } from '../../../base/failure.ts';
import type { Clock } from '../../../base/time.ts';
import type { Asset } from '../assets.ts';
import type { Feed } from '../feed/feed.ts';
import { accessOf, EVENTS_PATH, hostsOf, type Secrets } from './access.ts';
import { beginEvents, sendAsset, sendLogin, sendText } from './responses.ts';
import { openStream } from './stream.ts';

/** What the page's server serves, and where. */
interface PageServerOptions {
  /** A loopback address. */
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly secrets: Secrets;
  /** By path, such as `/` and `/main.ts`. */
  readonly assets: Readonly<Record<string, Asset>>;
  readonly feed: Pick<Feed, 'state' | 'listen'>;
  readonly clock: Clock;
}

/** A server that listens. */
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

/** Listens. Rejects with a sentence when the port cannot be had. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: REQUEST_TIMEOUT_MS,
  });
  server.maxConnections = MAX_CONNECTIONS;
  const host = hostOf(options.address);
  const port = await boundPort(server, options);
  const own = { hosts: hostsOf(host, port), cookie: `ingress-ha-${port}` };
  const streams = new Set<ServerResponse>();

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '/', headers } = request;
    const access = accessOf({ method, url, headers }, options.secrets, own);
    switch (access.kind) {
      case 'refused':
        return sendText(response, access.status, access.text);
      case 'login': {
        const { session, key } = options.secrets;
        return sendLogin(response, { cookie: `${own.cookie}=${session}`, key });
      }
      case 'allowed':
        return serve(options, streams, { path: access.path, response });
      default:
        return unreachable(access);
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
  else if (asset === undefined) sendText(response, 404, 'There is no such page.');
  else sendAsset(response, asset);
}

function stream(
  { feed, clock }: PageServerOptions,
  streams: Set<ServerResponse>,
  response: ServerResponse,
): void {
  if (streams.size >= MAX_STREAMS) {
    sendText(response, 503, 'Too many pages are open.');
    return;
  }
  streams.add(response);
  response.once('close', () => streams.delete(response));
  beginEvents(response);
  openStream(response, feed, clock);
}

async function boundPort(server: Server, { address, port }: PageServerOptions): Promise<number> {
  try {
    return (await listen(server, { host: address, port })).port;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'something else listens there' : message;
    throw new Error(`Cannot listen on ${hostOf(address)}:${port}: ${why}`, { cause: error });
  }
}

function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
