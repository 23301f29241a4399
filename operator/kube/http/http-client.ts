/**
 * The only adapter of the port `KubeClient`: verbs become HTTP requests, answers become plain JSON.
 * It keeps no objects and decides nothing; deadlines and retries are in kube/http/call.ts, what a refusal
 * means is in kube/http/classify.ts.
 */
import { arch, platform } from 'node:process';
import { KubeError } from '../../base/failure.ts';
import type { Clock } from '../../base/time.ts';
import type {
  CallOptions,
  KubeClient,
  PodCalls,
  TextPages,
  WatchEvent,
  WatchOptions,
} from '../client.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { AnswerError, parseList, parseObject } from './answers.ts';
import { call, openStream } from './call.ts';
import { failureOfContent, failureOfExchange } from './classify.ts';
import { createLimits } from './limits.ts';
import {
  applyCall,
  createCall,
  deleteCall,
  getCall,
  listCall,
  replaceCall,
  watchCall,
} from './object-calls.ts';
import { podCalls } from './pod-calls.ts';
import type { Call, CallContext, ObservedRequest } from './request.ts';
import { textPages } from './text-pages.ts';
import { createTransport } from './transport.ts';
import { parseWatchEvent, readLines, StreamError } from './watch-stream.ts';

/** What a client works with. */
export interface HttpClientOptions extends Pick<CallContext, 'ignoredProxy'> {
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Version of this program, for the User-Agent. */
  readonly version: string;
  /** Called with every request on the wire. Default: nothing is. */
  readonly onRequest?: (request: ObservedRequest) => void;
}

/** All that this program can ask of the API server. */
export interface HttpKubeClient extends KubeClient, PodCalls, TextPages {
  /** Ends every connection, watches included. */
  close(): void;
}

/** A watch that outlives its own timeout by this much is ended by us. */
const WATCH_GRACE_MS = 30_000;

/** A client that opens its first connection at its first call. */
export function createHttpClient(options: HttpClientOptions): HttpKubeClient {
  const transport = createTransport(
    `ingress-controller-ha/${options.version} (${platform}/${arch})`,
  );
  const context: CallContext = { onRequest: () => {}, ...options, transport };
  return {
    get: (ref, callOptions) => object(context, getCall(ref), callOptions),
    async list(kind, namespace, listOptions = {}) {
      const spec = listCall(kind, namespace, listOptions);
      return parsed(spec, await call(context, spec, listOptions), (body) => parseList(body, kind));
    },
    watch: (kind, namespace, watchOptions) => {
      return watch(context, watchCall(kind, namespace, watchOptions), watchOptions);
    },
    apply: (wanted, applyOptions) => object(context, applyCall(wanted, applyOptions), applyOptions),
    create: (wanted, callOptions) => object(context, createCall(wanted), callOptions),
    replace: (wanted, replaceOptions) =>
      object(context, replaceCall(wanted, replaceOptions), replaceOptions),
    async delete(ref, deleteOptions) {
      await call(context, deleteCall(ref, deleteOptions), deleteOptions);
    },
    ...podCalls(context),
    ...textPages(context),
    close: () => transport.close(),
  };
}

async function object(context: CallContext, spec: Call, options: CallOptions = {}) {
  return parsed(spec, await call(context, spec, options), parseObject);
}

function parsed<T>(spec: Call, body: string, parse: (body: string) => T): T {
  try {
    return parse(body);
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    throw new KubeError(failureOfContent(spec.subject, error.message), { cause: error });
  }
}

async function* watch(
  context: CallContext,
  spec: Call,
  options: WatchOptions,
): AsyncGenerator<WatchEvent, void, undefined> {
  const limits = createLimits(context.clock, options.signal);
  limits.endAfter(options.timeoutSeconds * 1000 + WATCH_GRACE_MS);
  limits.endAfterInactivity(options.inactivityLimitMs);
  const noteActivity = () => {
    limits.noteActivity();
    options.onActivity?.();
  };
  try {
    const response = await openStream(context, spec, limits);
    noteActivity();
    for await (const line of readLines(noting(response, noteActivity))) {
      const event = parseWatchEvent(spec.subject, line);
      if (event !== undefined) yield event;
      if (event?.type === 'ERROR') return;
    }
  } catch (error) {
    switch (limits.reason()?.kind) {
      case 'aborted':
      case 'deadline':
        return; // the end that was agreed on
      default:
        throw watchError(spec, error, limits.reason());
    }
  } finally {
    if (limits.reason()?.kind === 'inactivity') context.transport.dropIdle();
    limits.release();
  }
}

function watchError(
  spec: Call,
  error: unknown,
  reason: Parameters<typeof failureOfExchange>[2],
): KubeError {
  if (error instanceof StreamError) {
    return new KubeError(failureOfContent(spec.subject, error.message), { cause: error });
  }
  return new KubeError(failureOfExchange(spec.subject, error, reason), { cause: error });
}

async function* noting(chunks: AsyncIterable<Buffer>, noteActivity: () => void) {
  for await (const chunk of chunks) {
    noteActivity();
    yield chunk;
  }
}
