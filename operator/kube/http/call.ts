/**
 * One call as its caller sees it: a deadline, fresh credentials after a 401, the retries that the
 * server asks for, and a bounded body. Everything that goes wrong is thrown as a KubeError.
 *
 *     open ──► 2xx ──────────────────────────────► body
 *      ▲  └──► 401, once ──► read credentials ──┐
 *      │  └──► 429, 503 with Retry-After ───────┤ while the deadline allows, at most 4 times in all
 *      │  └──► no answer to a GET ──────────────┤
 *      └────────────────────────────────────────┘
 */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { KubeError, type KubeFailure } from '../../base/failure.ts';
import type { Clock } from '../../base/time.ts';
import type { CallOptions } from '../client.ts';
import type { Access, Credentials } from '../credentials/credentials.ts';
import {
  type CallSubject,
  failureOfAnswer,
  failureOfContent,
  failureOfExchange,
  isSuccess,
  retryAskedMs,
  wantsNewCredentials,
} from './classify.ts';
import { createLimits, type Limits } from './limits.ts';
import type { Exchange, Transport } from './transport.ts';

export interface Call {
  readonly subject: CallSubject;
  readonly exchange: Exchange;
  /** Plural of the resource, for metrics. */
  readonly resource: string;
}

/** One request on the wire, for metrics and debug logs. */
export interface ObservedRequest {
  readonly method: string;
  readonly verb: string;
  readonly resource: string;
  readonly host: string;
  /** The status code, or client-go's `<error>` when there was no answer. */
  readonly code: string;
  /** Until the head of the answer, as client-go measures. */
  readonly durationMs: number;
}

export interface CallContext {
  readonly transport: Transport;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly onRequest: (request: ObservedRequest) => void;
  /** Variable of the environment that names a proxy; we use none. */
  readonly ignoredProxy?: string;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 4;
/** At most one request a second, even when the server says "Retry-After: 0". */
const MIN_RETRY_PAUSE_MS = 1_000;
/** A longer Retry-After is left to the caller, whose queue can do something else meanwhile. */
const MAX_RETRY_PAUSE_MS = 10_000;
/** Pauses before a GET without an answer is sent again: the first may just have met an old connection. */
const UNANSWERED_GET_PAUSES_MS: readonly number[] = [0, 1_000];
/** Lists are paged, and one object is below etcd's 1.5 MiB: more than this is not a sane answer. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MAX_ERROR_BODY_BYTES = 256 * 1024;

const gunzipBytes = promisify(gunzip);

/** The body of a successful answer. */
export async function call(
  context: CallContext,
  spec: Call,
  options: CallOptions,
): Promise<string> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const limits = createLimits(context.clock, options.signal);
  limits.endAfter(timeoutMs);
  const deadlineAtMs = context.clock.nowMs() + timeoutMs;
  try {
    for (let attempt = 1; ; attempt += 1) {
      const ending = await attemptOnce(context, spec, limits);
      if (ending.kind === 'answered') return ending.body;

      const pauseMs = options.retry === 'never' ? undefined : pauseBefore(ending, spec, attempt);
      const inTime = pauseMs !== undefined && context.clock.nowMs() + pauseMs < deadlineAtMs;
      if (!inTime || limits.reason() !== undefined) throw new KubeError(ending.failure);
      if (pauseMs > 0) await context.clock.sleep(pauseMs, limits.signal);
    }
  } finally {
    if (limits.reason()?.kind === 'deadline') context.transport.dropIdle();
    limits.release();
  }
}

/** The head of a successful answer whose body is a stream; ends when `limits` say so. */
export async function openStream(
  context: CallContext,
  spec: Call,
  limits: Limits,
): Promise<IncomingMessage> {
  const response = await openAuthorized(context, spec, limits);
  if (isSuccess(response.statusCode ?? 0)) return response;
  const body = await readBody(response, MAX_ERROR_BODY_BYTES);
  throw new KubeError(failureOfAnswer(spec.subject, refused(response, body)));
}

type Ending =
  | { readonly kind: 'answered'; readonly body: string }
  | { readonly kind: 'asked-to-retry'; readonly failure: KubeFailure; readonly afterMs: number }
  | { readonly kind: 'failed'; readonly failure: KubeFailure };

