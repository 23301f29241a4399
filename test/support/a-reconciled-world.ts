/** A fake cluster with one resource, its caches and a context, for tests of how a pass ends. */

import type { SchemaNode } from '../../operator/api/fit-value.ts';
import type { Advice, HaStatus } from '../../operator/api/status.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { API_VERSION, RESOURCE_KIND } from '../../operator/base/resource-kinds.ts';
import { Caches } from '../../operator/control/cache/caches.ts';
import type { Context } from '../../operator/control/reconcile/context.ts';
import { Memories } from '../../operator/control/reconcile/memories.ts';
import { reconcile } from '../../operator/control/reconcile/reconcile.ts';
import { RolloutGate } from '../../operator/control/reconcile/rollout-gate.ts';
import { StatusRejections } from '../../operator/control/reconcile/status-rejections.ts';
import { NOTHING_SEEN } from '../../operator/decide/observed/failover-view.ts';
import type { Transition } from '../../operator/decide/status/transitions.ts';
import { type LogFields, silentLog } from '../../operator/telemetry/log.ts';
import { aPolicy } from './an-ha.ts';
import { createFakeCluster } from './fake-cluster.ts';
import { createManualClock } from './manual-clock.ts';

export const KEY = { namespace: 'ingress-apisix', name: 'apisix' };

/** What the operator knows of its CRD; a look makes it know `seenByALook`. */
export interface CrdOfTest {
  advice: readonly Advice[];
  schema: SchemaNode | undefined;
  seenByALook?: SchemaNode;
  looks: number;
}

export function aReconciledWorld(changes: Partial<Context> = {}) {
  const clock = createManualClock();
  const cluster = createFakeCluster();
  const events: Transition[] = [];
  const warnings: { readonly message: string; readonly fields: LogFields | undefined }[] = [];
  const enqueued: string[] = [];
  const caches = new Caches(clock, { enqueue: ({ name }) => enqueued.push(name) });
  const crd: CrdOfTest = { advice: [], schema: undefined, looks: 0 };
  const context: Context = {
    kube: cluster.client,
    caches,
    memories: new Memories(),
    failovers: { view: () => NOTHING_SEEN },
    clock,
    log: { ...silentLog, warn: (message, fields) => warnings.push({ message, fields }) },
    rollouts: new RolloutGate(caches, clock, 1),
    policy: aPolicy(),
    crd: {
      advice: () => crd.advice,
      statusSchema: () => crd.schema,
      async refresh() {
        crd.looks += 1;
        crd.schema = crd.seenByALook ?? crd.schema;
      },
    },
    rejections: new StatusRejections(),
    announce: (_, transition) => events.push(transition),
    count: () => {},
    signal: new AbortController().signal,
    ...changes,
  };
  return {
    clock,
    cluster,
    caches,
    enqueued,
    events,
    warnings,
    crd,
    deliver: () => cluster.deliver(caches),
    pass: () => reconcile(context, KEY),
    /** Creates the resource, or changes fields of its spec as a user would. */
    specify(spec: Readonly<Record<string, unknown>>, generation = 1) {
      const metadata = { ...KEY, generation };
      const before = cluster.object(RESOURCE_KIND, KEY.name);
      const object: KubeObject = { apiVersion: API_VERSION, kind: RESOURCE_KIND, metadata, spec };
      const stored = cluster.put(before === undefined ? object : { ...before, spec });
      cluster.put({ ...stored, metadata: { ...stored.metadata, generation } });
      cluster.deliver(caches);
    },
    status(): HaStatus {
      return cluster.object(RESOURCE_KIND, KEY.name)?.status as HaStatus;
    },
    condition(type: string) {
      return this.status()?.conditions?.find((it) => it.type === type);
    },
  };
}
