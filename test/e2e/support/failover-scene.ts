/**
 * Candidates whose leaders end: an operator that watches them, and witnesses of what happens. Every
 * event of Leases and pods is kept with its instant, the candidates' journals are read, and an oracle
 * looks at a leader's process whenever its Lease is freed.
 */
import { join } from 'node:path';
import { after } from 'node:test';
import type { PassThrough } from '../../../operator/api/ha.ts';
import { LeaseKind, PodKind } from '../../../operator/base/resource-kinds.ts';
import { mergeMaps } from '../../../operator/desired/merge.ts';
import { NAME_LABEL } from '../../../operator/desired/naming.ts';
import { type HolderProcess, Oracle } from '../../bench/failover/oracle.ts';
import { Journals } from '../../bench/support/journals.ts';
import { Observer, type Sight } from '../../bench/support/observer.ts';
import { anObject, at, RUNNING, running, uniqueName } from './an-object.ts';
import type { AuditMark } from './audit.ts';
import { eventually } from './eventually.ts';
import type { Harness } from './harness.ts';
import type { TestOperator } from './operator.ts';

export interface FailoverScene {
  readonly e2e: Harness;
  readonly operator: TestOperator;
  readonly namespace: string;
  readonly observer: Observer;
  readonly journals: Journals;
  readonly oracle: Oracle;
  /** Of all Leases and pods, oldest first. */
  readonly sights: readonly Sight[];
}

/** A resource with a leader. */
export interface Subject {
  readonly address: { readonly namespace: string; readonly name: string };
  readonly leader: Leader;
  /** No standby may take over earlier, unless the Lease is freed. */
  readonly leaseDurationMs: number;
  /** The leader's election was over by then. */
  readonly mark: AuditMark;
}

export interface Leader extends HolderProcess {
  readonly identity: string;
  /** Of the Lease, up to this leader. */
  readonly transitions: number;
}

/**
 * No Lease expires and no leader gives up while a busy machine is slow to report: how fast a Lease that
 * is freed changes hands depends on the retry period alone.
 */
const UNHURRIED = { leaderElection: { leaseDuration: '30s', renewDeadline: '20s' } };
/** For tests that wait until a Lease has expired. */
export const EXPIRING = { leaderElection: RUNNING.leaderElection };
const WATCHING = 'FailoverAssistReady=True/Watching';
/** Pods that start on a busy machine, and an election. */
const SETTLES = { within: 60_000 };

/** In a namespace that `operator` serves; the witnesses go with the test file. */
export async function startScene(
  e2e: Harness,
  operator: TestOperator,
  namespace = operator.namespace,
): Promise<FailoverScene> {
  const { kubeconfig, folder } = e2e.testbed;
  const observer = await Observer.start(kubeconfig, [namespace], [PodKind]);
  const journals = new Journals(join(folder, 'pod-logs'), namespace);
  const sights: Sight[] = [];
  observer.listen((sight) => {
    if ([LeaseKind.kind, PodKind.kind].includes(sight.object.kind)) sights.push(sight);
  });
  after(async () => {
    journals.stop();
    await observer.stop();
  });
  const oracle = new Oracle(observer, journals);
  return { e2e, operator, namespace, observer, journals, oracle, sights };
}

/** A new resource at 30/20/1, unless `spec` says otherwise, once its leader is watched. */
export async function aLed(scene: FailoverScene, spec: PassThrough = {}): Promise<Subject> {
  const address = { namespace: scene.namespace, name: uniqueName('led') };
  await scene.e2e.apply(anObject({ ...address, spec: running(mergeMaps(UNHURRIED, spec)) }));
  return led(scene, address);
}

/** A new resource at 10/7/1 with all its children and no pods yet: set `replicas` for that. */
export async function aSleeping(scene: FailoverScene): Promise<Subject['address']> {
  const address = { namespace: scene.namespace, name: uniqueName('led') };
  await scene.e2e.apply(anObject({ ...address, spec: running({ replicas: 0 }) }));
  await scene.e2e.condition(address, 'Ready=True/ScaledToZero');
  return address;
}

/**
 * A resource that is there already, once it is Ready and `condition` is told. Its leader has renewed
 * just now: its Lease has not rested, and it leads for more than a second, which is all that a kubelet
 * can tell apart.
 */
export async function led(
  scene: FailoverScene,
  address: Subject['address'],
  condition = WATCHING,
): Promise<Subject> {
  const { e2e, observer } = scene;
  await e2e.condition(address, 'Ready=True/AsSpecified', SETTLES);
  await e2e.condition(address, condition, SETTLES);
  const leading = await leadingNow(scene, address);
  await observer.until(`the Lease of ${address.name} is renewed`, (sight) => {
    return isOf(sight, address, LeaseKind.kind);
  });
  return { address, ...leading, mark: e2e.audit.mark() };
}

/** Who leads now, once its process is known. */
function leadingNow(
  scene: FailoverScene,
  address: Subject['address'],
): Promise<Pick<Subject, 'leader' | 'leaseDurationMs'>> {
  return eventually(`${address.name} has a leader`, () => {
    const lease = sightsOf(scene, address, LeaseKind.kind).at(-1)?.object;
    const identity = String(at(lease, 'spec.holderIdentity') ?? '');
    const found = scene.oracle.processOf(identity);
    const transitions = Number(at(lease, 'spec.leaseTransitions') ?? 0);
    const leaseDurationMs = Number(at(lease, 'spec.leaseDurationSeconds')) * 1000;
    return found && { leader: { ...found, identity, transitions }, leaseDurationMs };
  });
}

/** Everything that was seen of a resource's pods or of its Lease, oldest first. */
export function sightsOf(
  { sights }: FailoverScene,
  address: Subject['address'],
  kind: string,
): readonly Sight[] {
  return sights.filter((sight) => isOf(sight, address, kind));
}

function isOf({ object }: Sight, { namespace, name }: Subject['address'], kind: string): boolean {
  const { metadata } = object;
  const isTheirs = metadata.namespace === namespace && metadata.labels?.[NAME_LABEL] === name;
  return object.kind === kind && isTheirs;
}
