/**
 * A client that writes only while this process leads, asked anew before each write: a process whose event
 * loop stalled for longer than the renew deadline no longer leads when it goes on.
 */
import { KubeError } from '../../base/failure.ts';
import type { KubeClient } from '../../kube/client.ts';

/** Reads as `client` does; each write throws a KubeError `aborted` when `isLeading` is false. */
export function leaderOnly(client: KubeClient, isLeading: () => boolean): KubeClient {
  function guarded<Arguments extends readonly unknown[], Result>(
    write: (...args: Arguments) => Promise<Result>,
  ) {
    return async (...args: Arguments): Promise<Result> => {
      if (!isLeading()) {
        throw new KubeError({
          kind: 'aborted',
          message: 'Not written: this process no longer leads',
        });
      }
      return write(...args);
    };
  }
  return {
    get: (ref, options) => client.get(ref, options),
    list: (kind, namespace, options) => client.list(kind, namespace, options),
    watch: (kind, namespace, options) => client.watch(kind, namespace, options),
    apply: guarded((object, options) => client.apply(object, options)),
    create: guarded((object, options) => client.create(object, options)),
    replace: guarded((object, options) => client.replace(object, options)),
    delete: guarded((ref, options) => client.delete(ref, options)),
  };
}
