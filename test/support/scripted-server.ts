/** An HTTP server that answers what a test scripted, misbehaves on demand, and remembers what it saw. */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** One request, complete with its body. */
export interface SeenRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** Counts connections from 1. */
  readonly connection: number;
}

export type Answer = (response: http.ServerResponse, request: SeenRequest) => void;

export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Adds answers for the next requests, in order. */
  answer(...answers: readonly Answer[]): void;
  /** For every request that finds no scripted answer. Default: 500. */
  otherwise(answer: Answer): void;
  /** How many connections were ever accepted. */
  connections(): number;
  /** How many are open now. */
  openConnections(): number;
  /** Stops reading and writing on every open connection, as a dead network would. */
  freeze(): void;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1; with `tls` as HTTPS. */
export async function startScriptedServer(tls?: https.ServerOptions): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  const script: Answer[] = [];
  const sockets = new Set<Socket>();
  const numbers = new WeakMap<object, number>();
  let accepted = 0;
  let fallback: Answer = status(500, 'InternalError', 'not scripted');

  const server =
    tls === undefined ? http.createServer(onRequest) : https.createServer(tls, onRequest);
  server.keepAliveTimeout = 0;
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    accepted += 1;
    numbers.set(socket, accepted);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });

  function onRequest(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://server');
      const seen: SeenRequest = {
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        connection: numbers.get(request.socket) ?? 0,
      };
      requests.push(seen);
      (script.shift() ?? fallback)(response, seen);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    answer: (...answers) => void script.push(...answers),
    otherwise(answer) {
      fallback = answer;
    },
    connections: () => accepted,
    openConnections: () => sockets.size,
    freeze() {
      for (const socket of sockets) {
        socket.pause();
        socket.removeAllListeners('data');
      }
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A complete JSON answer. */
export function json(
  body: unknown,
  { code = 200, headers = {} }: { code?: number; headers?: http.OutgoingHttpHeaders } = {},
): Answer {
  return (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** A refusal as the API server words it. */
export function status(
  code: number,
  reason: string,
  message: string,
  more: { details?: unknown; headers?: http.OutgoingHttpHeaders } = {},
): Answer {
  const { details, headers = {} } = more;
  const body = statusObject(code, reason, message, details);
  return json(body, { code, headers });
}

/** metav1.Status. */
export function statusObject(code: number, reason: string, message: string, details?: unknown) {
  const base = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
  return details === undefined ? base : { ...base, details };
}

/** Closes the connection with a TCP reset instead of an answer. */
export const reset: Answer = (response) => {
  const { socket } = response;
  if (socket !== null && 'resetAndDestroy' in socket) socket.resetAndDestroy();
  else response.destroy();
};

/** Never answers. */
export const silence: Answer = () => {};

/** Promises more than it sends, then closes. */
export function truncated(body: string): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '10000' });
    response.write(body, () => response.destroy());
  };
}

/** The server's end of a watch. */
export interface Stream {
  readonly answer: Answer;
  /** Resolves when the watch is open. */
  readonly opened: Promise<SeenRequest>;
  /** One line: `{"type":…,"object":…}`. */
  event(type: string, object: unknown): void;
  bytes(chunk: Buffer | string): Promise<void>;
  end(): void;
  reset(): void;
  isClosed(): boolean;
}

/** A watch that a test holds open and feeds. */
export function stream(): Stream {
  const { promise: opened, resolve } = Promise.withResolvers<SeenRequest>();
  let response: http.ServerResponse | undefined;
  let closed = false;
  const open = (): http.ServerResponse => {
    if (response === undefined) throw new Error('The watch is not open yet');
    return response;
  };
  return {
    opened,
    answer(answered, request) {
      response = answered;
      answered.on('close', () => {
        closed = true;
      });
      answered.writeHead(200, { 'content-type': 'application/json' });
      answered.flushHeaders();
      resolve(request);
    },
    event(type, object) {
      open().write(`${JSON.stringify({ type, object })}\n`);
    },
    bytes: (chunk) => new Promise((written) => open().write(chunk, () => written())),
    end: () => void open().end(),
    reset: () => reset(open(), {} as SeenRequest),
    isClosed: () => closed,
  };
}
