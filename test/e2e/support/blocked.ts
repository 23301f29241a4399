/** What every blocked resource has in common: it says why, what ran is untouched, and nobody spins. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Condition } from '../../../operator/api/status.ts';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import type { Address } from './admin.ts';
import { statusOf } from './an-object.ts';
import { describeEntry } from './audit.ts';
import { childrenOf, leaseSpec, podUids } from './children.ts';
import type { Harness } from './harness.ts';
import type { TestOperator } from './operator.ts';

/** A look takes at most a GET for each child, a dry run and a status; the next one is 15 s away. */
const REQUESTS_OF_ONE_LOOK = 9;
const WATCHED_MS = 8_000;

export function conditionOf(resource: KubeObject, type: string): Condition | undefined {
  return statusOf(resource).conditions?.find((condition) => condition.type === type);
}

/** Pods, leader and every child, the status and the renewals of others left out. */
export async function whatRuns({ admin }: Harness, address: Address) {
  const children = await childrenOf(admin, address);
  const { holderIdentity, leaseTransitions } = await leaseSpec(admin, address);
  return {
    pods: await podUids(admin, address),
    leader: { holderIdentity, leaseTransitions },
    children: children.map(({ kind, metadata, spec, data }) => ({
      kind,
      name: metadata.name,
      uid: metadata.uid,
      generation: metadata.generation,
      labels: metadata.labels,
      ...(kind !== 'Lease' && { spec, data }),
    })),
  };
}

/** Waits until it is stalled for that reason, with that in the message, and not Ready for the same. */
export async function stalled(
  e2e: Harness,
  address: Address,
  { reason, message }: { readonly reason: string; readonly message: RegExp },
): Promise<KubeObject> {
  const resource = await e2e.condition(address, `Stalled=True/${reason}`);
  const [found, ready] = [conditionOf(resource, 'Stalled'), conditionOf(resource, 'Ready')];
  assert.match(found?.message ?? '', message);
  assert.deepEqual(
    { status: ready?.status, reason: ready?.reason, message: ready?.message },
    { status: 'False', reason, message: found?.message },
  );
  assert.equal(conditionOf(resource, 'Reconciling'), undefined);
  return resource;
}

/** While it is blocked there is at most one look in a while. */
export async function assertCalm(
  { audit }: Harness,
  { user }: TestOperator,
  { name }: Address,
): Promise<void> {
  const mark = audit.mark();
  await sleep(WATCHED_MS); // a rate needs time to show
  const entries = audit.since(mark, { user, owner: name }).map(describeEntry);
  assert.ok(entries.length <= REQUESTS_OF_ONE_LOOK, entries.join('\n'));
}
