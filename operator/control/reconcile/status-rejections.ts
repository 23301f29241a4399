/** What the API server has refused to store of a status, remembered so that it is told once and not asked for again at once. */
import type { HaStatus } from '../../api/status.ts';
import type { KubeFailure } from '../../base/failure.ts';
import { keyText, type ObjectKey } from '../../base/kube-object.ts';

export interface Rejection {
  /** What the log and the event said. */
  readonly news: string;
  readonly failure: KubeFailure;
  /** The hash of what was refused, what is stored instead, and until when that is enough. */
  readonly instead?: {
    readonly refused: string;
    readonly status: HaStatus;
    readonly untilMs: number;
  };
}

/** What the API server has refused to store, by resource. */
export class StatusRejections {
  readonly #byKey = new Map<string, Rejection>();

  of(key: ObjectKey): Rejection | undefined {
    return this.#byKey.get(keyText(key));
  }

  /** True when that is news. */
  note(key: ObjectKey, rejection: Rejection): boolean {
    const before = this.of(key);
    this.#byKey.set(keyText(key), rejection);
    return before?.news !== rejection.news;
  }

  /** True when there was one. */
  forget(key: ObjectKey): boolean {
    return this.#byKey.delete(keyText(key));
  }
}
