/** Serves the page until it is interrupted. Loaded only by `ingress-ha dashboard` itself. */
import { randomInt } from 'node:crypto';
import { defined } from '../../base/defined.ts';
import { failureOf, type KubeFailure } from '../../base/failure.ts';
import { IngressControllerHAKind } from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import type { Connection } from '../connection.ts';
import type { CommandIo } from '../io.ts';
import { ASSETS } from './assets.ts';
import { createFeed } from './feed/feed.ts';
import { problemText } from './feed/health.ts';
import { createSecrets } from './http/secrets.ts';
import { type PageServer, startPageServer } from './http/server.ts';
import { openBrowser } from './open-browser.ts';

/** What the page shows, and where it is served. */
interface ServeRequest {
  readonly io: CommandIo;
  readonly clock: Clock;
  readonly connection: Connection;
  /** Missing: all of them. */
  readonly namespace?: string;
  /** A loopback address. */
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Hands the address to a browser. */
  readonly open: boolean;
  /** Deadline of the first request, in ms. */
  readonly timeoutMs: number;
}

/** 0 when it was interrupted, 1 when it could not begin. */
export async function serveDashboard(request: ServeRequest): Promise<0 | 1> {
  const { io, clock, connection, namespace } = request;
  const failure = await firstList(request);
  if (io.interrupted.aborted) return 0;
  if (failure !== undefined) {
    return failed(io, problemText(IngressControllerHAKind, failure, connection.server));
  }
  const { client, server } = connection;
  const feed = createFeed(defined({ client, clock, random, server, namespace }));
  const secrets = createSecrets();
  let page: PageServer;
  try {
    page = await startPageServer({ ...request, feed, secrets, assets: ASSETS });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed(io, `${why}. Choose another port by --port, or any free one by --port 0.`);
  }
  try {
    feed.start();
    io.stdout.write(`${page.origin}/?token=${secrets.token}\n`);
    io.stderr.write(`Shows ${scopeText(namespace)} of ${server}. Ctrl-C ends it.\n`);
    if (request.open) {
      openBrowser(`${page.origin}/?token=${secrets.openingToken}`, (why) =>
        io.stderr.write(`No browser could be started: ${why}. Open the address above.\n`),
      );
    }
    await interruption(io.interrupted);
  } finally {
    await Promise.all([feed.stop(), page.close()]);
  }
  return 0;
}

/** Lists once, so that a missing right or an unknown kind is printed before anything is served. */
async function firstList(request: ServeRequest): Promise<KubeFailure | undefined> {
  const { io, connection, namespace = '', timeoutMs } = request;
  try {
    const options = { limit: 1, timeoutMs, signal: io.interrupted };
    await connection.client.list(IngressControllerHAKind, namespace, options);
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}

function failed(io: CommandIo, text: string): 1 {
  io.stderr.write(`${text}\n`);
  return 1;
}

/** In [0, 1), for the pauses of watches that start again. */
function random(): number {
  return randomInt(2 ** 32) / 2 ** 32;
}

function scopeText(namespace: string | undefined): string {
  return namespace === undefined ? 'all namespaces' : `namespace "${namespace}"`;
}

function interruption(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
