/**
 * All that the failover loop holds, one state a resource, and what status, metrics and rehearsals read of
 * it.
 */
import { defined } from '../../base/defined.ts';
import { keyText, type ObjectKey } from '../../base/kube-object.ts';
import type { Clock } from '../../base/time.ts';
import { isFlapping } from '../../decide/failover/history.ts';
import { type FailoverView, NOTHING_SEEN } from '../../decide/observed/failover-view.ts';
import { podOfHolder } from '../../decide/observed/holder.ts';
import type { FailoverSnapshot, TakeSnapshot } from './snapshot.ts';
import { type FailoverState, newState } from './state.ts';

/** By the key of the resource. */
export class FailoverStates {
  readonly #states = new Map<string, FailoverState>();
  readonly #snapshot: TakeSnapshot;
  readonly #clock: Pick<Clock, 'nowMs'>;

  constructor(snapshot: TakeSnapshot, clock: Pick<Clock, 'nowMs'>) {
    this.#snapshot = snapshot;
    this.#clock = clock;
  }

  all(): readonly FailoverState[] {
    return [...this.#states.values()];
  }

  find(key: ObjectKey): FailoverState | undefined {
    return this.#states.get(keyText(key));
  }

  /** That of `key`; a new one if there is none yet. */
  of(key: ObjectKey): FailoverState {
    const found = this.find(key) ?? newState(key);
    this.#states.set(keyText(key), found);
    return found;
  }

  forget(key: ObjectKey): void {
    this.#states.delete(keyText(key));
  }

  /** What the status reports about `key`. */
  view(key: ObjectKey): FailoverView {
    const found = this.find(key);
    if (found === undefined) return NOTHING_SEEN;
    const { failovers } = found;
    const { assist, history } = found.concluded;
    const flapping = isFlapping(history, this.#clock.nowMs());
    return { failovers, flapping, ...defined({ assist }) };
  }

  /**
   * Which pod holds each Lease, for a gauge. `pod` is empty where the holder is none of the pods there are:
   * text that other clients write into a Lease must not become a label.
   */
  leaders(): readonly { readonly key: ObjectKey; readonly pod: string }[] {
    return this.all().map(({ key, concluded }) => {
      const pods = this.#snapshot(key)?.facts.pods ?? [];
      const identity = concluded.memory.holder?.identity ?? '';
      return { key, pod: podOfHolder(identity, pods)?.name ?? '' };
    });
  }

  /**
   * A resource of `namespace` with a bound holder, whose death would be acted upon; undefined: there is
   * none.
   */
  watched(namespace: string): FailoverSnapshot | undefined {
    return this.all()
      .filter(({ key }) => key.namespace === namespace)
      .filter(({ concluded }) => concluded.memory.binding !== undefined)
      .map(({ key }) => this.#snapshot(key))
      .find((one) => one?.ha.failover.mode === 'Assisted' && one.lease !== undefined);
  }
}
