/** Where the operator is and whether one leads, by the Lease that operators elect their leader with. */
import { failureOf } from '../../base/failure.ts';
import { LeaseKind, refTo } from '../../base/resource-kinds.ts';
import { recordOf } from '../../decide/observed/lease-record.ts';
import { DEFAULT_OPERATOR_NAMESPACE, OPERATOR_LEASE } from '../../desired/rights.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';
import type { OperatorState } from '../explain/decide/explain-view.ts';
import { firstSentence } from '../failure-text.ts';
import type { OperatorFlags } from '../operator-flags.ts';

/** Where the Lease is that operators elect their leader with. */
export interface OperatorLease {
  readonly namespace: string;
  readonly name: string;
}

/** Its name: Helm puts the release before it. */
const USUAL_NAME = new RegExp(`(?:^|-)${OPERATOR_LEASE}$`);

/**
 * As the flags say; what they leave out is searched for where operators usually are: in a namespace of their own, or in
 * `beside`, the namespace of the resources. Needs the right to list Leases there, and without it gives the usual name.
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
  const namespaces =
    operatorNamespace === undefined ? [usual.namespace, beside] : [operatorNamespace];
  const isWanted = (name: string) =>
    operatorLease === undefined ? USUAL_NAME.test(name) : name === operatorLease;
  for (const namespace of namespaces.filter((each) => each !== '')) {
    const [name, ...others] = (await leasesIn(client, namespace, options)).filter(isWanted);
    if (name !== undefined && others.length === 0) return { namespace, name };
  }
  return {
    namespace: operatorNamespace ?? usual.namespace,
    name: operatorLease ?? usual.name,
  };
}

/** Names of all Leases there; none where they may not be listed, and then the usual name is taken. */
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

/**
 * Whether that Lease is held and renewed at `nowMs`, the calendar in ms since 1970: the clocks of two machines are
 * compared, so it is a hint. Never throws: a failure is a state too.
 */
export async function readOperatorState(
  client: Pick<KubeClient, 'get'>,
  lease: OperatorLease,
  { nowMs, ...options }: CallOptions & { readonly nowMs: number },
): Promise<OperatorState> {
  const what = `Lease "${lease.namespace}/${lease.name}"`;
  try {
    const { spec } = await client.get(refTo(LeaseKind, lease), options);
    const { holderIdentity: identity, renewTime, leaseDurationSeconds = 0 } = recordOf(spec);
    const renewedAtMs = Date.parse(renewTime ?? '');
    if (identity === '' || Number.isNaN(renewedAtMs)) return { kind: 'vacant', lease: what };
    const ageMs = Math.max(0, nowMs - renewedAtMs);
    return { kind: ageMs > leaseDurationSeconds * 1000 ? 'silent' : 'leads', identity, ageMs };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind !== 'not-found') return { kind: 'unread', why: firstSentence(failure) };
    const why = `There is no ${what}: name the operator's by --operator-namespace and --operator-lease`;
    return { kind: 'unread', why };
  }
}
