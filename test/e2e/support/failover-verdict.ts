/** What must hold after a failover: how it is told, what was written, and what must never have been. */
import assert from 'node:assert/strict';
import type { FailoverRecord } from '../../../operator/api/types.generated.ts';
import { LeaseKind, PodKind } from '../../../operator/base/resource-kinds.ts';
import { firstSyncAtNs, leaderlessNs, termsOf, violations } from '../../support/history.ts';
import { longestLatenessMs } from '../../support/lateness.ts';
import { at, statusOf } from './an-object.ts';
import { describeEntry, writes } from './audit.ts';
import { eventually, type Patience } from './eventually.ts';
import { type FailoverScene, type Subject, sightsOf } from './failover-scene.ts';

/** Of two events the later may have reached this process sooner after its commit. */
const WATCH_DELAY_MS = 200;
/**
 * In durations of a Lease: an operator that got no CPU sees the last renewal late, and then the expiry seems
 * early. A Lease that was freed changes hands in a small part of one.
 */
const EXPIRED = 0.7;
const FORBIDDEN = 403;
/** A Lease of 10 s has expired by then, also on a busy machine. */
const CHANGES_HANDS = { within: 40_000 };

/** What the status tells about the end of this leader, once it does. */
export function failoverFrom(
  { e2e }: FailoverScene,
  { address, leader }: Subject,
  patience: Patience = CHANGES_HANDS,
): Promise<FailoverRecord> {
  const { namespace, name } = address;
  return eventually(
    `the status of ${name} tells of the end of ${leader.identity}`,
    async () => {
      const { failovers = [] } = statusOf(await e2e.resource(namespace, name));
      return failovers.find(({ fromIdentity }) => fromIdentity === leader.identity);
    },
    patience,
  );
}

/** By how much the time between two events may seem too short from here, in ms. */
export function watchDelayMs(): number {
  return WATCH_DELAY_MS + longestLatenessMs();
}

/** The Lease was freed by one write, after the leader's end and before it could have expired. */
export async function assertFreed(
  scene: FailoverScene,
  subject: Subject,
  cause: FailoverRecord['cause'],
): Promise<FailoverRecord> {
  const record = await failoverFrom(scene, subject);
  const told = { cause: record.cause, assist: record.assist };
  assert.deepEqual(told, { cause, assist: 'Cleared' }, JSON.stringify(record));
  const { leaderlessMilliseconds = 0 } = record;
  assert.ok(leaderlessMilliseconds > 0 && leaderlessMilliseconds < subject.leaseDurationMs);
  const { name } = subject.address;
  assert.deepEqual(leaseWrites(scene, subject), [`update leases/${name}-leader 200`]);
  assert.deepEqual(clearsOf(scene, subject), [
    { holder: subject.leader.identity, process: 'dead' },
  ]);
  await assertSound(scene, subject);
  return record;
}

/** The Lease expired as it would have without an operator, which has not touched it. */
export async function assertExpired(
  scene: FailoverScene,
  subject: Subject,
  expected: Partial<FailoverRecord> = {},
): Promise<FailoverRecord> {
  const record = await failoverFrom(scene, subject);
  assert.deepEqual({ ...record, ...expected }, record);
  const { leaderlessMilliseconds = 0 } = record;
  assert.ok(leaderlessMilliseconds > EXPIRED * subject.leaseDurationMs);
  assertUntouched(scene, subject);
  await assertSound(scene, subject);
  return record;
}

export function assertUntouched(scene: FailoverScene, subject: Subject): void {
  assert.deepEqual(leaseWrites(scene, subject), []);
  assert.deepEqual(clearsOf(scene, subject), []);
}

/** One change of hands; who leads now does its work; and there were no two at any time. */
export async function assertSound(
  scene: FailoverScene,
  { address, leader }: Subject,
  changes = 1,
): Promise<void> {
  const lease = await scene.e2e.admin.read(LeaseKind, leaseOf(address));
  assert.equal(at(lease, 'spec.leaseTransitions'), leader.transitions + changes);
  const holder = String(at(lease, 'spec.holderIdentity'));
  await eventually(`${holder} has pushed`, () => {
    return firstSyncAtNs(scene.journals.of(address.name), holder) !== undefined;
  });
  assertNoOverlap(scene, address);
}

/** How long nobody led between the two, by the journals of the candidates themselves; in ms. */
export function leaderlessMs(
  { journals }: FailoverScene,
  { address }: Subject,
  { fromIdentity, toIdentity }: Pick<FailoverRecord, 'fromIdentity' | 'toIdentity'>,
): number {
  journals.read();
  return leaderlessNs(termsOf(journals.of(address.name)), fromIdentity, toIdentity) / 1e6;
}

/** No two leaders and no two writers, by the journals up to now. */
export function assertNoOverlap({ journals }: FailoverScene, { name }: Subject['address']): void {
  journals.read();
  const told = journals.of(name);
  assert.ok(told.length > 1, 'there are journals to judge by');
  assert.deepEqual(violations(told), []);
}

/** Every write of the operator to the Lease since its leader was elected, tried or done. */
export function leaseWrites(
  { e2e, operator: { user } }: FailoverScene,
  { address, mark }: Pick<Subject, 'address' | 'mark'>,
): readonly string[] {
  const { name } = leaseOf(address);
  const entries = e2e.audit.since(mark, { user, resource: LeaseKind.plural, name });
  const allowed = entries.filter(({ code }) => code !== FORBIDDEN);
  return writes(allowed).map(describeEntry);
}

/** Whose process was dead, or not, when its Lease was freed. */
export function clearsOf({ oracle }: FailoverScene, { address }: Pick<Subject, 'address'>) {
  return oracle.clears
    .filter(({ resource }) => resource === address.name)
    .map(({ holder, process }) => ({ holder, process }));
}

export interface Freeing {
  /** When the last renewal before it was seen. */
  readonly renewedAtMs: number;
  /** When a pod's status was seen that tells of the leader's end. */
  readonly reportedAtMs: number;
  readonly freedAtMs: number;
}

/** When the Lease was seen without a holder, and what had led to it. */
export function freeingOf(scene: FailoverScene, { address, leader }: Subject): Freeing {
  const leases = sightsOf(scene, address, LeaseKind.kind);
  const holderOf = (index: number) => at(leases[index]?.object, 'spec.holderIdentity');
  const freed = leases.findIndex((_, index) => {
    return holderOf(index) === '' && holderOf(index - 1) === leader.identity;
  });
  const [renewal, freeing] = [leases[freed - 1], leases[freed]];
  const report = sightsOf(scene, address, PodKind.kind).find(({ object }) => {
    return ['state', 'lastState'].some((state) => {
      const path = `status.containerStatuses[manager].${state}.terminated.containerID`;
      return String(at(object, path)).endsWith(`/${leader.containerId}`);
    });
  });
  assert.ok(renewal && freeing && report, `the Lease of ${leader.identity} was seen empty`);
  return { renewedAtMs: renewal.atMs, reportedAtMs: report.atMs, freedAtMs: freeing.atMs };
}

function leaseOf({ namespace, name }: Subject['address']) {
  return { namespace, name: `${name}-leader` };
}
