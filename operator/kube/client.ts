/**
 * The port through which everything talks to the API server. Objects are plain JSON in and out;
 * every failure is thrown as a `KubeError`. Its only adapter is kube/http/http-client.ts.
 */
import type { KubeFailure } from '../base/failure.ts';
import type { KubeObject, ObjectRef } from '../base/kube-object.ts';
import type { ResourceKind } from '../base/resource-kinds.ts';

/** Whose fields an apply owns. */
export const FIELD_MANAGER = 'ingress-controller-ha';

/** What every call takes. */
export interface CallOptions {
  /** Aborts the call; it then throws a KubeError of kind `aborted`. */
  readonly signal?: AbortSignal;
  /** Deadline for the whole call, in ms. Default 30,000. */
  readonly timeoutMs?: number;
  /** `never`: the first answer counts, even a 429. Default: answers that ask for a retry get it. */
  readonly retry?: 'never';
}

/** Of a server-side apply. */
export interface ApplyOptions extends CallOptions {
  /** `force` takes over fields that others own; `yield` answers such a conflict with 409. */
  readonly conflicts: 'force' | 'yield';
  /** Asks the server what the result would be, and writes nothing. Default: off. */
  readonly dryRun?: boolean;
  readonly subresource?: 'status';
  /** Whose fields it owns. Default: FIELD_MANAGER. Another one's fields survive the operator's own applies. */
  readonly fieldManager?: string;
}

/** Of a PUT. */
export interface ReplaceOptions extends CallOptions {
  /** Asks the server whether it would accept the write, and writes nothing. Default: off. */
  readonly dryRun?: boolean;
}

/** The preconditions of a delete. */
export interface DeleteOptions extends CallOptions {
  /** The delete fails with a conflict unless the live object still has this uid. */
  readonly uid: string;
  readonly resourceVersion?: string;
}

/** Of one page of a list. */
export interface ListOptions extends CallOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** "0": any version the server has cached; absent: the newest. */
  readonly resourceVersion?: string;
  readonly limit?: number;
  readonly continueToken?: string;
}

/** One page of a list. */
export interface ListResult {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly continueToken?: string;
}

/** Of one watch request. */
export interface WatchOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion: string;
  /** After this the server ends the watch by itself. */
  readonly timeoutSeconds: number;
  /** After this long without a byte the watch ends as unreachable. */
  readonly inactivityLimitMs: number;
  readonly signal: AbortSignal;
  /** Called for every piece of the stream, bookmarks included: the connection lives. */
  readonly onActivity?: () => void;
}

/** One event of a watch: meta/v1 WatchEvent, with a bookmark reduced to its version. */
export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string }
  | { readonly type: 'ERROR'; readonly failure: KubeFailure };

/** The calls that the operator makes. Each throws a KubeError, and nothing else. */
export interface KubeClient {
  get(ref: ObjectRef, options?: CallOptions): Promise<KubeObject>;
  list(kind: ResourceKind, namespace: string, options?: ListOptions): Promise<ListResult>;
  /**
   * The events of one watch connection. It returns when the server or the signal ends it and throws
   * a KubeError when it cannot start, breaks or falls silent. An ERROR event is always the last one.
   */
  watch(kind: ResourceKind, namespace: string, options: WatchOptions): AsyncIterable<WatchEvent>;
  /** Server-side apply with our field manager and strict field validation. */
  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  /** POST: fails with a conflict when the object exists. */
  create(object: KubeObject, options?: CallOptions): Promise<KubeObject>;
  /** PUT: `metadata.resourceVersion` must be the live one, else a conflict. */
  replace(object: KubeObject, options?: ReplaceOptions): Promise<KubeObject>;
  /** Background deletion of exactly the object with that uid. */
  delete(ref: ObjectRef, options: DeleteOptions): Promise<void>;
}

/** One pod, told from others of that name by its uid. */
export interface PodAddress {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Calls about pods that the command line makes, and the operator never does. */
export interface PodCalls {
  /** As a drain does: where a disruption budget allows none, it throws `throttled`. Sent once. */
  evict(pod: PodAddress, options?: CallOptions): Promise<void>;
  /** It starts at once, cannot be removed, and stays in the pod's spec until the pod goes. */
  addEphemeralContainer(
    pod: PodAddress,
    container: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<void>;
}

/** Answers of the API server that are plain text. */
export interface TextPages {
  /** A GET of `path`, query included; `what` names it in messages: `log of Pod "a/b"`. */
  page(
    page: { readonly path: string; readonly what: string },
    options?: CallOptions,
  ): Promise<string>;
}
