/** Where the operator is and whether one leads, by the Lease that operators elect their leader with. */
import { failureOf } from '../../base/failure.ts';
import { LeaseKind } from '../../base/resource-kinds.ts';
import { recordOf } from '../../decide/observed/lease-record.ts';
import { DEFAULT_OPERATOR_NAMESPACE, OPERATOR_LEASE } from '../../desired/rights.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';
import type { OperatorSight } from '../explain/decide/view.ts';
import type { OperatorFlags } from '../operator-flags.ts';

export interface OperatorLease {
  readonly namespace: string;
  readonly name: string;
}

/** What Helm calls it, after the release, and what we do. */
const USUAL_NAME = new RegExp(`(?:^|-)${OPERATOR_LEASE}$`);

/**
 * As the flags say; what they leave out is looked for where operators usually are: in a namespace of
 * their own, or `beside` the resources, where Helm puts them. Needs the right to list Leases there.
 */
export async function findOperator(
  client: Pick<KubeClient, 'list'>,
  { operatorNamespace, operatorLease }: OperatorFlags,
  { beside, ...options }: CallOptions & { readonly beside: string },
): Promise<OperatorLease> {
  if (operatorNamespace !== undefined && operatorLease !== undefined) {
    return { namespace: operatorNamespace, name: operatorLease };
  }
  const usual = { namespace: DEFAULT_OPERATOR_NAMESPACE, name: OPERATOR_LEASE };
  const places = operatorNamespace === undefined ? [usual.namespace, beside] : [operatorNamespace];
  const isAsked = (name: string) =>
    operatorLease === undefined ? USUAL_NAME.test(name) : name === operatorLease;
  for (const namespace of places.filter((place) => place !== '')) {
    const [name, ...others] = (await leasesIn(client, namespace, options)).filter(isAsked);
    if (name !== undefined && others.length === 0) return { namespace, name };
  }
  return {
    namespace: operatorNamespace ?? usual.namespace,
    name: operatorLease ?? usual.name,
  };
}

/** None where they may not be listed: then the usual place is taken. */
async function leasesIn(
  client: Pick<KubeClient, 'list'>,
  namespace: string,
  options: CallOptions,
): Promise<readonly string[]> {
  try {
    const { items } = await client.list(LeaseKind, namespace, options);
    return items.map(({ metadata }) => metadata.name);
  } catch (error) {
    if (failureOf(error).kind === 'bug') throw error;
    return [];
  }
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
