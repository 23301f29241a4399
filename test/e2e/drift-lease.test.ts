/** The Lease of a living leader, taken away: it comes back with the record, and the leader goes on. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { LeaseKind, PodKind } from '../../operator/base/resource-kinds.ts';
import { NAME_LABEL } from '../../operator/desired/naming.ts';
import { anObject, at, conditionText, running, statusOf, uniqueName } from './support/an-object.ts';
import { describeEntry, writes } from './support/audit.ts';
import { eventually, timeUntil } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const e2e = await startHarness();
const operator = await e2e.startOperator();
const { namespace } = operator;
const name = uniqueName('lost');
const address = { namespace, name: `${name}-leader` };

describe('a Lease that is deleted under a living leader', () => {
  let known: KubeObject;
  let ready: KubeObject;

  before(async () => {
    await e2e.apply(anObject({ namespace, name, spec: running() }));
    ready = await e2e.condition({ namespace, name }, 'Ready=True/AsSpecified', { within: 90_000 });
    known = await e2e.admin.read(LeaseKind, address);
  });

  test('comes back with its record by one write, and the same leader renews it', async (t) => {
    const mark = e2e.audit.mark();

    await e2e.admin.remove(LeaseKind, address);

    const tookMs = await timeUntil('the Lease names its holder again', async () => {
      const lease = await e2e.admin.get(LeaseKind, address);
      return at(lease, 'spec.holderIdentity') === at(known, 'spec.holderIdentity');
    });
    t.diagnostic(`Lease deleted under its leader: back in ${tookMs.toFixed(0)} ms`);
    const renewedAt = at(await e2e.admin.read(LeaseKind, address), 'spec.renewTime');
    const renewed = await eventually('the leader renews it', async () => {
      const lease = await e2e.admin.read(LeaseKind, address);
      return at(lease, 'spec.renewTime') !== renewedAt && lease;
    });
    for (const field of ['holderIdentity', 'acquireTime', 'leaseTransitions']) {
      assert.deepEqual(at(renewed, `spec.${field}`), at(known, `spec.${field}`), field);
    }
    assert.deepEqual(
      writes(e2e.audit.since(mark, { user: operator.user, owner: name })).map(describeEntry),
      [`create leases/${name}-leader 201`],
    );
  });

  test('costs no transition, no restart and no condition', async () => {
    const pods = await e2e.admin.list(PodKind, namespace, `${NAME_LABEL}=${name}`);
    const restarts = pods.map((pod) => at(pod, 'status.containerStatuses[manager].restartCount'));
    const resource = await e2e.resource(namespace, name);

    assert.deepEqual(restarts, [0, 0]);
    assert.deepEqual(statusOf(resource), statusOf(ready));
  });

  test('comes back also when nobody saw it go', async () => {
    await operator.stop();
    await e2e.admin.remove(LeaseKind, address);
    await operator.startAgain();

    const lease = await eventually('the Lease has a holder again', async () => {
      const found = await e2e.admin.get(LeaseKind, address);
      return at(found, 'spec.holderIdentity') !== undefined && found;
    });

    assert.equal(at(lease, 'spec.holderIdentity'), at(known, 'spec.holderIdentity'));
    const resource = await e2e.resource(namespace, name);
    assert.equal(conditionText(resource, 'LeaderElected'), 'LeaderElected=True/LeaseHeld');
  });
});
