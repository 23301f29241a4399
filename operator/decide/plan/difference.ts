/**
 * Whether a live object already says what we want: every field we mean is there with our value.
 * Fields that others added are theirs. Where the server writes a value differently (quantities,
 * defaults), this finds a difference that a dry run then shows to be none.
 */
import { isDeepStrictEqual } from 'node:util';
import { contentHash, refuseTooDeep } from '../../base/canonical-json.ts';
import type { KubeObject } from '../../base/kube-object.ts';

/** Paths, at most `limit`, where `live` lacks or contradicts a field of `desired`. */
export function differences(live: KubeObject, desired: KubeObject, limit = 5): readonly string[] {
  return deviations(live, desired)
    .slice(0, limit)
    .map(({ path }) => path);
}

/** Stands for one difference between exactly these contents. */
export function fingerprint(live: KubeObject, desired: KubeObject): string {
  return contentHash({ live: content(live), desired });
}

/**
 * Whether two states say the same wherever we mean something. What others have changed between the
 * two, such as the revision that a controller notes on a new Deployment, does not count.
 */
export function sameWhereMeant(a: KubeObject, b: KubeObject, desired: KubeObject): boolean {
  return isDeepStrictEqual(deviations(a, desired), deviations(b, desired));
}

/** An object without what moves although nothing of ours has changed. */
function content({ status: _, metadata, ...rest }: KubeObject): unknown {
  const { name, namespace, uid, labels, annotations, ownerReferences } = metadata;
  return { ...rest, metadata: { name, namespace, uid, labels, annotations, ownerReferences } };
}

/** A place where `live` says something else than we mean. */
interface Deviation {
  readonly path: string;
  readonly live: unknown;
}

function deviations(live: KubeObject, desired: KubeObject): readonly Deviation[] {
  const found: Deviation[] = [];
  compare(live, desired, { path: '', depth: 0, found });
  return found;
}

/** Where a comparison is, and what it has found so far. */
interface Comparing {
  readonly path: string;
  readonly depth: number;
  readonly found: Deviation[];
}

function compare(live: unknown, desired: unknown, at: Comparing): void {
  const { path, depth, found } = at;
  refuseTooDeep(depth);
  if (Array.isArray(desired)) {
    compareLists(live, desired, at);
    return;
  }
  if (desired === null || typeof desired !== 'object') {
    if (live !== desired) found.push({ path, live });
    return;
  }
  if (live === null || typeof live !== 'object') {
    found.push({ path, live });
    return;
  }
  for (const [key, value] of Object.entries(desired)) {
    const member = (live as Readonly<Record<string, unknown>>)[key];
    compare(member, value, below(at, path === '' ? key : `${path}.${key}`));
  }
}

function below({ depth, found }: Comparing, path: string): Comparing {
  return { path, depth: depth + 1, found };
}

/** Lists that are one value although their entries have names: an added subject would stay. */
const ATOMIC_LISTS: ReadonlySet<string> = new Set(['subjects']);

/** The fields by which the API's list-maps tell their entries apart, the most telling first. */
const LIST_KEYS = ['mountPath', 'containerPort', 'type', 'name', 'topologyKey', 'ip', 'uid'];

function compareLists(live: unknown, desired: readonly unknown[], at: Comparing): void {
  const { path, found } = at;
  if (!Array.isArray(live)) {
    found.push({ path, live });
    return;
  }
  const keyed = desired.length > 0 && !ATOMIC_LISTS.has(path);
  const listKey = LIST_KEYS.find((key) => keyed && desired.every((it) => hasKey(it, key)));
  if (listKey === undefined) {
    if (live.length !== desired.length) found.push({ path, live });
    else
      desired.forEach((value, index) => {
        compare(live[index], value, below(at, `${path}[${index}]`));
      });
    return;
  }
  for (const value of desired) {
    const key = keyOf(value, listKey);
    const entry = live.find((candidate) => isDeepStrictEqual(keyOf(candidate, listKey), key));
    compare(entry, value, below(at, `${path}[${listKey}=${String(key)}]`));
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
