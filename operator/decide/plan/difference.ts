/**
 * Whether a live object is as we want it: every field that we set is there with our value. Fields that
 * others added are theirs. Where the server stores a value in another form (quantities, defaults), this
 * finds a difference that a dry run then shows to be none.
 */
import { isDeepStrictEqual } from 'node:util';
import { contentHash, refuseTooDeep } from '../../base/canonical-json.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { isObject } from '../../base/read.ts';

/** Paths, at most `limit`, where `live` lacks or contradicts a field of `desired`. */
export function differences(live: KubeObject, desired: KubeObject, limit = 5): readonly string[] {
  return deviations(live, desired)
    .slice(0, limit)
    .map(({ path }) => path);
}

/** A hash that stands for the difference between exactly these two contents. */
export function fingerprint(live: KubeObject, desired: KubeObject): string {
  return contentHash({ live: content(live), desired });
}

/**
 * Whether two states of an object agree in all fields that we set. What others have changed between the
 * two, such as the revision that a controller notes on a new Deployment, does not count.
 */
export function equalInOurFields(a: KubeObject, b: KubeObject, desired: KubeObject): boolean {
  return isDeepStrictEqual(deviations(a, desired), deviations(b, desired));
}

/** An object without the fields that change although nothing of ours has: status and versions. */
function content({ status: _, metadata, ...rest }: KubeObject): unknown {
  const { name, namespace, uid, labels, annotations, ownerReferences } = metadata;
  return { ...rest, metadata: { name, namespace, uid, labels, annotations, ownerReferences } };
}

/** A field in which `live` is not as desired. */
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

/**
 * Lists that are compared as one value although their entries have names (`x-kubernetes-list-type:
 * atomic`): else an added subject would stay.
 */
const ATOMIC_LISTS: ReadonlySet<string> = new Set(['subjects']);

/** The keys of the API's list-maps (`x-kubernetes-list-map-keys`), the most specific first. */
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
  return isObject(value) ? value[key] : undefined;
}
