/** What a report collects, and the reads that fill it: a failed one leaves a gap, and the next is tried. */
import { failureOf } from '../../base/failure.ts';
import { type KubeObject, keyText } from '../../base/kube-object.ts';
import { type ResourceKind, refTo } from '../../base/resource-kinds.ts';
import type { CallOptions, KubeClient, TextPages } from '../../kube/client.ts';
import { firstSentence } from '../failure-text.ts';

/** One part of a report. */
export type Part =
  | { readonly kind: 'object'; readonly object: KubeObject }
  /** `path` names it like a file: `logs/ingress-ha-system/pod/operator`. */
  | { readonly kind: 'text'; readonly path: string; readonly text: string };

/** Everything that was collected. */
export interface Collected {
  readonly parts: readonly Part[];
  /** What could not be read, a sentence each, without a full stop. */
  readonly gaps: readonly string[];
}

/** What to collect, and how. */
export interface CollectOptions {
  readonly client: Pick<KubeClient, 'get' | 'list'>;
  readonly pages: TextPages;
  readonly call: CallOptions;
  /** '' for all. */
  readonly namespace: string;
  /** Absent: all resources of the namespace. */
  readonly name?: string;
  readonly operator: { readonly namespace: string; readonly lease: string };
  /** Events and log lines that are older are left out. In ms; absent: none is too old. */
  readonly sinceMs?: number;
  /** The calendar, in ms since 1970. */
  readonly nowMs: number;
}

/** What a collection has found so far. */
export interface Collection {
  readonly options: CollectOptions;
  readonly parts: Part[];
  readonly gaps: string[];
}

const PAGE_SIZE = 500;

/** Where one object is. */
export interface Address {
  readonly namespace?: string;
  readonly name: string;
}

/** Empty: there is none, or it could not be read. */
export async function tryGet(
  { options, gaps }: Collection,
  kind: ResourceKind,
  at: Address,
): Promise<readonly KubeObject[]> {
  try {
    return [await options.client.get(refTo(kind, at), options.call)];
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'aborted') throw error;
    if (failure.kind !== 'not-found') gaps.push(firstSentence(failure));
    return [];
  }
}

interface Where {
  readonly namespace: string;
  readonly labelSelector?: string;
}

/** Sorted by name; empty also when they could not be read. */
export async function tryList(
  { options, gaps }: Collection,
  kind: ResourceKind,
  where: Where,
): Promise<readonly KubeObject[]> {
  try {
    const found = await listed(options, kind, where);
    return found.toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'aborted') throw error;
    gaps.push(firstSentence(failure));
    return [];
  }
}

/** Throws a KubeError. */
export async function listed(
  { client, call }: CollectOptions,
  kind: ResourceKind,
  { namespace, ...selected }: Where,
): Promise<readonly KubeObject[]> {
  const first = { ...call, ...selected, limit: PAGE_SIZE };
  let { items, continueToken } = await client.list(kind, namespace, first);
  while (continueToken !== undefined) {
    const next = await client.list(kind, namespace, { ...first, continueToken });
    items = items.concat(next.items);
    ({ continueToken } = next);
  }
  return items;
}

/** The text of a page under `path`; a gap when it cannot be read. */
export async function addPage(
  { options, parts, gaps }: Collection,
  page: Parameters<TextPages['page']>[0],
  path: string,
): Promise<void> {
  try {
    const text = await options.pages.page(page, options.call);
    parts.push({ kind: 'text', path, text });
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'aborted') throw error;
    gaps.push(firstSentence(failure));
  }
}

/** `namespace/name`: what lists are sorted by. */
export function pathOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return keyText({ namespace, name });
}
