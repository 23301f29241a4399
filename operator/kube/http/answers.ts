/** From the JSON of a successful answer to the objects in it. Parse at the edge, trust inside. */
import type { KubeObject } from '../../base/kube-object.ts';
import { isObject } from '../../base/read.ts';
import type { ResourceKind } from '../../base/resource-kinds.ts';
import type { ListResult } from '../client.ts';
import { parseBoundedJson, TooDeepError } from './bounded-json.ts';

/** Says what is wrong with an answer; the caller knows to which call it belongs. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}

/** The object in `body`. Throws an AnswerError. */
export function parseObject(body: string): KubeObject {
  const object = parseJson(body);
  if (!isKubeObject(object)) throw new AnswerError('the answer is not a Kubernetes object');
  return object;
}

/** The page of a list in `body`. Items get the kind that built-in lists leave out. Throws an AnswerError. */
export function parseList(body: string, kind: ResourceKind): ListResult {
  const list = parseJson(body);
  if (!isObject(list) || !isObject(list.metadata)) {
    throw new AnswerError('the answer is not a list');
  }
  const { resourceVersion, continue: continueToken } = list.metadata;
  // Go writes an empty list of items as null.
  const items: unknown = list.items ?? [];
  if (!Array.isArray(items)) throw new AnswerError('the answer is not a list');
  const { apiVersion, kind: name } = kind;
  const result = {
    items: items.map((item: unknown) => {
      const object = isObject(item) ? { ...item, apiVersion, kind: name } : item;
      if (!isKubeObject(object))
        throw new AnswerError('the list holds something else than objects');
      return object;
    }),
    resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : '',
  };
  const last = typeof continueToken !== 'string' || continueToken === '';
  return last ? result : { ...result, continueToken };
}

/** True for anything with apiVersion, kind and metadata.name. */
export function isKubeObject(value: unknown): value is KubeObject {
  return (
    isObject(value) &&
    typeof value.apiVersion === 'string' &&
    typeof value.kind === 'string' &&
    isObject(value.metadata) &&
    typeof value.metadata.name === 'string'
  );
}

function parseJson(body: string): unknown {
  try {
    return parseBoundedJson(body);
  } catch (cause) {
    if (cause instanceof TooDeepError) {
      throw new AnswerError(`the answer cannot be read: ${cause.message}`, { cause });
    }
    throw new AnswerError('the answer is not JSON', { cause });
  }
}
