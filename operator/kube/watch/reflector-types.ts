/** What a reflector is given, and what it offers. */
import type { KubeObject } from '../../base/kube-object.ts';
import type { ResourceKind } from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { KubeClient } from '../client.ts';
import type { Change } from './changes.ts';
import type { ReflectorState } from './reflector-state.ts';
import type { Store } from './store.ts';
import type { WatchErrorLog } from './watch-error-log.ts';

/** What is watched, and who is called. */
export interface ReflectorOptions {
  readonly client: Pick<KubeClient, 'list' | 'watch'>;
  readonly kind: ResourceKind;
  /** '' for cluster-scoped kinds. */
  readonly namespace: string;
  /** Default: every object. */
  readonly labelSelector?: string;
  /** Default: every object. */
  readonly fieldSelector?: string;
  /** What is stored and delivered of an object, its metadata included. Default: all but managedFields. */
  readonly transform?: (object: KubeObject) => KubeObject;
  /** Called with each change, in order. Must only enqueue. What it throws is logged. */
  readonly onChange: (change: Change) => void;
  /** Called when a watch that had been answered ends before the time that was asked for. Default: nothing is. */
  readonly onCutShort?: () => void;
  readonly clock: Clock;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** Shared by watches that fail together: a failure of one is logged for all. Default: its own. */
  readonly errorLog?: WatchErrorLog;
  readonly metrics: Pick<Metrics, 'watchLastHeard' | 'watchRestarts'>;
}

/** A running copy of the objects of one kind in one namespace. */
export interface Reflector {
  readonly store: Store;
  /** Starts listing. Has no effect when started or stopped already. */
  start(): void;
  /** Final. Resolves when the last call is over; nothing is delivered from now on. */
  stop(): Promise<void>;
  /** True from the first complete list on, for ever: client-go's HasSynced. */
  isSynced(): boolean;
  /** Resolves with the first complete list. Never rejects; stays pending when stopped before. */
  readonly synced: Promise<void>;
  /** When the API server last sent something (list, event, bookmark), in ms on the monotonic clock. */
  lastActivityAtMs(): number | undefined;
  state(): ReflectorState['kind'];
}
