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
import { KubeError, type KubeFailure } from '../../base/failure.ts';
import type { CallOptions } from '../client.ts';
import { BodyError, MAX_BODY_BYTES, MAX_ERROR_BODY_BYTES, readBody } from './body.ts';
import {
  failureOfAnswer,
  failureOfContent,
  failureOfExchange,
  isSuccess,
  retryAfterMsOf,
} from './classify.ts';
import { createLimits, type Limits } from './limits.ts';
import { type Call, type CallContext, openAuthorized } from './request.ts';

/** Of a whole call, retries included, unless its options say otherwise. */
const DEFAULT_TIMEOUT_MS = 30_000;
/** Requests of one call. */
const MAX_ATTEMPTS = 4;
/** At most one request a second, even when the server says "Retry-After: 0". */
const MIN_RETRY_PAUSE_MS = 1_000;
/** A longer Retry-After is left to the caller, whose queue can do something else meanwhile. */
const MAX_RETRY_PAUSE_MS = 10_000;
/** Pauses before a GET without an answer is sent again: the first may just have met an old connection. */
const UNANSWERED_GET_PAUSES_MS: readonly number[] = [0, 1_000];

/** The body of a successful answer. Throws a KubeError for anything else, and for a call that took too long. */
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

/**
 * The head of a successful answer whose body is a stream, which ends when `limits` do. Sent once, and once more after a
 * 401. Throws a KubeError for a refusal, and the error of the connection for anything else.
 */
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
  | { readonly kind: 'retry-after'; readonly failure: KubeFailure; readonly afterMs: number }
  | { readonly kind: 'failed'; readonly failure: KubeFailure };

async function attemptOnce(context: CallContext, spec: Call, limits: Limits): Promise<Ending> {
  try {
    const response = await openAuthorized(context, spec, limits);
    const good = isSuccess(response.statusCode ?? 0);
    const body = await readBody(response, good ? MAX_BODY_BYTES : MAX_ERROR_BODY_BYTES);
    if (good) return { kind: 'answered', body };
    const answer = refused(response, body);
    const failure = failureOfAnswer(spec.subject, answer);
    const afterMs = retryAfterMsOf(answer);
    return afterMs === undefined
      ? { kind: 'failed', failure }
      : { kind: 'retry-after', failure, afterMs };
  } catch (error) {
    if (error instanceof BodyError) {
      return { kind: 'failed', failure: failureOfContent(spec.subject, error.message) };
    }
    const failure = failureOfExchange(spec.subject, error, limits.reason());
    return { kind: 'failed', failure: withProxy(failure, context) };
  }
}

/** Where only a proxy reaches the API server, this is the only hint why there is no answer. */
function withProxy(failure: KubeFailure, { ignoredProxy }: CallContext): KubeFailure {
  const isUnanswered = failure.kind === 'unreachable' || failure.kind === 'timeout';
  if (!isUnanswered || ignoredProxy === undefined) return failure;
  return { ...failure, message: `${failure.message} (${ignoredProxy} is set, and is not used)` };
}

function pauseBefore(ending: Ending, spec: Call, attempt: number): number | undefined {
  if (attempt >= MAX_ATTEMPTS) return undefined;
  switch (ending.kind) {
    case 'answered':
      return undefined;
    case 'retry-after':
      if (ending.afterMs > MAX_RETRY_PAUSE_MS) return undefined;
      return Math.max(ending.afterMs, MIN_RETRY_PAUSE_MS);
    case 'failed': {
      const unanswered = ending.failure.kind === 'unreachable' && spec.exchange.method === 'GET';
      return unanswered ? UNANSWERED_GET_PAUSES_MS[attempt - 1] : undefined;
    }
  }
}

function refused(response: IncomingMessage, body: string) {
  return { statusCode: response.statusCode ?? 0, headers: response.headers, body };
}
