/** A complete list, page by page. */
import type { ResourceKind } from '../../base/resource-kinds.ts';
import type { KubeClient, ListOptions, ListResult } from '../client.ts';

/** Objects a page, as in client-go (tools/pager); the API server ignores it when it answers from its cache. */
const PAGE_SIZE = 500;
/** Deadline of one page. */
const PAGE_TIMEOUT_MS = 60_000;

/** What is listed, and as of when. */
export interface ListAllOptions extends Pick<ListOptions, 'labelSelector' | 'fieldSelector'> {
  /** "0": any version that the server has; "": the newest, from etcd; anything else: not older than that. */
  readonly version: string;
  readonly signal: AbortSignal;
}

/**
 * Every object of a kind in a namespace ('': in all), and the version of the whole list. Throws a KubeError; no call is
 * repeated here, since the pauses after a failure are the caller's.
 */
export async function listAll(
  client: Pick<KubeClient, 'list'>,
  { kind, namespace }: { readonly kind: ResourceKind; readonly namespace: string },
  { version, ...options }: ListAllOptions,
): Promise<ListResult> {
  const page = (part: ListOptions) =>
    client.list(kind, namespace, {
      ...options,
      ...part,
      timeoutMs: PAGE_TIMEOUT_MS,
      retry: 'never',
    });
  let { items, resourceVersion, continueToken } = await page(firstPage(version));
  while (continueToken !== undefined) {
    const next = await page({ limit: PAGE_SIZE, continueToken });
    items = items.concat(next.items);
    ({ resourceVersion, continueToken } = next);
  }
  return { items, resourceVersion };
}

/** A limit beside a version other than "0" would mean "exactly that version", so there is none. */
function firstPage(version: string): ListOptions {
  switch (version) {
    case '':
      return { limit: PAGE_SIZE };
    case '0':
      return { limit: PAGE_SIZE, resourceVersion: version };
    default:
      return { resourceVersion: version };
  }
}
