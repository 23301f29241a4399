/**
 * The operator as a user would install it: namespaces and an account of its own, exactly the rights
 * that `ingress-ha render operator` prints, and processes of the bundle with the default settings.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LeaseKind } from '../../../operator/base/resource-kinds.ts';
import { repositoryOf } from '../../../operator/desired/pod/image-name.ts';
import { OPERATOR_LEASE, operatorRights } from '../../../operator/desired/rights.ts';
import { NamespaceKind } from '../../e2e/support/admin.ts';
import { uniqueName } from '../../e2e/support/an-object.ts';
import { OperatorProcess } from '../../e2e/support/operator-process.ts';
import type { BenchContext } from '../bench.ts';

export interface Installation {
  /** The namespace that the operator serves. */
  readonly served: string;
  /** A second one that it serves, where it was asked for; else ''. */
  readonly alsoServed: string;
  /** A namespace like it that no process serves, although the account may write there. */
  readonly unserved: string;
  /** Name of the operator's account in the audit log. */
  readonly user: string;
  /** The account's login. */
  readonly kubeconfig: string;
  /** A new process; it leads a little later. */
  start(): OperatorProcess;
  /** Takes away the operator's own Lease, as if there had never been an operator. */
  forgetLeader(): Promise<void>;
  remove(): Promise<void>;
}

export interface InstallOptions {
  /** How many namespaces the operator serves. Default 1. */
  readonly serves?: 1 | 2;
  /** Further flags of `ingress-ha run`. */
  readonly flags?: readonly string[];
}

const STAND_INS = ['localhost/candidate', 'localhost/candidate-adc'];

export async function install(
  context: BenchContext,
  { serves = 1, flags = [] }: InstallOptions = {},
): Promise<Installation> {
  const { admin, entry, image, testbed } = context;
  const [served, unserved, own] = ['bench', 'bench-bare', 'bench-system'].map(uniqueName);
  if (served === undefined || unserved === undefined || own === undefined) throw new Error('names');
  const alsoServed = serves === 2 ? uniqueName('bench-too') : '';
  const allServed = [served, alsoServed].filter((name) => name !== '');
  const namespaces = [...allServed, unserved, own];
  for (const name of namespaces) {
    await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, NamespaceKind);
  }
  const rights = operatorRights({
    operatorNamespace: own,
    servedNamespaces: [...allServed, unserved],
    serviceAccountName: own, // also names cluster-scoped roles, so it must be unique
  });
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: rights });
  await testbed.kubectl(['apply', '--server-side', '-f', '-'], list);
  const kubeconfig = await testbed.kubeconfigFor(own, own);
  const logs = join(testbed.folder, 'logs', 'operators');
  await mkdir(logs, { recursive: true });
  const images = [...STAND_INS, ...(image === undefined ? [] : [repositoryOf(image)])];
  const args = [
    ...['run', '--kubeconfig', kubeconfig, '--namespaces', allServed.join(',')],
    ...['--operator-namespace', own],
    ...['--metrics-address', '127.0.0.1:0', '--probe-address', '127.0.0.1:0'],
    ...['--allowed-image-repository', images.join(','), ...flags],
  ];
  const started: OperatorProcess[] = [];
  return {
    served,
    alsoServed,
    unserved,
    kubeconfig,
    user: `system:serviceaccount:${own}:${own}`,
    start() {
      const process = new OperatorProcess(entry, args, join(logs, `${own}.log`));
      started.push(process);
      return process;
    },
    forgetLeader: () => admin.remove(LeaseKind, { namespace: own, name: OPERATOR_LEASE }),
    async remove() {
      const alive = started.filter(({ runs }) => runs);
      await Promise.all(alive.map((process) => process.end('SIGKILL')));
      await testbed.kubectl(['delete', '--ignore-not-found', '--wait=false', '-f', '-'], list);
      for (const name of namespaces) await admin.remove(NamespaceKind, { name });
    },
  };
}
