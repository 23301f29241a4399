/** The verbs of the port `KubeClient` as HTTP requests. */
import { defined } from '../../base/defined.ts';
import { unreachable } from '../../base/failure.ts';
import { describeRef, type KubeObject, type ObjectRef, refOf } from '../../base/kube-object.ts';
import { kindOf, type ResourceKind } from '../../base/resource-kinds.ts';
import {
  type ApplyOptions,
  type DeleteOptions,
  FIELD_MANAGER,
  type ListOptions,
  type ReplaceOptions,
  type WatchOptions,
} from '../client.ts';
import { collectionPath, objectPath, type Query, withQuery } from '../paths.ts';
import type { Call } from './request.ts';
import type { Exchange } from './transport.ts';

const JSON_BODY = { 'content-type': 'application/json' };
/** JSON is YAML, and this is the one content type of server-side apply that every server knows. */
const APPLY_BODY = { 'content-type': 'application/apply-patch+yaml' };
/** The API server compresses answers above 128 KB, if asked; only lists are that large. */
const COMPRESSED = { 'accept-encoding': 'gzip' };
/** The API server refuses fields that it does not know, instead of dropping them. */
const STRICT_WRITE = { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' };

/** GET of one object. */
export function getCall(ref: ObjectRef): Call {
  return objectCall('get', ref, { method: 'GET', path: objectPath(ref), headers: {} });
}

/** GET of one page of a collection; namespace '' is the whole cluster. */
export function listCall(kind: ResourceKind, namespace: string, options: ListOptions): Call {
  return collectionCall('list', { kind, namespace }, COMPRESSED, {
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    resourceVersion: options.resourceVersion,
    limit: options.limit?.toString(),
    continue: options.continueToken,
  });
}

/** GET that stays open and streams the changes of a collection, with bookmarks. */
export function watchCall(kind: ResourceKind, namespace: string, options: WatchOptions): Call {
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

/** PATCH by server-side apply, with strict field validation. */
export function applyCall(wanted: KubeObject, options: ApplyOptions): Call {
  const path = withQuery(objectPath(refOf(wanted), options.subresource), {
    ...STRICT_WRITE,
    fieldManager: options.fieldManager ?? FIELD_MANAGER,
    force: forceOf(options.conflicts),
    dryRun: options.dryRun ? 'All' : undefined,
  });
  const body = JSON.stringify(wanted);
  return objectCall('apply', refOf(wanted), { method: 'PATCH', path, headers: APPLY_BODY, body });
}

/** POST. */
export function createCall(wanted: KubeObject): Call {
  const path = withQuery(collectionPath(kindOf(wanted), wanted.metadata.namespace), STRICT_WRITE);
  const body = JSON.stringify(wanted);
  return objectCall('create', refOf(wanted), { method: 'POST', path, headers: JSON_BODY, body });
}

/** PUT. */
export function replaceCall(wanted: KubeObject, { dryRun }: ReplaceOptions = {}): Call {
  const path = withQuery(objectPath(refOf(wanted)), {
    ...STRICT_WRITE,
    dryRun: dryRun ? 'All' : undefined,
  });
  const body = JSON.stringify(wanted);
  return objectCall('replace', refOf(wanted), { method: 'PUT', path, headers: JSON_BODY, body });
}

/** DELETE in the background, under the precondition of the uid and of the version if one is given. */
export function deleteCall(ref: ObjectRef, { uid, resourceVersion }: DeleteOptions): Call {
  const body = JSON.stringify({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Background',
    preconditions: defined({ uid, resourceVersion }),
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
