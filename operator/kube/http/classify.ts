/**
 * The only reader of HTTP status codes: answers of the API server, errors of the network and our own
 * deadlines become one `KubeFailure`. Messages name the call and its target and quote the server's
 * explanation; they never hold headers, tokens or bodies.
 */
import { KubeError, type KubeFailure, unreachable } from '../../base/failure.ts';
import {
  forbiddenCause,
  isDeniedByAdmission,
  isMisfit,
  isVersionUnservable,
  isWrongUid,
  parseStatus,
  readStatus,
  type Status,
} from './status.ts';

/** What a call was about, for messages: `apply` and `Deployment "prod/edge"`. */
export interface CallSubject {
  readonly verb: string;
  readonly target: string;
}

/** The parts of an answer that say why it was refused. Header names are in lower case. */
export interface RefusedAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Why we ended a call ourselves. */
export type AbortReason =
  | { readonly kind: 'deadline'; readonly afterMs: number }
  | { readonly kind: 'inactivity'; readonly afterMs: number }
  /** By the signal of the caller. */
  | { readonly kind: 'aborted' };

/** Pause after a 429 without a Retry-After. */
const DEFAULT_RETRY_AFTER_MS = 1_000;

/** Characters of a message; longer explanations, such as a webhook's, are cut. */
const MAX_MESSAGE_LENGTH = 2_048;

/** True for 2xx: the answer to go on with. */
export function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/** True for 401: newer credentials may be accepted. */
export function wantsNewCredentials(statusCode: number): boolean {
  return statusCode === 401;
}

/**
 * Milliseconds after which the server wants the very same request again, because it did not look at
 * this one: 429, and 503 with a Retry-After. Undefined for every other answer: a 500 or 504 of a
 * write may come after the write.
 */
export function retryAfterMsOf(answer: RefusedAnswer): number | undefined {
  const seconds = headerSeconds(answer);
  if (answer.statusCode === 429) return (seconds ?? DEFAULT_RETRY_AFTER_MS / 1000) * 1000;
  return answer.statusCode === 503 && seconds !== undefined ? seconds * 1000 : undefined;
}

/** The failure behind an answer that is not a success. */
export function failureOfAnswer(call: CallSubject, answer: RefusedAnswer): KubeFailure {
  const status = parseStatus(answer.body, answer.statusCode);
  const retryAfterSeconds = headerSeconds(answer) ?? status.retryAfterSeconds;
  return failureOfStatus(call, { ...status, code: answer.statusCode, retryAfterSeconds });
}

/** The failure behind the object of an ERROR event in a watch: a Status with its own code. */
export function failureOfErrorEvent(call: CallSubject, object: unknown): KubeFailure {
  return failureOfStatus(call, readStatus(object, 500));
}

/** The failure behind anything that ended an exchange without a complete answer. */
export function failureOfExchange(
  call: CallSubject,
  error: unknown,
  aborted: AbortReason | undefined,
): KubeFailure {
  if (error instanceof KubeError) return error.failure;
  switch (aborted?.kind) {
    case 'aborted':
      return { kind: 'aborted', message: about(call, 'the call was aborted') };
    case 'deadline':
      return {
        kind: 'timeout',
        message: about(call, `no answer within ${aborted.afterMs / 1000} s`),
      };
    case 'inactivity':
      return unreachableFailure(call, `no sign of life for ${aborted.afterMs / 1000} s`);
    case undefined:
      return unreachableFailure(call, describeError(error));
  }
}

/** A success that does not hold what was asked for: a proxy's page, JSON cut short. */
export function failureOfContent(call: CallSubject, problem: string): KubeFailure {
  return { kind: 'server-error', message: about(call, problem) };
}

function failureOfStatus(call: CallSubject, status: Status): KubeFailure {
  const message = about(call, status.message);
  const retryAfterMs = statusRetryAfterMs(status);
  if (status.code === 410 || isVersionUnservable(status)) return { kind: 'expired', message };
  if (isDenied(status)) return { kind: 'denied', message };
  if (isMisfit(status)) return { kind: 'invalid', message };
  switch (status.code) {
    case 401:
      return { kind: 'unauthorized', message };
    case 403:
      return failureOfForbidden(status, message);
    case 404:
      return { kind: 'not-found', message };
    case 422:
      return { kind: isWrongUid(status) ? 'conflict' : 'invalid', message };
    case 409:
      return { kind: 'conflict', message };
    case 408:
      return { kind: 'server-error', message };
    case 429:
      return { kind: 'throttled', message, retryAfterMs: retryAfterMs ?? DEFAULT_RETRY_AFTER_MS };
  }
  if (status.code >= 400 && status.code < 500) return { kind: 'invalid', message };
  if (retryAfterMs === undefined) return { kind: 'server-error', message };
  return { kind: 'server-error', message, retryAfterMs };
}

/** Admission chooses its code itself: any of a refused request, but for 401 and 429, which are no answers to it. */
function isDenied(status: Status): boolean {
  if (status.code < 400 || status.code >= 500 || [401, 429].includes(status.code)) return false;
  return isDeniedByAdmission(status);
}

function failureOfForbidden(status: Status, message: string): KubeFailure {
  const cause = forbiddenCause(status);
  switch (cause) {
    case 'terminating':
    case 'quota':
    case 'rights':
      return { kind: 'forbidden', message, cause };
    case 'not-yet':
      return { kind: 'server-error', message };
    case 'admission':
      return { kind: 'denied', message };
    default:
      return unreachable(cause);
  }
}

/** Kubernetes sends seconds; the other form, a date, would need the calendar and is ignored. */
function headerSeconds(answer: RefusedAnswer): number | undefined {
  const header = answer.headers['retry-after'];
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

function statusRetryAfterMs(status: Status): number | undefined {
  const seconds = status.retryAfterSeconds;
  return seconds === undefined || seconds < 0 ? undefined : seconds * 1000;
}

function unreachableFailure(call: CallSubject, problem: string): KubeFailure {
  return { kind: 'unreachable', message: about(call, problem) };
}

function about(call: CallSubject, explanation: string): string {
  const text = `Cannot ${call.verb} ${call.target}: ${explanation}`;
  return text.length <= MAX_MESSAGE_LENGTH ? text : `${text.slice(0, MAX_MESSAGE_LENGTH - 1)}…`;
}

/** Messages of node:net and node:tls name addresses and causes, never what was sent. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection failed';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const message = error.message === '' ? 'the connection failed' : error.message;
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
