/** All that the failover loop holds, one state a resource, and what others may ask about it. */
import { keyText, type ObjectKey } from '../../base/kube-object.ts';
import type { Clock } from '../../base/time.ts';
import { isFlapping } from '../../decide/failover/history.ts';
import { type FailoverView, NOTHING_SEEN } from '../../decide/observed/failover-view.ts';
import { podOfHolder } from '../../decide/observed/holder.ts';
import type { FailoverSnapshot, TakeSnapshot } from './snapshot.ts';
import { type FailoverState, newState } from './state.ts';

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

  /** That of `key`, begun if there is none yet. */
  of(key: ObjectKey): FailoverState {
    const found = this.find(key) ?? newState(key);
    this.#states.set(keyText(key), found);
    return found;
  }

  forget(key: ObjectKey): void {
    this.#states.delete(keyText(key));
  }

  /** What the status says about `key`. */
  view(key: ObjectKey): FailoverView {
    const found = this.find(key);
    if (found === undefined) return NOTHING_SEEN;
    const { failovers } = found;
    const { assist, history } = found.concluded;
    const flapping = isFlapping(history, this.#clock.nowMs());
    return { failovers, flapping, ...(assist !== undefined && { assist }) };
  }

  /**
   * Who holds each Lease, for a gauge; `pod` is empty where nobody does, or nobody that is among the
   * pods there are: what others write into a Lease becomes no label.
   */
  leaders(): readonly { readonly key: ObjectKey; readonly pod: string }[] {
    return this.all().map(({ key, concluded }) => {
      const pods = this.#snapshot(key)?.facts.pods ?? [];
      const identity = concluded.memory.holder?.identity ?? '';
      return { key, pod: podOfHolder(identity, pods)?.name ?? '' };
    });
  }

  /** A resource of `namespace` with a holder, known by its container, whose death would be acted upon. */
  watched(namespace: string): FailoverSnapshot | undefined {
    return this.all()
      .filter(({ key }) => key.namespace === namespace)
      .filter(({ concluded }) => concluded.memory.binding !== undefined)
      .map(({ key }) => this.#snapshot(key))
      .find((one) => one?.ha.failover.mode === 'Assisted' && one.lease !== undefined);
  }
}
