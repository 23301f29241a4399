/**
 * Whether a live object already says what we want: every field we mean is there with our value.
 * Fields that others added are theirs. Where the server writes a value differently (quantities,
 * defaults), this finds a difference that a dry run then shows to be none.
 */
import { isDeepStrictEqual } from 'node:util';
import { contentHash } from '../base/canonical-json.ts';
import type { KubeObject } from '../base/kube-object.ts';

/** Paths, at most `limit`, where `live` lacks or contradicts a field of `desired`. */
export function differences(live: KubeObject, desired: KubeObject, limit = 5): readonly string[] {
  const found: string[] = [];
  compare(live, desired, '', found);
  return found.slice(0, limit);
}

/** Stands for one difference between exactly these contents. */
export function fingerprint(live: KubeObject, desired: KubeObject): string {
  return contentHash({ live: content(live), desired });
}

/** Whether two states of an object differ in nothing but status, versions and managed fields. */
export function sameContent(a: KubeObject, b: KubeObject): boolean {
  return isDeepStrictEqual(content(a), content(b));
}

/** An object without what moves although nothing of ours has changed. */
function content({ status: _, metadata, ...rest }: KubeObject): unknown {
  const { name, namespace, uid, labels, annotations, ownerReferences } = metadata;
  return { ...rest, metadata: { name, namespace, uid, labels, annotations, ownerReferences } };
}

function compare(live: unknown, desired: unknown, path: string, found: string[]): void {
  if (Array.isArray(desired)) {
    compareLists(live, desired, path, found);
    return;
  }
  if (desired === null || typeof desired !== 'object') {
    if (live !== desired) found.push(path);
    return;
  }
  if (live === null || typeof live !== 'object') {
    found.push(path);
    return;
  }
  for (const [key, value] of Object.entries(desired)) {
    const member = (live as Readonly<Record<string, unknown>>)[key];
    compare(member, value, path === '' ? key : `${path}.${key}`, found);
  }
}

/** The fields by which the API's list-maps tell their entries apart, the most telling first. */
const LIST_KEYS = ['mountPath', 'containerPort', 'type', 'name', 'topologyKey', 'ip', 'uid'];

function compareLists(
  live: unknown,
  desired: readonly unknown[],
  path: string,
  found: string[],
): void {
  if (!Array.isArray(live)) {
    found.push(path);
    return;
  }
  const listKey = LIST_KEYS.find(
    (key) => desired.length > 0 && desired.every((it) => hasKey(it, key)),
  );
  if (listKey === undefined) {
    if (live.length !== desired.length) found.push(path);
    else
      desired.forEach((value, index) => {
        compare(live[index], value, `${path}[${index}]`, found);
      });
    return;
  }
  for (const value of desired) {
    const key = keyOf(value, listKey);
    const entry = live.find((candidate) => isDeepStrictEqual(keyOf(candidate, listKey), key));
    compare(entry, value, `${path}[${listKey}=${String(key)}]`, found);
  }
}

function hasKey(value: unknown, key: string): boolean {
  return keyOf(value, key) !== undefined;
}

function keyOf(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object'
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
