/**
 * What can go wrong between us and the API server, as one union, and the one table that says
 * what each case means for a retry. Only kube/http/classify.ts makes these from HTTP answers.
 */
import { defined } from './defined.ts';

/** Why a call to the API server failed. Messages are sentences for people, and hold no secrets. */
export type KubeFailure =
  | { readonly kind: 'unreachable'; readonly message: string } // no answer: refused, reset, silent
  | { readonly kind: 'timeout'; readonly message: string } // no answer within our deadline: the server may still carry it out
  | { readonly kind: 'unauthorized'; readonly message: string } // 401: token expired or revoked
  | {
      readonly kind: 'forbidden';
      readonly message: string;
      readonly cause: 'rights' | 'terminating' | 'quota';
    } // 403 that the API server gives by itself
  | { readonly kind: 'not-found'; readonly message: string } // 404
  | { readonly kind: 'conflict'; readonly message: string } // 409
  | { readonly kind: 'expired'; readonly message: string } // 410: the resourceVersion is too old
  | { readonly kind: 'invalid'; readonly message: string } // 400, 413, 415, 422: the object itself is refused
  | { readonly kind: 'denied'; readonly message: string } // an admission webhook or policy said no
  | { readonly kind: 'throttled'; readonly message: string; readonly retryAfterMs: number } // 429
  | { readonly kind: 'server-error'; readonly message: string; readonly retryAfterMs?: number } // 5xx
  | { readonly kind: 'aborted'; readonly message: string } // we gave up ourselves: shutdown
  /** Anything thrown that is not one of these. `stack` is for the log, and is shown nowhere else. */
  | { readonly kind: 'bug'; readonly message: string; readonly stack?: string };

/** How a failure is answered. */
export type Retry =
  /** After a pause that grows from failure to failure, and is at least so many ms long. */
  | { readonly kind: 'backoff'; readonly notBeforeMs: number }
  | { readonly kind: 'slowly' } // only a person can help; looked at again at the slow interval
  | { readonly kind: 'never' };

/** The one table from failures to retries. A Retry-After of the server is the least pause. */
export function retryFor(failure: KubeFailure): Retry {
  switch (failure.kind) {
    case 'throttled':
      return { kind: 'backoff', notBeforeMs: failure.retryAfterMs };
    case 'server-error':
      return { kind: 'backoff', notBeforeMs: failure.retryAfterMs ?? 0 };
    case 'unreachable':
    case 'timeout':
    case 'unauthorized':
    case 'not-found':
    case 'conflict':
    case 'expired':
    case 'bug':
      return { kind: 'backoff', notBeforeMs: 0 };
    case 'forbidden':
      return failure.cause === 'rights' ? { kind: 'slowly' } : { kind: 'backoff', notBeforeMs: 0 };
    case 'invalid':
    case 'denied':
      return { kind: 'slowly' };
    case 'aborted':
      return { kind: 'never' };
    default:
      return unreachable(failure);
  }
}

/** Thrown by the KubeClient port, and by nothing else. Its message is safe to log. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly failure: KubeFailure;

  constructor(failure: KubeFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }
}

/**
 * The failure behind anything caught: a KubeError's own, or a bug with the error's message. Messages are
 * shown to people, in a status among others, so a stack never stands in one.
 */
export function failureOf(error: unknown): KubeFailure {
  if (error instanceof KubeError) return error.failure;
  if (!(error instanceof Error)) return { kind: 'bug', message: String(error) };
  const { name, message, stack } = error;
  return { kind: 'bug', message: message || name, ...defined({ stack }) };
}

/** The end of every exhaustive switch: the compiler proves that it is never reached. */
export function unreachable(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
