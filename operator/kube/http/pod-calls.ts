/** Calls to subresources of pods: eviction, and an ephemeral container. */
import { describeRef } from '../../base/kube-object.ts';
import { PodKind, refTo } from '../../base/resource-kinds.ts';
import type { PodAddress, PodCalls } from '../client.ts';
import { objectPath, withQuery } from '../paths.ts';
import { call } from './call.ts';
import type { Call, CallContext } from './request.ts';
import type { Exchange } from './transport.ts';

const JSON_BODY = { 'content-type': 'application/json' };
const STRATEGIC_BODY = { 'content-type': 'application/strategic-merge-patch+json' };

/** The calls of the port `PodCalls`. */
export function podCalls(context: CallContext): PodCalls {
  return {
    async evict(pod, options = {}) {
      // A refusal is the answer that a drill wants to know, and not something to wait out.
      await call(context, evictCall(pod), { ...options, retry: 'never' });
    },
    async addEphemeralContainer(pod, container, options = {}) {
      await call(context, ephemeralCall(pod, container), options);
    },
  };
}

function evictCall({ namespace, name, uid }: PodAddress): Call {
  const body = JSON.stringify({
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { namespace, name },
    deleteOptions: { preconditions: { uid } },
  });
  const path = objectPath(refTo(PodKind, { namespace, name }), 'eviction');
  const exchange: Exchange = { method: 'POST', path, headers: JSON_BODY, body };
  return podCall('evict', { namespace, name }, exchange);
}

/** The uid makes the patch fail for another pod of that name. */
function ephemeralCall(
  { namespace, name, uid }: PodAddress,
  container: Readonly<Record<string, unknown>>,
): Call {
  const body = JSON.stringify({
    metadata: { uid },
    spec: { ephemeralContainers: [container] },
  });
  const path = withQuery(objectPath(refTo(PodKind, { namespace, name }), 'ephemeralcontainers'), {
    fieldValidation: 'Strict',
  });
  const exchange: Exchange = { method: 'PATCH', path, headers: STRATEGIC_BODY, body };
  return podCall('add an ephemeral container to', { namespace, name }, exchange);
}

function podCall(
  verb: string,
  at: { readonly namespace: string; readonly name: string },
  exchange: Exchange,
): Call {
  const target = describeRef(refTo(PodKind, at));
  return { subject: { verb, target }, exchange, resource: PodKind.plural };
}
