/**
 * One exchange over one pool of keep-alive connections (HTTP/1.1: a dead shared HTTP/2 connection
 * takes every watch with it). It knows no verbs, kinds or retries. A new pool is opened when server,
 * CA, certificate or key change; the old one is closed once its last exchange is over.
 */
import http from 'node:http';
import https from 'node:https';
import { defined } from '../../base/defined.ts';
import type { Access } from '../credentials/access.ts';
import { secretProblem } from '../credentials/server-address.ts';

/** One request as it goes over the wire. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, without the path of the server's own address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A pool of connections to one API server. */
export interface Transport {
  /**
   * Sends the request and resolves with the head of the answer; its body must be read or destroyed.
   * Rejects with the error of node:net or node:tls, or when `signal` aborts (which also ends the body).
   */
  open(access: Access, exchange: Exchange, signal: AbortSignal): Promise<http.IncomingMessage>;
  /** Closes connections that are not in use: after a timeout they may be broken like the one that failed. */
  dropIdle(): void;
  /** Closes every connection, watches included. */
  close(): void;
}

/** TCP keep-alive probes start after so long without traffic, as in client-go; load balancers cut at 60 s. */
const KEEP_ALIVE_PROBE_AFTER_MS = 30_000;

/** Idle connections are closed by us, before the API server (90 s) closes them under a request. */
const IDLE_CONNECTION_LIMIT_MS = 60_000;

/** A transport whose every request carries `userAgent`. */
export function createTransport(userAgent: string): Transport {
  let pool: { readonly key: string; readonly agent: http.Agent } | undefined;

  function agentFor(access: Access): http.Agent {
    if (pool?.key === access.poolKey) return pool.agent;
    if (pool !== undefined) retire(pool.agent);
    pool = { key: access.poolKey, agent: newAgent(access) };
    return pool.agent;
  }

  return {
    open(access, exchange, signal) {
      return new Promise((resolve, reject) => {
        // Credentials are refused earlier already; this is the one place that all requests pass.
        const problem = secretProblem(access.server, access.headers);
        if (problem !== undefined) throw new Error(problem);
        const request = newRequest(access, {
          method: exchange.method,
          path: `${access.server.pathname.replace(/\/$/, '')}${exchange.path}`,
          agent: agentFor(access),
          headers: requestHeaders(access, exchange, userAgent),
          signal,
        });
        request.on('response', resolve);
        request.on('error', reject);
        request.on('socket', (socket) => {
          if (!request.reusedSocket) socket.setKeepAlive(true, KEEP_ALIVE_PROBE_AFTER_MS);
        });
        request.end(exchange.body);
      });
    },
    dropIdle() {
      if (pool !== undefined) destroyIdle(pool.agent);
    },
    close() {
      pool?.agent.destroy();
      pool = undefined;
    },
  };
}

function newAgent(access: Access): http.Agent {
  const options = {
    keepAlive: true,
    keepAliveMsecs: KEEP_ALIVE_PROBE_AFTER_MS,
    // Each watch holds a connection of its own, so a limit could make a Lease renewal queue.
    maxSockets: Number.POSITIVE_INFINITY,
    timeout: IDLE_CONNECTION_LIMIT_MS,
  };
  if (access.server.protocol === 'http:') return new http.Agent(options);
  return new https.Agent({ ...options, ...access.tls });
}

function newRequest(access: Access, options: https.RequestOptions): http.ClientRequest {
  const { hostname, port, protocol } = access.server;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const target = port === '' ? { host, protocol } : { host, port, protocol };
  const send = protocol === 'http:' ? http.request : https.request;
  return send({ ...target, ...options });
}

function requestHeaders(access: Access, exchange: Exchange, userAgent: string) {
  const { body } = exchange;
  const length = body === undefined ? undefined : String(Buffer.byteLength(body));
  return {
    accept: 'application/json',
    'user-agent': userAgent,
    ...access.headers,
    ...exchange.headers,
    ...defined({ 'content-length': length }),
  };
}

/** Lets running exchanges finish on the old pool, and keeps none of its connections after that. */
function retire(agent: http.Agent): void {
  destroyIdle(agent);
  agent.maxFreeSockets = 0;
}

function destroyIdle(agent: http.Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}
