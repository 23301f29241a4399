/** Reading each object once, however often it is asked about. */
import type { KubeObject } from './kube-object.ts';

/**
 * `read`, whose answer is kept for as long as the object is. Objects never change: a new state is a new
 * object. `read` must depend on the object alone.
 */
export function oncePerObject<T extends object>(read: (object: KubeObject) => T): typeof read {
  const known = new WeakMap<KubeObject, T>();
  return (object) => {
    const before = known.get(object);
    if (before !== undefined) return before;
    const value = read(object);
    known.set(object, value);
    return value;
  };
}