async function attemptOnce(context: CallContext, spec: Call, limits: Limits): Promise<Ending> {
  try {
    const response = await openAuthorized(context, spec, limits);
    const good = isSuccess(response.statusCode ?? 0);
    const body = await readBody(response, good ? MAX_BODY_BYTES : MAX_ERROR_BODY_BYTES);
    if (good) return { kind: 'answered', body };
    const answer = refused(response, body);
    const failure = failureOfAnswer(spec.subject, answer);
    const afterMs = retryAskedMs(answer);
    return afterMs === undefined
      ? { kind: 'failed', failure }
      : { kind: 'asked-to-retry', failure, afterMs };
  } catch (error) {
    if (error instanceof BodyError) {
      return { kind: 'failed', failure: failureOfContent(spec.subject, error.message) };
    }
    const failure = failureOfExchange(spec.subject, error, limits.reason());
    return { kind: 'failed', failure: withProxy(failure, context) };
  }
}

/** Where only a proxy reaches the API server, nothing else would tell why nobody answers. */
function withProxy(failure: KubeFailure, { ignoredProxy }: CallContext): KubeFailure {
  const isUnheard = failure.kind === 'unreachable' || failure.kind === 'timeout';
  if (!isUnheard || ignoredProxy === undefined) return failure;
  return { ...failure, message: `${failure.message} (${ignoredProxy} is set, and is not used)` };
}

function pauseBefore(ending: Ending, spec: Call, attempt: number): number | undefined {
  if (attempt >= MAX_ATTEMPTS) return undefined;
  switch (ending.kind) {
    case 'answered':
      return undefined;
    case 'asked-to-retry':
      if (ending.afterMs > MAX_RETRY_PAUSE_MS) return undefined;
      return Math.max(ending.afterMs, MIN_RETRY_PAUSE_MS);
    case 'failed': {
      const unanswered = ending.failure.kind === 'unreachable' && spec.exchange.method === 'GET';
      return unanswered ? UNANSWERED_GET_PAUSES_MS[attempt - 1] : undefined;
    }
  }
}

async function openAuthorized(
  context: CallContext,
  spec: Call,
  limits: Limits,
): Promise<IncomingMessage> {
  const access = await unlessEnded(context.credentials.current(), limits);
  const first = await openOnce(context, spec, { access, limits });
  if (!wantsNewCredentials(first.statusCode ?? 0)) return first;

  await readBody(first, MAX_ERROR_BODY_BYTES); // only then does its connection serve the second try
  const renewed = await unlessEnded(context.credentials.renewed(access), limits);
  return openOnce(context, spec, { access: renewed, limits });
}

/** Reading credentials (an exec plugin may ask a person) knows no signal: the call gives up on it. */
async function unlessEnded<T>(reading: Promise<T>, limits: Limits): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = () => reject(new Error('the credentials were not read in time'));
  if (limits.signal.aborted) end();
  limits.signal.addEventListener('abort', end);
  try {
    return await Promise.race([promise, reading]);
  } finally {
    limits.signal.removeEventListener('abort', end);
  }
}

async function openOnce(
  context: CallContext,
  spec: Call,
  { access, limits }: { readonly access: Access; readonly limits: Limits },
): Promise<IncomingMessage> {
  const { clock, transport, onRequest } = context;
  const startedAtMs = clock.nowMs();
  const observe = (code: string) =>
    onRequest({
      method: spec.exchange.method,
      verb: spec.subject.verb,
      resource: spec.resource,
      host: access.server.host,
      code,
      durationMs: clock.nowMs() - startedAtMs,
    });
  try {
    const response = await transport.open(access, spec.exchange, limits.signal);
    observe(String(response.statusCode));
    return response;
  } catch (error) {
    observe('<error>');
    throw error;
  }
}

class BodyError extends Error {}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyError(`the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks, size);
  if (response.headers['content-encoding'] !== 'gzip') return bytes.toString('utf8');
  try {
    return (await gunzipBytes(bytes, { maxOutputLength: maxBytes })).toString('utf8');
  } catch (cause) {
    throw new BodyError('the compressed answer cannot be read', { cause });
  }
}

function refused(response: IncomingMessage, body: string) {
  return { statusCode: response.statusCode ?? 0, headers: response.headers, body };
}
