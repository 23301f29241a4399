/**
 * The only adapter of the port `KubeClient`: verbs become HTTP requests, answers become plain JSON.
 * It keeps no objects and decides nothing; deadlines and retries are in kube/http/call.ts, what a refusal
 * means is in kube/http/classify.ts.
 */
import { arch, platform } from 'node:process';
import { KubeError, unreachable } from '../../base/failure.ts';
import { describeRef, type KubeObject, type ObjectRef, refOf } from '../../base/kube-object.ts';
import { kindOf, type ResourceKind } from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import {
  type ApplyOptions,
  type CallOptions,
  type DeleteOptions,
  FIELD_MANAGER,
  type KubeClient,
  type ListOptions,
  type PodCalls,
  type ReplaceOptions,
  type TextPages,
  type WatchEvent,
  type WatchOptions,
} from '../client.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { collectionPath, objectPath, type Query, withQuery } from '../paths.ts';
import { AnswerError, parseList, parseObject } from './answers.ts';
import { type Call, type CallContext, call, type ObservedRequest, openStream } from './call.ts';
import { failureOfContent, failureOfExchange } from './classify.ts';
import { createLimits } from './limits.ts';
import { podCalls } from './pod-calls.ts';
import { textPages } from './text-pages.ts';
import { createTransport, type Exchange } from './transport.ts';
import { parseWatchEvent, readLines, StreamError } from './watch-stream.ts';

export interface HttpClientOptions extends Pick<CallContext, 'ignoredProxy'> {
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Version of this program, for the User-Agent. */
  readonly version: string;
  /** Told of every request on the wire. Default: nobody is. */
  readonly onRequest?: (request: ObservedRequest) => void;
}

export interface HttpKubeClient extends KubeClient, PodCalls, TextPages {
  /** Ends every connection, watches included. */
  close(): void;
}

/** A watch that outlives its own timeout by this much is ended by us. */
const WATCH_GRACE_MS = 30_000;
const JSON_BODY = { 'content-type': 'application/json' };
/** JSON is YAML, and this is the one content type of server-side apply that every server knows. */
const APPLY_BODY = { 'content-type': 'application/apply-patch+yaml' };
/** The API server compresses answers above 128 KB, if asked; only lists are that large. */
const COMPRESSED = { 'accept-encoding': 'gzip' };
const STRICT_WRITE = { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' };

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
  limits.endInSilenceOf(options.inactivityLimitMs);
  const heard = () => {
    limits.heard();
    options.onActivity?.();
  };
  try {
    const response = await openStream(context, spec, limits);
    heard();
    for await (const line of readLines(listening(response, heard))) {
      const event = parseWatchEvent(spec.subject, line);
      if (event !== undefined) yield event;
      if (event?.type === 'ERROR') return;
    }
  } catch (error) {
    switch (limits.reason()?.kind) {
      case 'asked':
      case 'deadline':
        return; // the end that was agreed on
      default:
        throw watchError(spec, error, limits.reason());
    }
  } finally {
    if (limits.reason()?.kind === 'silence') context.transport.dropIdle();
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

async function* listening(chunks: AsyncIterable<Buffer>, heard: () => void) {
  for await (const chunk of chunks) {
    heard();
    yield chunk;
  }
}

function getCall(ref: ObjectRef): Call {
  return objectCall('get', ref, { method: 'GET', path: objectPath(ref), headers: {} });
}

function listCall(kind: ResourceKind, namespace: string, options: ListOptions): Call {
  return collectionCall('list', { kind, namespace }, COMPRESSED, {
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    resourceVersion: options.resourceVersion,
    limit: options.limit?.toString(),
    continue: options.continueToken,
  });
}

function watchCall(kind: ResourceKind, namespace: string, options: WatchOptions): Call {
  return collectionCall(
    'watch',
    { kind, namespace },
    {},
    {
      watch: 'true',
      allowWatchBookmarks: 'true',
      labelSelector: options.labelSelector,
      fieldSelector: options.fieldSelector,
      resourceVersion: options.resourceVersion,
      timeoutSeconds: String(options.timeoutSeconds),
    },
  );
}

function applyCall(wanted: KubeObject, options: ApplyOptions): Call {
  const path = withQuery(objectPath(refOf(wanted), options.subresource), {
    ...STRICT_WRITE,
    ...(options.fieldManager !== undefined && { fieldManager: options.fieldManager }),
    force: forceOf(options.conflicts),
    dryRun: options.dryRun ? 'All' : undefined,
  });
  const body = JSON.stringify(wanted);
  return objectCall('apply', refOf(wanted), { method: 'PATCH', path, headers: APPLY_BODY, body });
}

function createCall(wanted: KubeObject): Call {
  const path = withQuery(collectionPath(kindOf(wanted), wanted.metadata.namespace), STRICT_WRITE);
  const body = JSON.stringify(wanted);
  return objectCall('create', refOf(wanted), { method: 'POST', path, headers: JSON_BODY, body });
}

function replaceCall(wanted: KubeObject, { dryRun }: ReplaceOptions = {}): Call {
  const query = { ...STRICT_WRITE, ...(dryRun && { dryRun: 'All' }) };
  const path = withQuery(objectPath(refOf(wanted)), query);
  const body = JSON.stringify(wanted);
  return objectCall('replace', refOf(wanted), { method: 'PUT', path, headers: JSON_BODY, body });
}

function deleteCall(ref: ObjectRef, { uid, resourceVersion }: DeleteOptions): Call {
  const body = JSON.stringify({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Background',
    preconditions: resourceVersion === undefined ? { uid } : { uid, resourceVersion },
  });
  const path = objectPath(ref);
  return objectCall('delete', ref, { method: 'DELETE', path, headers: JSON_BODY, body });
}

function objectCall(verb: string, ref: ObjectRef, exchange: Exchange): Call {
  const subject = { verb, target: describeRef(ref) };
  return { subject, exchange, resource: kindOf(ref).plural };
}

function collectionCall(
  verb: string,
  { kind, namespace }: { readonly kind: ResourceKind; readonly namespace: string },
  headers: Exchange['headers'],
  query: Query,
): Call {
  const where = kind.scope === 'Cluster' ? '' : ` in namespace "${namespace}"`;
  const path = withQuery(collectionPath(kind, namespace), query);
  return {
    subject: { verb, target: `${kind.plural}${where}` },
    exchange: { method: 'GET', path, headers },
    resource: kind.plural,
  };
}

function forceOf(conflicts: ApplyOptions['conflicts']): string {
  switch (conflicts) {
    case 'force':
      return 'true';
    case 'yield':
      return 'false';
    default:
      return unreachable(conflicts);
  }
}
