/**
 * metav1.Status as the API server sends it, and what the wording of its message means where no field says it. What an
 * HTTP status code means is for classify.ts alone.
 */
import { isObject } from '../../base/read.ts';

/** metav1.Status, reduced to what we read. Whatever is missing is empty. */
export interface Status {
  /** HTTP status code. */
  readonly code: number;
  /** metav1.StatusReason, such as `Expired`. */
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly { readonly reason: string; readonly message: string }[];
  readonly retryAfterSeconds: number | undefined;
}

/** The Status in the JSON `value`, with `code` where it names none. */
export function readStatus(value: unknown, code: number): Status {
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

/** The Status in the text of an answer; one without an explanation if it is none. */
export function parseStatus(body: string, code: number): Status {
  return readStatus(parseJson(body), code);
}

/**
 * Expired (compacted away), or from the future for this server: "too large resource version", which comes as 504
 * Timeout. Both mean that the version asked for cannot be served: list again.
 */
export function isVersionUnservable({ reason, message, causes }: Status): boolean {
  if (reason === 'Expired' || reason === 'Gone') return true;
  if (causes.some((cause) => cause.reason === 'ResourceVersionTooLarge')) return true;
  return reason === 'Timeout' && /too large resource version/i.test(message);
}

/** Whether a webhook or a policy has denied the request. */
export function isDeniedByAdmission({ message }: Status): boolean {
  return DENIALS.some((denial) => denial.test(message));
}

/** Whether the object does not fit its schema: server-side apply answers that with 500. */
export function isMisfit({ message }: Status): boolean {
  return MISFIT.test(message);
}

/** Whether an apply carried the uid of an object that is no longer the one of that name. */
export function isWrongUid({ message }: Status): boolean {
  return WRONG_UID.test(message);
}

/** Why a request is forbidden: `not-yet` passes by itself, and what is left is `admission`. */
export type ForbiddenCause = 'terminating' | 'quota' | 'rights' | 'not-yet' | 'admission';

/** A missing right only if the API server says so of the account; what is left was denied by admission. */
export function forbiddenCause({ message, causes }: Status): ForbiddenCause {
  const isTerminating = causes.some(({ reason }) => reason === 'NamespaceTerminating');
  if (isTerminating || TERMINATING.test(message)) return 'terminating';
  if (QUOTA.test(message)) return 'quota';
  if (causes.length === 0 && MISSING_RIGHT.test(message)) return 'rights';
  return NOT_YET.test(message) ? 'not-yet' : 'admission';
}

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
