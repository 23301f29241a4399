/**
 * What the log says of watches that fail. All watches of a namespace lose their rights together, and
 * come to the API server again every few seconds: a reason is told once for the namespace, with the kind
 * that met it first, then every ten minutes, and when all of them go on.
 */
import type { Log } from '../../telemetry/log.ts';
import type { Repeats } from '../../telemetry/repeats.ts';

/** Which watch. */
export interface WatchName {
  readonly kind: string;
  readonly namespace: string;
}

export interface Interruption {
  /** Kind of the failure. */
  readonly reason: string;
  readonly message: string;
  /** Pause until the next attempt, in ms. */
  readonly forMs: number;
}

export interface WatchTroubles {
  interrupted(watch: WatchName, interruption: Interruption): void;
  /** The API server answers it: also told of watches that had no trouble. */
  goesOn(watch: WatchName): void;
}

/** One for all watches that may fail together. */
export function createWatchTroubles(log: Log, repeats: Repeats): WatchTroubles {
  /** Kinds that are interrupted now, by namespace. */
  const interrupted = new Map<string, Set<string>>();
  return {
    interrupted({ kind, namespace }, interruption) {
      const kinds = interrupted.get(namespace) ?? new Set();
      interrupted.set(namespace, kinds.add(kind));
      if (!repeats.isNews(namespace, interruption.reason)) return;
      log.warn('Watch interrupted', { kind, namespace, ...interruption });
    },
    goesOn({ kind, namespace }) {
      const kinds = interrupted.get(namespace);
      if (kinds === undefined || !kinds.delete(kind) || kinds.size > 0) return;
      interrupted.delete(namespace);
      if (repeats.isOver(namespace)) log.info('Watches go on', { namespace });
    },
  };
}
