/** All that the failover loop holds, one case a resource, and what others may ask about it. */
import { keyText, type ObjectKey } from '../../base/kube-object.ts';
import { isFlapping } from '../../decide/failover/history.ts';
import { type FailoverView, NOTHING_SEEN } from '../../decide/observed/failover-view.ts';
import { type NamedPod, podOfHolder } from '../../decide/observed/holder.ts';
import { type FailoverCase, newCase } from './case.ts';

export class FailoverCases {
  readonly #cases = new Map<string, FailoverCase>();

  all(): readonly FailoverCase[] {
    return [...this.#cases.values()];
  }

  find(key: ObjectKey): FailoverCase | undefined {
    return this.#cases.get(keyText(key));
  }

  /** That of `key`, begun if there is none yet. */
  of(key: ObjectKey): FailoverCase {
    const found = this.find(key) ?? newCase(key);
    this.#cases.set(keyText(key), found);
    return found;
  }

  forget(key: ObjectKey): void {
    this.#cases.delete(keyText(key));
  }

  /** What the status tells about `key`. */
  view(key: ObjectKey, nowMs: number): FailoverView {
    const found = this.find(key);
    if (found === undefined) return NOTHING_SEEN;
    const { assist, failovers, history } = found;
    const flapping = isFlapping(history, nowMs);
    return { failovers, flapping, ...(assist !== undefined && { assist }) };
  }

  /**
   * Who holds each Lease, for a gauge; `pod` is empty where nobody does, or nobody that is among the
   * pods there are: what others write into a Lease becomes no label.
   */
  leaders(
    podsOf: (key: ObjectKey) => readonly NamedPod[],
  ): readonly { readonly key: ObjectKey; readonly pod: string }[] {
    return this.all().map(({ key, memory }) => ({
      key,
      pod: podOfHolder(memory.holder?.identity ?? '', podsOf(key))?.name ?? '',
    }));
  }

  /** Those of a namespace whose holder is known by its container. */
  bound(namespace: string): readonly ObjectKey[] {
    return this.all()
      .filter(({ key, memory }) => key.namespace === namespace && memory.binding !== undefined)
      .map(({ key }) => key);
  }
}
