/** Caches that a test fills, and the page that a scrape gets of them. */
import { DEFAULT_LEASE_NAME } from '../../operator/api/lease-name.ts';
import { createInstruments, type Samples } from '../../operator/app/instruments.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import {
  API_VERSION,
  IngressControllerHAKind,
  LeaseKind,
  RESOURCE_KIND,
} from '../../operator/base/resource-kinds.ts';
import { Caches } from '../../operator/control/cache/caches.ts';
import { sampleResources } from '../../operator/control/cache/sample-resources.ts';
import { createManualClock } from './manual-clock.ts';

/** Of the resource that `aScrapedResource` makes. */
export const KEY = { namespace: 'edge', name: 'apisix' };
/** The labels that name it, as a sample shows them. */
export const OF = 'namespace="edge",name="apisix"';

/** Version 1.2.3 of the operator, with nothing in its caches. */
export function aScrapedWorld() {
  const clock = createManualClock();
  const caches = new Caches(clock, { enqueue: () => {} });
  const instruments = createInstruments('1.2.3', clock);
  const samples: Samples = {
    resources: () => sampleResources(caches, clock),
    leaders: () => [],
    missingRights: () => [],
    workInHand: () => ({ unfinishedMs: 0, longestRunningMs: 0 }),
  };
  instruments.sample(samples);
  return {
    clock,
    caches,
    instruments,
    put: (object: KubeObject) =>
      caches.deliver(object.kind === LeaseKind.kind ? LeaseKind : IngressControllerHAKind, {
        kind: 'add',
        object,
      }),
    remove: (last: KubeObject) => caches.deliver(IngressControllerHAKind, { kind: 'delete', last }),
    /** Sample lines of the metrics whose names begin so. */
    lines: (prefix: string) =>
      instruments
        .text()
        .split('\n')
        .filter((line) => line.startsWith(prefix)),
  };
}

/** A resource with these conditions and this `failover.mode`. */
export function aScrapedResource(
  conditions: readonly object[] = [],
  mode = 'Assisted',
): KubeObject {
  return {
    apiVersion: API_VERSION,
    kind: RESOURCE_KIND,
    metadata: { ...KEY, uid: 'u1' },
    spec: { failover: { mode } },
    status: { conditions },
  };
}

/** The Lease of that resource, held for 15 s at a time. */
export function aScrapedLease(holderIdentity: string): KubeObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: LeaseKind.kind,
    metadata: { ...KEY, name: DEFAULT_LEASE_NAME, labels: { 'ingressha.dev/name': KEY.name } },
    spec: { holderIdentity, leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z' },
  };
}
