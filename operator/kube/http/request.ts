/** One request on the wire with the credentials that hold, and once more with new ones if they were refused. */
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../base/time.ts';
import type { Access } from '../credentials/access.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { MAX_ERROR_BODY_BYTES, readBody } from './body.ts';
import { type CallSubject, wantsNewCredentials } from './classify.ts';
import type { Limits } from './limits.ts';
import type { Exchange, Transport } from './transport.ts';

/** One call: what it is about, for messages and metrics, and what goes over the wire. */
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

/** What all calls of a client share. */
export interface CallContext {
  readonly transport: Transport;
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Called once for each request, as soon as the head of its answer is there or none will come. */
  readonly onRequest: (request: ObservedRequest) => void;
  /** Variable of the environment that names a proxy; we use none. */
  readonly ignoredProxy?: string;
}

/**
 * The head of an answer to the request, with the credentials that hold now; after a 401 once more, with credentials read
 * anew. Its body must be read or destroyed. Rejects with the error of the connection, or when `limits` end the call.
 */
export async function openAuthorized(
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
