/**
 * What the log says of watches that fail: the place of client-go's WatchErrorHandler. All watches of a namespace lose
 * their rights together and try again every few seconds, so a reason is logged once for the namespace, with the kind
 * that met it first, then every ten minutes, and once when all of them are answered again.
 */
import type { Log } from '../../telemetry/log.ts';
import type { Repeats } from '../../telemetry/repeats.ts';

/** Which watch. */
export interface WatchName {
  readonly kind: string;
  /** '' for cluster-scoped kinds. */
  readonly namespace: string;
}

/** One failure of a watch. */
export interface WatchError {
  /** Kind of the failure, such as `forbidden`, or `short`. */
  readonly reason: string;
  readonly message: string;
  /** Pause until the next attempt, in ms. */
  readonly forMs: number;
}

/** Takes the failures and recoveries of watches, and logs what is news. */
export interface WatchErrorLog {
  failed(watch: WatchName, error: WatchError): void;
  /** The API server answers it. Also called for watches that had not failed. */
  recovered(watch: WatchName): void;
}

/** One for all watches that may fail together. `repeats` decides which failures of a namespace are news. */
export function createWatchErrorLog(log: Log, repeats: Repeats): WatchErrorLog {
  /** Kinds whose watch fails now, by namespace. */
  const failing = new Map<string, Set<string>>();
  return {
    failed({ kind, namespace }, error) {
      const kinds = failing.get(namespace) ?? new Set();
      failing.set(namespace, kinds.add(kind));
      if (!repeats.isNews(namespace, error.reason)) return;
      log.warn('Watch interrupted', { kind, namespace, ...error });
    },
    recovered({ kind, namespace }) {
      const kinds = failing.get(namespace);
      if (kinds === undefined || !kinds.delete(kind) || kinds.size > 0) return;
      failing.delete(namespace);
      if (repeats.isOver(namespace)) log.info('Watches go on', { namespace });
    },
  };
}
