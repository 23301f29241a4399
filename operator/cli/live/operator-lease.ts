/** Whether an operator leads, by the Lease that operators elect their leader with. One GET. */
import { failureOf } from '../../base/failure.ts';
import { LeaseKind } from '../../base/resource-kinds.ts';
import type { OperatorSight } from '../../decide/explanation.ts';
import { recordOf } from '../../decide/lease-record.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';

export interface OperatorLease {
  readonly namespace: string;
  readonly name: string;
}

export async function lookAtOperator(
  client: Pick<KubeClient, 'get'>,
  lease: OperatorLease,
  { nowMs, ...options }: CallOptions & { readonly nowMs: number },
): Promise<OperatorSight> {
  const { apiVersion, kind } = LeaseKind;
  const what = `Lease "${lease.namespace}/${lease.name}"`;
  try {
    const { spec } = await client.get({ apiVersion, kind, ...lease }, options);
    const { holderIdentity: identity, renewTime, leaseDurationSeconds = 0 } = recordOf(spec);
    const renewedAtMs = Date.parse(renewTime ?? '');
    if (identity === '' || Number.isNaN(renewedAtMs)) return { kind: 'vacant', lease: what };
    const ageMs = Math.max(0, nowMs - renewedAtMs);
    return { kind: ageMs > leaseDurationSeconds * 1000 ? 'silent' : 'leads', identity, ageMs };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind !== 'not-found') return { kind: 'unread', why: firstLine(failure.message) };
    const why = `There is no ${what}: name the operator's by --operator-namespace and --operator-lease`;
    return { kind: 'unread', why };
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/[.\s]+$/, '');
}
