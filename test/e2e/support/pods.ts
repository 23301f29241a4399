/** Pods of a resource, and a witness that looks at them all the time while something else happens. */
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { PodKind } from '../../../operator/base/resource-kinds.ts';
import { systemClock } from '../../../operator/base/time.ts';
import { NAME_LABEL } from '../../../operator/desired/naming.ts';
import type { Admin } from './admin.ts';
import { at } from './an-object.ts';

/** All pods of a resource, those that are being deleted included. */
export function podsOf(
  admin: Admin,
  namespace: string,
  name: string,
): Promise<readonly KubeObject[]> {
  return admin.list(PodKind, namespace, `${NAME_LABEL}=${name}`);
}

export function uidsOf(objects: readonly KubeObject[]): readonly (string | undefined)[] {
  return objects.map(({ metadata }) => metadata.uid).toSorted();
}

/** The ConfigMap that a pod or a pod template mounts. */
export function mountedConfigMap(podOrTemplate: unknown): unknown {
  return at(podOrTemplate, 'spec.volumes[config].configMap.name');
}

/** Looks every 20 ms until stopped; `stop` rejects with the first thing that it found wrong. */
export interface Witness {
  /** How often it has looked. */
  stop(): Promise<number>;
}

/** `look` throws when what must always hold does not. */
export function watchThat(look: () => Promise<void>): Witness {
  const stopped = new AbortController();
  let looks = 0;
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      await look();
      looks += 1;
      await systemClock.sleep(20, stopped.signal);
    }
  })();
  watching.catch(() => {}); // told by stop
  return {
    async stop() {
      stopped.abort();
      await watching;
      return looks;
    },
  };
}
