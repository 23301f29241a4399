/** An operator whose every request goes through a fault proxy. */

import { join } from 'node:path';
import { after } from 'node:test';
import { LeaseKind } from '../../../operator/base/resource-kinds.ts';
import { OPERATOR_LEASE } from '../../../operator/desired/rights.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import type { Harness } from './harness.ts';
import type { TestOperator } from './operator.ts';

export interface BehindProxy {
  readonly operator: TestOperator;
  readonly proxy: FaultProxy;
  /** Writes a new token into the kubeconfig that the operator has been given. */
  renewToken(): Promise<void>;
  /** After a SIGKILL: frees the operator's Lease, so that the next process need not wait for it. */
  comeBack(): Promise<void>;
}

/** Both go when the test file is through. */
export async function startBehindProxy(e2e: Harness): Promise<BehindProxy> {
  const proxy = await startFaultProxy(e2e.testbed);
  const operator = await e2e.startOperator();
  const { operatorNamespace } = operator;
  const file = `${operatorNamespace}.${operatorNamespace}.kubeconfig`;
  const kubeconfig = join(e2e.testbed.folder, 'kubeconfigs', file);
  await operator.stop();
  await proxy.redirect(kubeconfig);
  await operator.startAgain();
  after(() => proxy.close());
  return {
    operator,
    proxy,
    async renewToken() {
      await e2e.testbed.kubeconfigFor(operatorNamespace, operatorNamespace);
      await proxy.redirect(kubeconfig);
    },
    async comeBack() {
      const lease = { namespace: operatorNamespace, name: OPERATOR_LEASE };
      await e2e.admin.patch(LeaseKind, lease, { spec: { holderIdentity: '' } });
      await operator.startAgain();
    },
  };
}
