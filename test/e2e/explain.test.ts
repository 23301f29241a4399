/** What `ingress-ha explain` says about the death of a leader, and that it comes true when one is killed. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LeaseKind } from '../../operator/base/resource-kinds.ts';
import { anObject, running, uniqueName } from './support/an-object.ts';
import { runBundle } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { deleteLeader, killLeader } from './support/failover-blows.ts';
import {
  aLed,
  EXPIRING,
  type FailoverScene,
  led,
  type Subject,
  startScene,
} from './support/failover-scene.ts';
import { assertExpired, assertFreed, leaseWrites } from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';

/** An operator that was killed is told apart from one that is slow after its Lease: 15 s. */
const SILENT = { within: 30_000 };

const e2e = await startHarness();
const [served, orphaned] = await Promise.all([e2e.startOperator(), e2e.startOperator()]);
const scene = await startScene(e2e, served);
const { namespace } = scene;

describe('ingress-ha explain', { concurrency: true }, () => {
  test('says that a Lease would be freed, and it is', async () => {
    const subject = await aLed(scene);

    const { exitCode, stdout, stderr } = await explain(scene, subject.address);
    killLeader(scene, subject);

    assert.deepEqual([exitCode, stderr], [0, ''], stdout);
    assert.ok(stdout.startsWith(`If ${subject.leader.pod} died now, its`), stdout);
    assert.match(unwrapped(stdout), /Lease would be freed: nobody would lead for 3\.5 s at most/);
    assert.doesNotMatch(stdout, /^[✗?]/m);
    await assertFreed(scene, subject, 'Crash');
  });

  test('says so of a single replica too, which then leads again', async () => {
    const subject = await aLed(scene, { replicas: 1 });

    const { exitCode, stdout } = await explain(scene, subject.address);
    killLeader(scene, subject);

    assert.equal(exitCode, 0, stdout);
    assert.match(
      unwrapped(stdout),
      /No other replica is Ready: the next leader is the restarted one/,
    );
    assert.equal((await assertFreed(scene, subject, 'Crash')).winner, 'Restarted');
  });

  for (const mode of ['Observe', 'Disabled'] as const) {
    test(`says that in mode ${mode} it would not be freed, and it expires`, async () => {
      const reason = mode === 'Observe' ? 'True/ObserveOnly' : 'False/Disabled';
      const subject = await ledWith({ failover: { mode } }, `FailoverAssistReady=${reason}`);

      const { exitCode, stdout } = await explain(scene, subject.address);
      await deleteLeader(scene, subject);

      assert.equal(exitCode, 1, stdout);
      assert.match(unwrapped(stdout), new RegExp(`NOT be freed: .failover\\.mode. is ${mode}`));
      const assist = mode === 'Observe' ? 'Observed' : 'Disabled';
      await assertExpired(scene, subject, { assist });
    });
  }

  test('says that the Lease of a stranger would not be freed, and it is left alone', async () => {
    const address = { namespace, name: uniqueName('led') };
    const mark = e2e.audit.mark();
    await e2e.admin.create(strangersLease(address));
    await e2e.apply(anObject({ ...address, spec: running() }));
    await e2e.condition(address, 'Stalled=True/LeaseConflict');

    const { exitCode, stdout } = await explain(scene, address);

    assert.equal(exitCode, 1, stdout);
    assert.match(
      unwrapped(stdout),
      /NOT be freed: the Lease does not carry our labels, or has an owner/,
    );
    assert.match(stdout, /^✗ The Lease is ours/m);
    assert.deepEqual(leaseWrites(scene, { address, mark }), []);
  });

  test('says that nobody leads while no replica is wanted', async () => {
    const { metadata } = await e2e.apply(anObject({ namespace }));
    await e2e.condition(metadata, 'Ready=True/ScaledToZero');

    const { exitCode, stdout } = await explain(scene, { namespace, name: metadata.name });

    assert.equal(exitCode, 1);
    assert.match(stdout, /^Nobody leads now: `spec\.replicas` is 0\.\n/);
  });

  test('doubts that anybody would free it once the operator is gone, and it expires', async () => {
    const alone = await startScene(e2e, orphaned);
    const subject = await aLed(alone, EXPIRING);
    await orphaned.kill();

    const { stdout } = await eventually(
      'explain misses the operator',
      async () => {
        const end = await explain(alone, subject.address);
        return end.exitCode === 2 && end;
      },
      SILENT,
    );
    killLeader(alone, subject);

    assert.match(
      unwrapped(stdout),
      /could not be told: perhaps no operator leads: the last one, .* renewed its own Lease/,
    );
    await eventually('the Lease has changed hands', async () => {
      const { spec } = await e2e.admin.read(LeaseKind, leaseOf(subject.address));
      return holderOf(spec) !== subject.leader.identity;
    });
    assert.deepEqual(leaseWrites(alone, subject), []);
  });
});

async function ledWith(spec: Parameters<typeof running>[0], condition: string): Promise<Subject> {
  const address = { namespace, name: uniqueName('led') };
  await e2e.apply(anObject({ ...address, spec: running(spec) }));
  return led(scene, address, condition);
}

/** As the cluster's admin. */
function explain({ operator }: FailoverScene, { namespace: where, name }: Subject['address']) {
  return runBundle([
    ...['explain', name, '-n', where, '--operator-namespace', operator.operatorNamespace],
    ...['--kubeconfig', e2e.testbed.kubeconfig],
  ]);
}

function strangersLease(address: Subject['address']) {
  const { apiVersion, kind } = LeaseKind;
  const times = { acquireTime: MOMENT, renewTime: MOMENT };
  const spec = { holderIdentity: 'a-stranger', leaseDurationSeconds: 3_600, ...times };
  return { apiVersion, kind, metadata: leaseOf(address), spec };
}

const MOMENT = '2026-01-01T00:00:00.000000Z';

function leaseOf({ namespace: where, name }: Subject['address']) {
  return { namespace: where, name: `${name}-leader` };
}

function holderOf(spec: unknown): unknown {
  return (spec as { readonly holderIdentity?: unknown } | undefined)?.holderIdentity;
}

function unwrapped(text: string): string {
  return text.replace(/\s+/g, ' ');
}
