/**
 * Takes one leader down and tells what came of it:
 *
 *     watch ─► see it renew ─► announce ─► strike ─► see another lead ─► see it work ─► read history
 *
 * Interrupted before the strike it takes the announcement back; afterwards the failover runs on by itself.
 */

import { parseDurationMs } from '../../../api/duration.ts';
import { leaseNameOf } from '../../../api/lease-name.ts';
import { failureOf } from '../../../base/failure.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { record, text } from '../../../base/read.ts';
import { type DrillContext, explained } from '../context.ts';
import { type Measured, measure } from '../decide/measure.ts';
import type { DrillSnapshot } from '../decide/safety.ts';
import type { TrialSpec } from '../decide/trial-spec.ts';
import type { Stop, Trial } from '../decide/verdict.ts';
import { failoverRecord } from './failover-record.ts';
import { afterInterruption, afterNoStrike, afterWithdrawal, staysText } from './leftovers.ts';
import { type Monitor, startMonitor } from './monitor.ts';
import {
  followPushes,
  NOT_ASKED,
  type PushesBefore,
  type PushFollower,
  pushesBefore,
  watchWork,
} from './pushes.ts';
import { announce, strike, withdraw } from './strike.ts';
import { instant, leaderOf, takeoverOf } from './takeover.ts';

export type TrialEnd =
  | { readonly kind: 'done'; readonly trial: Trial; readonly takenOverAtMs?: number }
  | { readonly kind: 'stopped'; readonly stop: Stop };

const LOOK_EVERY_MS = 50;
/** Beyond the longest failover: a process that finishes its work first, and a kubelet that is slow. */
const PATIENCE_MS = 30_000;
const DEFAULT_WORST_CASE_MS = 60_000;
const DEFAULT_RETRY_PERIOD_MS = 2_000;
/** A leader that lives renews in one retry period. */
const RENEWS_WITHIN_PERIODS = 4;

export async function takeDown(context: DrillContext, spec: TrialSpec): Promise<TrialEnd> {
  const { snapshot, target } = spec;
  const { resource } = snapshot.objects;
  const watched = { leaseName: leaseNameOf(resource), leader: target.leader };
  let monitor: Monitor;
  try {
    monitor = await startMonitor(context, watched);
  } catch (error) {
    return stopped('unknown', explained(context, failureOf(error)));
  }
  try {
    const before =
      spec.workWithinMs === undefined ? NOT_ASKED : await pushesBefore(context, target);
    const silent = await seeRenewal(context, spec, monitor);
    if (silent !== undefined) return { kind: 'stopped', stop: silent };
    return await strikeAndSee(context, spec, { monitor, before });
  } finally {
    monitor.stop();
  }
}

/** The pause between two renewals, in ms. */
export function retryPeriodOf({ objects: { resource } }: DrillSnapshot): number {
  const { retryPeriod } = record(record(resource.spec).leaderElection);
  return parseDurationMs(text(retryPeriod) ?? '') ?? DEFAULT_RETRY_PERIOD_MS;
}

interface TrialState {
  readonly monitor: Monitor;
  readonly before: PushesBefore;
}

/** It lives until the strike, and the watch works: only then is anything measured by them. */
async function seeRenewal(
  context: DrillContext,
  spec: TrialSpec,
  monitor: Monitor,
): Promise<Stop | undefined> {
  const { clock, io } = context;
  const { identity, leader } = spec.target;
  const [first] = monitor.leases;
  const limitMs = RENEWS_WITHIN_PERIODS * retryPeriodOf(spec.snapshot) + 1_000;
  for (const endAtMs = clock.nowMs() + limitMs; clock.nowMs() < endAtMs; ) {
    if (io.interrupted.aborted) return interrupted('Nothing was done.');
    const { failure } = monitor;
    if (failure !== undefined) return { kind: 'unknown', why: explained(context, failure) };
    const renewed = monitor.leases.some(({ sentAtMs, record: { holderIdentity, renewTime } }) => {
      const isNew = renewTime !== first?.record.renewTime;
      return sentAtMs === undefined && isNew && holderIdentity === identity;
    });
    if (renewed) return undefined;
    await clock.sleep(LOOK_EVERY_MS, io.interrupted);
  }
  const why = `Not begun: Pod "${leader.name}" has not renewed its Lease within ${limitMs / 1000} s.`;
  return { kind: 'refused', why };
}

