/**
 * Where the end of a leader cannot be told for sure, its Lease is left to expire: the failover takes
 * as long as it would without an operator, which writes nothing, says so beforehand, and tells why.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PassThrough } from '../../operator/api/ha.ts';
import { DeploymentKind, LeaseKind } from '../../operator/base/resource-kinds.ts';
import { REFUSALS } from '../../operator/decide/failover/refusals.ts';
import { childName } from '../../operator/desired/naming.ts';
import { at, statusOf } from './support/an-object.ts';
import { eventually } from './support/eventually.ts';
import { killLeader } from './support/failover-blows.ts';
import {
  aLed,
  aSleeping,
  EXPIRING,
  led,
  type Subject,
  startScene,
} from './support/failover-scene.ts';
import {
  assertExpired,
  assertFreed,
  assertUntouched,
  leaseWrites,
} from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';

const e2e = await startHarness();
const scene = await startScene(e2e, await e2e.startOperator());
const { namespace } = scene;

interface Shape {
  /** What somebody sets in the pod template beside us. */
  readonly fields: PassThrough;
  readonly replicas: number;
  readonly condition: string;
  readonly because: keyof typeof REFUSALS;
}

/** Names that lead nowhere: the holder's is not its pod's. */
const nameless = { condition: 'HolderUnbound', because: 'holder-unknown' } as const;
const shapes: Readonly<Record<string, Shape>> = {
  'shares its processes with other containers': {
    fields: { shareProcessNamespace: true },
    replicas: 2,
    condition: 'UnsupportedPodShape',
    because: 'pod-shape',
  },
  'has another host name': { fields: { hostname: 'same' }, replicas: 2, ...nameless },
  'has the host name of its node': { fields: { hostNetwork: true }, replicas: 1, ...nameless },
};

describe('the Lease is left to expire of a leader', { concurrency: 2 }, () => {
  test('whose pod was deleted by force', async () => {
    const subject = await aLed(scene, EXPIRING);
    const { pod } = subject.leader;

    await e2e.kubectl('delete', 'pod', '-n', namespace, pod, '--force', '--grace-period=0');

    const record = await assertExpired(scene, subject, { cause: 'PodDeleted', assist: 'Refused' });
    assert.equal(record.assistReason, REFUSALS['death-unproven']);
  });

  for (const [sentence, { fields, replicas, condition, because }] of Object.entries(shapes)) {
    test(`whose pod ${sentence}`, async () => {
      const address = await aShaped(fields, replicas);
      const subject = await led(scene, address, `FailoverAssistReady=False/${condition}`);

      killLeader(scene, subject);

      const record = await assertExpired(scene, subject, { assist: 'Refused' });
      assert.equal(record.assistReason, REFUSALS[because]);
    });
  }
});

describe('a Lease that somebody else has written', { concurrency: true }, () => {
  test('with a holder that nobody knows is left to expire', async () => {
    const subject = await aLed(scene, EXPIRING);
    const { address, leader } = subject;
    const stranger = { ...subject, leader: { ...leader, identity: 'somebody-else' } };

    await e2e.admin.patch(LeaseKind, leaseOf(subject), {
      spec: { holderIdentity: 'somebody-else' },
    });

    await e2e.condition(address, 'FailoverAssistReady=False/HolderUnbound');
    const record = await assertExpired(scene, stranger, { cause: 'Unknown', assist: 'Refused' });
    assert.equal(record.assistReason, REFUSALS['holder-unknown']);
    await led(scene, address);
    assertUntouched(scene, subject);
  });

  test('away comes back as it was, and is freed when its leader dies', async () => {
    const subject = await aLed(scene);
    const { uid } = (await e2e.admin.read(LeaseKind, leaseOf(subject))).metadata;

    await e2e.admin.remove(LeaseKind, leaseOf(subject));
    await renewedAgain(subject, uid);

    const { name } = subject.address;
    assert.deepEqual(leaseWrites(scene, subject), [`create leases/${name}-leader 201`]);
    assert.deepEqual(statusOf(await e2e.resource(namespace, name)).failovers ?? [], []);
    killLeader(scene, subject);
    await assertFreed(scene, { ...subject, mark: e2e.audit.mark() }, 'Crash');
  });
});

/** A running resource whose pods have `fields`, which are not ours and so stay. */
async function aShaped(fields: PassThrough, replicas: number): Promise<Subject['address']> {
  const address = await aSleeping(scene);
  const deployment = { namespace, name: childName(address) };
  await e2e.admin.patch(DeploymentKind, deployment, { spec: { template: { spec: fields } } });
  await e2e.edit(address, { spec: { replicas } });
  return address;
}

/** The same leader renews the Lease that stands in place of the one with that uid. */
function renewedAgain(subject: Subject, uid: string | undefined): Promise<unknown> {
  const seen = new Set<unknown>();
  return eventually('the leader renews its new Lease', async () => {
    const lease = await e2e.admin.get(LeaseKind, leaseOf(subject));
    if (lease === undefined || lease.metadata.uid === uid) return false;
    assert.equal(at(lease, 'spec.holderIdentity'), subject.leader.identity);
    return seen.add(at(lease, 'spec.renewTime')).size > 1;
  });
}

function leaseOf({ address }: Subject) {
  return { namespace, name: `${address.name}-leader` };
}
