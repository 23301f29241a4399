/**
 * The only reader of HTTP status codes: answers of the API server, errors of the network and our own
 * deadlines become one `KubeFailure`. Messages name the call and its target and quote the server's
 * explanation; they never hold headers, tokens or bodies.
 */
import { KubeError, type KubeFailure } from '../../base/failure.ts';
import { isObject } from '../../base/read.ts';

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

/** Why we ended a call ourselves; the `reason` of its AbortSignal. */
export type AbortReason =
  | { readonly kind: 'deadline'; readonly afterMs: number }
  | { readonly kind: 'silence'; readonly afterMs: number }
  | { readonly kind: 'asked' };

/** metav1.Status, reduced to what we read. Every field may be missing. */
interface Status {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly { readonly reason: string; readonly message: string }[];
  readonly retryAfterSeconds: number | undefined;
}

/** Waited after a 429 that names no time of its own. */
const DEFAULT_RETRY_AFTER_MS = 1_000;

/** Longer explanations (a webhook's essay) are cut. */
const MAX_MESSAGE_LENGTH = 2_048;

/** How admission says no, whatever status code it chooses. */
const DENIALS: readonly RegExp[] = [
  /admission webhook ".*" denied the request/s,
  /ValidatingAdmissionPolicy '.*' .*denied request/s,
  /^policy ['"].*denied request/s, // a MutatingAdmissionPolicy
  /violates PodSecurity/,
];

/**
 * How the API server says that the account lacks a right: the words of its authorizer, or of the guard
 * that lets nobody grant more than they have. From the first character on: whatever admission says comes
 * behind words of the API server's own, so no policy and no webhook can say this.
 */
const MISSING_RIGHT =
  /^(?:[^\s"]+(?: "[^"]*")? is forbidden|forbidden): (?:User "(?:[^"\\]|\\.)*" cannot \S+ (?:resource|path) "|user "(?:[^"\\]|\\.)*" \(groups=.*\) is attempting to grant RBAC permissions not currently held)/s;
const TERMINATING =
  / is forbidden: unable to create new content in namespace .* because it is being terminated/;
const QUOTA = / is forbidden: exceeded quota: /;
/** An API server that has just started, or cannot read what admission goes by. */
const NOT_YET =
  / is forbidden: (?:not yet ready to handle request|unable to \S+ .* at this time because)/;

/**
 * Server-side apply answers 500 to an object that does not fit its schema (an unknown field, a string
 * for a number, a quantity that is none), although only its author can help.
 */
const MISFIT = /failed to create typed patch object|failed to convert new object/;
/** An apply that carries the uid of an object that is no longer the one of that name. */
const WRONG_UID = /metadata\.uid: Invalid value/;

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
export function retryAskedMs(answer: RefusedAnswer): number | undefined {
  const seconds = headerSeconds(answer);
  if (answer.statusCode === 429) return (seconds ?? DEFAULT_RETRY_AFTER_MS / 1000) * 1000;
  return answer.statusCode === 503 && seconds !== undefined ? seconds * 1000 : undefined;
}

/** The failure behind an answer that is not a success. */
export function failureOfAnswer(call: CallSubject, answer: RefusedAnswer): KubeFailure {
  const status = readStatus(parseJson(answer.body), answer.statusCode);
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
    case 'asked':
      return { kind: 'aborted', message: about(call, 'the call was aborted') };
    case 'deadline':
      return {
        kind: 'timeout',
        message: about(call, `no answer within ${aborted.afterMs / 1000} s`),
      };
    case 'silence':
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
  const retryAfterMs = waitAsked(status);
  if (unservableVersion(status)) return { kind: 'expired', message };
  if (isDenied(status)) return { kind: 'denied', message };
  if (MISFIT.test(status.message)) return { kind: 'invalid', message };
  switch (status.code) {
    case 401:
      return { kind: 'unauthorized', message };
    case 403:
      return failureOfForbidden(status, message);
    case 404:
      return { kind: 'not-found', message };
    case 422:
      return { kind: WRONG_UID.test(status.message) ? 'conflict' : 'invalid', message };
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

/**
 * Expired (compacted away), or from the future for this server: "too large resource version", which
 * comes as 504 Timeout. Both mean that the version asked for cannot be served: list again.
 */
function unservableVersion(status: Status): boolean {
  if (status.code === 410 || status.reason === 'Expired' || status.reason === 'Gone') return true;
  if (status.causes.some((cause) => cause.reason === 'ResourceVersionTooLarge')) return true;
  return status.reason === 'Timeout' && /too large resource version/i.test(status.message);
}

function isDenied(status: Status): boolean {
  if (status.code < 400 || status.code >= 500 || [401, 429].includes(status.code)) return false;
  return DENIALS.some((denial) => denial.test(status.message));
}

/** A missing right only if the API server says so of the account; what is left was denied by admission. */
function failureOfForbidden(status: Status, message: string): KubeFailure {
  const { causes, message: said } = status;
  const terminating = causes.some(({ reason }) => reason === 'NamespaceTerminating');
  if (terminating || TERMINATING.test(said)) {
    return { kind: 'forbidden', message, cause: 'terminating' };
  }
  if (QUOTA.test(said)) return { kind: 'forbidden', message, cause: 'quota' };
  if (causes.length === 0 && MISSING_RIGHT.test(said)) {
    return { kind: 'forbidden', message, cause: 'rights' };
  }
  if (NOT_YET.test(said)) return { kind: 'server-error', message };
  return { kind: 'denied', message };
}

/** Kubernetes sends seconds; the other form, a date, would need the calendar and is ignored. */
function headerSeconds(answer: RefusedAnswer): number | undefined {
  const header = answer.headers['retry-after'];
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

function waitAsked(status: Status): number | undefined {
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

function readStatus(value: unknown, code: number): Status {
  const status = isObject(value) && value.kind === 'Status' ? value : {};
  const details = isObject(status.details) ? status.details : {};
  const causes = Array.isArray(details.causes) ? details.causes.filter(isObject) : [];
  const found = typeof status.code === 'number' ? status.code : code;
  const retryAfter = details.retryAfterSeconds;
  return {
    code: found,
    reason: textOf(status.reason),
    message: textOf(status.message) || `HTTP ${found} without an explanation`,
    causes: causes.map((cause) => ({
      reason: textOf(cause.reason),
      message: textOf(cause.message),
    })),
    retryAfterSeconds: typeof retryAfter === 'number' ? retryAfter : undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
