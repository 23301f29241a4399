/**
 * The statuses that the API server has rejected, remembered so that each is reported once and not tried
 * again at once.
 */
import type { HaStatus } from '../../api/status.ts';
import type { KubeFailure } from '../../base/failure.ts';
import { keyText, type ObjectKey } from '../../base/kube-object.ts';

/** The last one of a resource. */
export interface Rejection {
  /** What the log and the event said. */
  readonly reported: string;
  readonly failure: KubeFailure;
  /**
   * The hash of what was rejected, what is stored instead, and until when it is not tried again, in ms on
   * our clock.
   */
  readonly instead?: {
    readonly rejected: string;
    readonly status: HaStatus;
    readonly untilMs: number;
  };
}

/** By the key of the resource. */
export class StatusRejections {
  readonly #byKey = new Map<string, Rejection>();

  /** Of this resource; undefined: its last status was stored. */
  of(key: ObjectKey): Rejection | undefined {
    return this.#byKey.get(keyText(key));
  }

  /** True when it has not been reported yet. */
  note(key: ObjectKey, rejection: Rejection): boolean {
    const before = this.of(key);
    this.#byKey.set(keyText(key), rejection);
    return before?.reported !== rejection.reported;
  }

  /** True when there was one. */
  forget(key: ObjectKey): boolean {
    return this.#byKey.delete(keyText(key));
  }
}
