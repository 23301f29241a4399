/**
 * The operator as a user would install it: namespaces and an account of its own, exactly the rights
 * that `ingress-ha render operator` prints, and processes of the bundle with the default settings.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LeaseKind } from '../../../operator/base/resource-kinds.ts';
import { repositoryOf } from '../../../operator/desired/image-name.ts';
import { OPERATOR_LEASE, operatorRights } from '../../../operator/desired/rights.ts';
import { NamespaceKind } from '../../e2e/support/admin.ts';
import { uniqueName } from '../../e2e/support/an-object.ts';
import { OperatorProcess } from '../../e2e/support/operator-process.ts';
import type { BenchContext } from '../bench.ts';

export interface Installation {
  /** The namespace that the operator serves. */
  readonly served: string;
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

const STAND_INS = ['localhost/candidate', 'localhost/candidate-adc'];

export async function install(context: BenchContext): Promise<Installation> {
  const { admin, entry, image, testbed } = context;
  const [served, unserved, own] = ['bench', 'bench-bare', 'bench-system'].map(uniqueName);
  if (served === undefined || unserved === undefined || own === undefined) throw new Error('names');
  for (const name of [served, unserved, own]) {
    await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, NamespaceKind);
  }
  const rights = operatorRights({
    operatorNamespace: own,
    servedNamespaces: [served, unserved],
    serviceAccountName: own, // also names cluster-scoped roles, so it must be unique
  });
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: rights });
  await testbed.kubectl(['apply', '--server-side', '-f', '-'], list);
  const kubeconfig = await testbed.kubeconfigFor(own, own);
  const logs = join(testbed.folder, 'logs', 'operators');
  await mkdir(logs, { recursive: true });
  const images = [...STAND_INS, ...(image === undefined ? [] : [repositoryOf(image)])];
  const args = [
    ...['run', '--kubeconfig', kubeconfig, '--namespaces', served, '--operator-namespace', own],
    ...['--metrics-address', '127.0.0.1:0', '--probe-address', '127.0.0.1:0'],
    ...['--allowed-image-repository', images.join(',')],
  ];
  const started: OperatorProcess[] = [];
  return {
    served,
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
      for (const name of [served, unserved, own]) await admin.remove(NamespaceKind, { name });
    },
  };
}
