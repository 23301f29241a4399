/**
 * A proxy between the operator and the API server of a testbed that breaks what a test tells it to:
 * it answers by itself, loses a request before it is forwarded or its answer afterwards, delays, and
 * ends watches. It decides nothing: `faults` is asked for every request.
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Testbed } from '../../testbed/testbed.ts';

/** One request as it arrives, dry runs and elections included. */
export interface ProxiedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly isWatch: boolean;
  /** Anything that changes the cluster: no dry run, no read. */
  readonly isWrite: boolean;
  /** When it arrived, on the monotonic clock. */
  readonly atMs: number;
}

export interface ProxiedAnswer {
  readonly request: ProxiedRequest;
  /** As the API server gave it. */
  readonly status: number;
}

export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfterSeconds?: number }
  /** The connection breaks and the API server never sees the request. */
  | { readonly kind: 'lose-request' }
  /** The API server has done what was asked, and the connection breaks before anybody hears of it. */
  | { readonly kind: 'lose-answer' }
  | { readonly kind: 'delay'; readonly ms: number };

export type Faults = (request: ProxiedRequest) => Fault | undefined;

export interface FaultProxy {
  /** Makes a kubeconfig lead through the proxy. */
  redirect(kubeconfig: string): Promise<void>;
  /** Asked for every request from now on; undefined: let it pass. */
  breakWith(faults: Faults): void;
  /** Everything passes from now on. */
  heal(): void;
  /** All requests so far, and all answers of the API server to them. */
  readonly requests: readonly ProxiedRequest[];
  readonly answers: readonly ProxiedAnswer[];
  /** Breaks the connections of all open watches, or tells them that their version is too old. */
  endWatches(how: 'cut' | 'expired'): number;
  close(): Promise<void>;
}

/** A proxy for one operator; it lets everything pass until it is told otherwise. */
export async function startFaultProxy(testbed: Testbed): Promise<FaultProxy> {
  const read = (file: string) => readFileSync(join(testbed.folder, file), 'utf8');
  const agent = new Agent({ keepAlive: true, ca: read('ca.crt') });
  const requests: ProxiedRequest[] = [];
  const answers: ProxiedAnswer[] = [];
  const watches = new Set<ServerResponse>();
  let faults: Faults = () => undefined;

  const server = createServer(
    { cert: read('apiserver.crt'), key: read('apiserver.key'), noDelay: true },
    (incoming, response) => {
      const request = describe(incoming);
      requests.push(request);
      if (request.isWatch) {
        watches.add(response);
        response.on('close', () => watches.delete(response));
      }
      const fault = faults(request);
      const forward = { server: testbed.server, agent };
      const answered = (status: number) => void answers.push({ request, status });
      void handle({ incoming, response, fault, forward, answered });
    },
  );
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    requests,
    answers,
    breakWith(next) {
      faults = next;
    },
    heal() {
      faults = () => undefined;
    },
    endWatches(how) {
      const open = [...watches];
      for (const response of open) {
        if (how === 'cut') response.destroy();
        else response.end(`${JSON.stringify({ type: 'ERROR', object: expired })}\n`);
      }
      return open.length;
    },
    async redirect(kubeconfig) {
      const config = JSON.parse(readFileSync(kubeconfig, 'utf8'));
      config.clusters[0].cluster.server = `https://127.0.0.1:${port}`;
      await writeFile(kubeconfig, JSON.stringify(config), { mode: 0o600 });
    },
    async close() {
      server.closeAllConnections();
      agent.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const expired = {
  apiVersion: 'v1',
  kind: 'Status',
  status: 'Failure',
  reason: 'Expired',
  message: 'too old resource version',
  code: 410,
};

function describe(incoming: IncomingMessage): ProxiedRequest {
  const { method = 'GET', url = '/' } = incoming;
  const query = new URL(url, 'https://proxy').searchParams;
  return {
    method,
    url,
    isWatch: query.get('watch') !== null,
    isWrite: method !== 'GET' && query.get('dryRun') === null,
    atMs: performance.now(),
  };
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly fault: Fault | undefined;
  readonly forward: { readonly server: string; readonly agent: Agent };
  readonly answered: (status: number) => void;
}

async function handle(exchange: Exchange): Promise<void> {
  const { incoming, response, fault } = exchange;
  switch (fault?.kind) {
    case 'answer':
      incoming.resume();
      return answer(response, fault);
    case 'lose-request':
      incoming.socket.destroy();
      return;
    case 'delay':
      await sleep(fault.ms);
      return pass(exchange);
    default:
      return pass(exchange);
  }
}

function answer(
  response: ServerResponse,
  { status, retryAfterSeconds }: Extract<Fault, { kind: 'answer' }>,
): void {
  const wait = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  response.writeHead(status, { 'content-type': 'application/json', ...wait });
  // As the authorizer says it: any other 403 is taken for a denial.
  const message =
    status === 403
      ? 'all is forbidden: User "anybody" cannot use resource "all"'
      : `the fault proxy says ${status}`;
  const body = { apiVersion: 'v1', kind: 'Status', status: 'Failure', message, code: status };
  response.end(JSON.stringify(body));
}

/** Forwards the request and streams the answer back, or loses it once it is there. */
function pass({ incoming, response, fault, forward, answered }: Exchange): void {
  const { method = 'GET', url = '/', headers } = incoming;
  const target = new URL(url, forward.server);
  const options = { method, agent: forward.agent, headers: { ...headers, host: target.host } };
  const outgoing = httpsRequest(target, options, (answer) => {
    const { statusCode = 502 } = answer;
    answered(statusCode);
    if (fault?.kind === 'lose-answer') {
      answer.resume();
      answer.on('end', () => incoming.socket.destroy());
      return;
    }
    response.writeHead(statusCode, answer.headers);
    response.flushHeaders();
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  outgoing.on('error', () => incoming.socket.destroy());
  // A client that goes takes its watch with it, but not a write that is to be committed.
  if (fault?.kind !== 'lose-answer') response.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}