async function strikeAndSee(
  context: DrillContext,
  spec: TrialSpec,
  state: TrialState,
): Promise<TrialEnd> {
  const { clock, io } = context;
  const { name, uid } = spec.target.leader;
  const announced = await announce(context, uid, { name, cause: spec.cause });
  // What another drill has announced is not ours to take back.
  if (announced.kind === 'failed') return stopped('unknown', announced.why);
  if (announced.kind === 'in-doubt') {
    return stopped('unknown', await afterWithdrawal(context, spec, announced.why));
  }
  await state.monitor.read();
  if (io.interrupted.aborted) {
    const why = `Interrupted before Pod "${name}" was touched, and the announcement is taken back.`;
    return stopped('interrupted', await afterWithdrawal(context, spec, why));
  }
  if (lastHolder(state.monitor) !== spec.target.identity) {
    const why = `Pod "${name}" does not lead any more, so it was not touched, and the announcement is taken back.`;
    return stopped('refused', await afterWithdrawal(context, spec, why));
  }
  const pod = state.monitor.pod(name) ?? spec.snapshot.objects.pods.find(hasName(name));
  if (spec.saying !== undefined) io.stderr.write(`${spec.saying}\n`);
  const struckAtMs = clock.nowMs();
  const strikeTarget = { pod: pod ?? emptyPod(spec), ...(spec.image && { image: spec.image }) };
  const struck = await strike(context, spec.method, strikeTarget);
  if (struck.kind !== 'done') return stopped('unknown', await afterNoStrike(context, spec, struck));
  const ending = await seeEnd(context, spec, { ...state, struckAtMs });
  if (spec.method !== 'crash') return ending; // the announcement goes with the pod
  const left = await withdraw(context, { name, uid });
  if (left !== undefined) io.stderr.write(`${left}\n`);
  return ending;
}

interface StruckState extends TrialState {
  readonly struckAtMs: number;
  readonly follower?: PushFollower;
}

/** A pod that crashed may work again in a new process, so there its metrics tell nothing of the old one. */
async function seeEnd(
  context: DrillContext,
  spec: TrialSpec,
  state: StruckState,
): Promise<TrialEnd> {
  const asks = spec.method !== 'crash' && state.before.kind === 'known';
  const follower = asks ? followPushes(context, spec.target.leader.name) : undefined;
  try {
    return await see(context, spec, { ...state, ...(follower && { follower }) });
  } finally {
    follower?.stop();
  }
}

async function see(context: DrillContext, spec: TrialSpec, state: StruckState): Promise<TrialEnd> {
  const { clock, io } = context;
  const { view } = spec.snapshot;
  const worstMs = view.election?.worstCaseFailoverMilliseconds ?? DEFAULT_WORST_CASE_MS;
  const endAtMs = state.struckAtMs + worstMs + PATIENCE_MS;
  for (;;) {
    await state.monitor.read();
    const measured = measure(evidenceOf(spec, state));
    if (measured !== undefined) return takenOver(context, spec, { ...state, measured });
    if (io.interrupted.aborted) return stopped('interrupted', afterInterruption(spec));
    if (clock.nowMs() >= endAtMs) return notTakenOver(context, spec, state);
    await clock.sleep(LOOK_EVERY_MS, io.interrupted);
  }
}

function evidenceOf({ target }: TrialSpec, { monitor, struckAtMs, follower }: StruckState) {
  const { leases, death } = monitor;
  const workedAtMs = follower?.workedAtMs;
  return {
    from: target.identity,
    struckAtMs,
    leases,
    ...(workedAtMs !== undefined && { workedAtMs }),
    ...(death !== undefined && { death }),
  };
}

async function takenOver(
  context: DrillContext,
  spec: TrialSpec,
  state: StruckState & { readonly measured: Measured },
): Promise<TrialEnd> {
  const { measured, monitor, before } = state;
  const to = leaderOf(measured.to, (name) => monitor.pod(name));
  const workResult = await watchWork(
    context,
    { pod: to.pod, measured, before },
    spec.workWithinMs ?? 0,
  );
  const pair = { from: spec.target.identity, to: measured.to };
  const told = await failoverRecord(context, pair);
  const takeover = takeoverOf(context, measured, { to, workResult });
  const trial = { ...trialOf(context, spec, state), takeover, ...(told && { record: told }) };
  return { kind: 'done', trial, takenOverAtMs: measured.seenAtMs };
}

/** A leader that was not hit is no failover that was too slow. */
function notTakenOver(context: DrillContext, spec: TrialSpec, state: StruckState): TrialEnd {
  const { identity, leader } = spec.target;
  if (
    lastHolder(state.monitor) === identity &&
    state.monitor.death === undefined &&
    spec.method === 'crash'
  ) {
    const why = `Pod "${leader.name}" still leads: its process was not ended. Perhaps the container runtime ignores the target of an ephemeral container, or its image has no node (--image).`;
    return stopped('unknown', `${why} ${staysText('An ephemeral container', [leader.name])}`);
  }
  return { kind: 'done', trial: trialOf(context, spec, state) };
}

function trialOf(context: DrillContext, spec: TrialSpec, { struckAtMs }: StruckState): Trial {
  const { number, method, target, snapshot } = spec;
  const from = leaderOf(target.identity, (name) => snapshot.objects.pods.find(hasName(name)));
  return { number, method, from, struckAt: instant(context, struckAtMs) };
}

function lastHolder({ leases }: Monitor): string | undefined {
  return leases.at(-1)?.record.holderIdentity;
}

function interrupted(what: string): Stop {
  return { kind: 'interrupted', why: `Interrupted. ${what}` };
}

function stopped(kind: Stop['kind'], why: string): TrialEnd {
  return { kind: 'stopped', stop: { kind, why } };
}

function hasName(name: string) {
  return ({ metadata }: KubeObject) => metadata.name === name;
}

/** Never needed: the look has every pod that it names. */
function emptyPod({ target: { leader } }: TrialSpec): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: leader.name, uid: leader.uid } };
}
