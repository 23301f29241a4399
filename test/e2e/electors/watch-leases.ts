/** Every version of the Leases in a namespace, as the API server tells them to the admin. */
import { LeaseKind } from '../../../operator/base/resource-kinds.ts';
import { systemClock } from '../../../operator/base/time.ts';
import { createCredentials } from '../../../operator/kube/credentials/credentials.ts';
import { createHttpClient } from '../../../operator/kube/http/http-client.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import { eventually } from '../support/eventually.ts';
import type { LeaseVersion } from './records.ts';

export interface LeaseWatch {
  /** All versions up to now, once every one of them has arrived. */
  versions(): Promise<readonly LeaseVersion[]>;
  stop(): Promise<void>;
}

const LONGEST_S = 900;

/** Begins with a namespace that has no Leases yet. */
export async function watchLeases(testbed: Testbed, namespace: string): Promise<LeaseWatch> {
  const credentials = createCredentials(
    { kind: 'kubeconfig', files: [testbed.kubeconfig] },
    systemClock,
  );
  const client = createHttpClient({ credentials, clock: systemClock, version: 'e2e' });
  const seen: (LeaseVersion & { readonly resourceVersion: string | undefined })[] = [];
  const ending = new AbortController();
  const { resourceVersion } = await client.list(LeaseKind, namespace);

  async function follow(): Promise<void> {
    const events = client.watch(LeaseKind, namespace, {
      resourceVersion,
      timeoutSeconds: LONGEST_S,
      inactivityLimitMs: LONGEST_S * 1000,
      signal: ending.signal,
    });
    for await (const event of events) {
      if (event.type === 'BOOKMARK') continue;
      if (event.type === 'ERROR') throw new Error(event.failure.message);
      const { metadata, spec } = event.object;
      seen.push({
        lease: metadata.name,
        spec: spec as LeaseVersion['spec'],
        resourceVersion: metadata.resourceVersion,
      });
    }
  }

  const followed = follow();
  followed.catch(() => {}); // told by whoever asks for versions, or stops
  return {
    async versions() {
      const { items } = await client.list(LeaseKind, namespace);
      const newest = items.map(({ metadata }) => metadata.resourceVersion);
      await eventually('the watch has told the newest versions', () => {
        const told = new Set(seen.map((version) => version.resourceVersion));
        return newest.every((version) => told.has(version));
      });
      return seen;
    },
    async stop() {
      ending.abort();
      await followed;
      client.close();
    },
  };
}
