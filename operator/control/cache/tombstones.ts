/** Objects that were deleted, so that an answer or an event which comes late does not bring them back. */
import type { KubeObject } from '../../base/kube-object.ts';
import { createLru } from '../../kube/lru.ts';
import { isNewer } from './cache-changes.ts';

/** How many are remembered: more than can be deleted while one answer is on its way. */
const LIMIT = 1_024;

/** By uid. */
export class Tombstones {
  /** By uid: the last state that a watch delivered, or that nothing newer can come. */
  readonly #lasts = createLru<KubeObject | 'final'>(LIMIT);

  /** A watch has delivered the end of an object, `last` being its last state. */
  add(last: KubeObject): void {
    this.#lasts.set(last.metadata.uid ?? '', last);
  }

  /** The API server has the object no more, whatever a watch still delivers. */
  addFinal(object: KubeObject): void {
    this.#lasts.set(object.metadata.uid ?? '', 'final');
  }

  /** Whether any state of the object that still comes is out of date. */
  isFinal({ metadata }: KubeObject): boolean {
    return this.#lasts.get(metadata.uid ?? '') === 'final';
  }

  /** Whether this state of the object is not newer than its deletion. */
  covers(object: KubeObject): boolean {
    const last = this.#lasts.get(object.metadata.uid ?? '');
    return last === 'final' || (last !== undefined && !isNewer(object, last));
  }
}
