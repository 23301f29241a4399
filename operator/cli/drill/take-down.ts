/**
 * Takes one leader down and tells what came of it:
 *
 *     watch ─► see it renew ─► announce ─► strike ─► see another lead ─► see it work ─► read history
 *
 * Interrupted before the strike it takes the announcement back; afterwards the failover runs on by itself.
 */

import { parseDurationMs } from '../../api/duration.ts';
import { leaseNameOf } from '../../api/lease-name.ts';
import { failureOf } from '../../base/failure.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { record, text } from '../../base/read.ts';
import { afterNoStrike, afterWithdrawal, leftBehind, staysText } from './aftermath.ts';
import { type Measured, measure } from './decide/measure.ts';
import type { DrillLook } from './decide/safety.ts';
import type { TrialPlan } from './decide/trial-plan.ts';
import type { Stop, Trial } from './decide/verdict.ts';
import { failoverRecord } from './history.ts';
import { explained, type Site } from './site.ts';
import { announce, strike, withdraw } from './strike.ts';
import { instant, sideOf, takeoverBy } from './trial.ts';
import { startWitness, type Witness } from './witness.ts';
import {
  type Before,
  type Following,
  followPushes,
  NOT_ASKED,
  pushesBefore,
  watchWork,
} from './works.ts';

export type Ending =
  | { readonly kind: 'done'; readonly trial: Trial; readonly takenOverAtMs?: number }
  | { readonly kind: 'stopped'; readonly stop: Stop };

const LOOK_EVERY_MS = 50;
/** Beyond the longest failover: a process that finishes its work first, and a kubelet that is slow. */
const PATIENCE_MS = 30_000;
const DEFAULT_WORST_CASE_MS = 60_000;
const DEFAULT_RETRY_PERIOD_MS = 2_000;
/** A leader that lives renews in one retry period. */
const RENEWS_WITHIN_PERIODS = 4;

export async function takeDown(site: Site, plan: TrialPlan): Promise<Ending> {
  const { look, target } = plan;
  const { resource } = look.objects;
  const watched = { leaseName: leaseNameOf(resource), leader: target.leader };
  let witness: Witness;
  try {
    witness = await startWitness(site, watched);
  } catch (error) {
    return stopped('unknown', explained(site, failureOf(error)));
  }
  try {
    const before = plan.workWithinMs === undefined ? NOT_ASKED : await pushesBefore(site, target);
    const silent = await seeRenewal(site, plan, witness);
    if (silent !== undefined) return { kind: 'stopped', stop: silent };
    return await strikeAndSee(site, plan, { witness, before });
  } finally {
    witness.stop();
  }
}

/** The pause between two renewals, in ms. */
export function retryPeriodOf({ objects: { resource } }: DrillLook): number {
  const { retryPeriod } = record(record(resource.spec).leaderElection);
  return parseDurationMs(text(retryPeriod) ?? '') ?? DEFAULT_RETRY_PERIOD_MS;
}

interface Scene {
  readonly witness: Witness;
  readonly before: Before;
}

/** It lives until the strike, and the watch works: only then is anything measured by them. */
async function seeRenewal(
  site: Site,
  plan: TrialPlan,
  witness: Witness,
): Promise<Stop | undefined> {
  const { clock, io } = site;
  const { identity, leader } = plan.target;
  const [first] = witness.leases;
  const limitMs = RENEWS_WITHIN_PERIODS * retryPeriodOf(plan.look) + 1_000;
  for (const endAtMs = clock.nowMs() + limitMs; clock.nowMs() < endAtMs; ) {
    if (io.interrupted.aborted) return interrupted('Nothing was done.');
    const { failure } = witness;
    if (failure !== undefined) return { kind: 'unknown', why: explained(site, failure) };
    const renewed = witness.leases.some(({ sentAtMs, record: { holderIdentity, renewTime } }) => {
      const isNew = renewTime !== first?.record.renewTime;
      return sentAtMs === undefined && isNew && holderIdentity === identity;
    });
    if (renewed) return undefined;
    await clock.sleep(LOOK_EVERY_MS, io.interrupted);
  }
  const why = `Not begun: Pod "${leader.name}" has not renewed its Lease within ${limitMs / 1000} s.`;
  return { kind: 'refused', why };
}

async function strikeAndSee(site: Site, plan: TrialPlan, scene: Scene): Promise<Ending> {
  const { clock, io } = site;
  const { name, uid } = plan.target.leader;
  const announced = await announce(site, uid, { name, cause: plan.cause });
  // What another drill has announced is not ours to take back.
  if (announced.kind === 'failed') return stopped('unknown', announced.why);
  if (announced.kind === 'in-doubt') {
    return stopped('unknown', await afterWithdrawal(site, plan, announced.why));
  }
  await scene.witness.read();
  if (io.interrupted.aborted) {
    const why = `Interrupted before Pod "${name}" was touched, and the announcement is taken back.`;
    return stopped('interrupted', await afterWithdrawal(site, plan, why));
  }
  if (lastHolder(scene.witness) !== plan.target.identity) {
    const why = `Pod "${name}" does not lead any more, so it was not touched, and the announcement is taken back.`;
    return stopped('refused', await afterWithdrawal(site, plan, why));
  }
  const pod = scene.witness.pod(name) ?? plan.look.objects.pods.find(isCalled(name));
  if (plan.saying !== undefined) io.stderr.write(`${plan.saying}\n`);
  const struckAtMs = clock.nowMs();
  const shot = { pod: pod ?? emptyPod(plan), ...(plan.image && { image: plan.image }) };
  const struck = await strike(site, plan.method, shot);
  if (struck.kind !== 'done') return stopped('unknown', await afterNoStrike(site, plan, struck));
  const ending = await seeEnd(site, plan, { ...scene, struckAtMs });
  if (plan.method !== 'crash') return ending; // the announcement goes with the pod
  const left = await withdraw(site, { name, uid });
  if (left !== undefined) io.stderr.write(`${left}\n`);
  return ending;
}

interface StruckScene extends Scene {
  readonly struckAtMs: number;
  readonly following?: Following;
}

/** A pod that crashed may work again in a new process, so there its metrics tell nothing of the old one. */
async function seeEnd(site: Site, plan: TrialPlan, scene: StruckScene): Promise<Ending> {
  const asks = plan.method !== 'crash' && scene.before.kind === 'known';
  const following = asks ? followPushes(site, plan.target.leader.name) : undefined;
  try {
    return await see(site, plan, { ...scene, ...(following && { following }) });
  } finally {
    following?.stop();
  }
}

async function see(site: Site, plan: TrialPlan, scene: StruckScene): Promise<Ending> {
  const { clock, io } = site;
  const { view } = plan.look;
  const worstMs = view.election?.worstCaseFailoverMilliseconds ?? DEFAULT_WORST_CASE_MS;
  const endAtMs = scene.struckAtMs + worstMs + PATIENCE_MS;
  for (;;) {
    await scene.witness.read();
    const measured = measure(evidenceOf(plan, scene));
    if (measured !== undefined) return takenOver(site, plan, { ...scene, measured });
    if (io.interrupted.aborted) return stopped('interrupted', leftBehind(plan));
    if (clock.nowMs() >= endAtMs) return notTakenOver(site, plan, scene);
    await clock.sleep(LOOK_EVERY_MS, io.interrupted);
  }
}

function evidenceOf({ target }: TrialPlan, { witness, struckAtMs, following }: StruckScene) {
  const { leases, death } = witness;
  const workedAtMs = following?.workedAtMs;
  return {
    from: target.identity,
    struckAtMs,
    leases,
    ...(workedAtMs !== undefined && { workedAtMs }),
    ...(death !== undefined && { death }),
  };
}

async function takenOver(
  site: Site,
  plan: TrialPlan,
  scene: StruckScene & { readonly measured: Measured },
): Promise<Ending> {
  const { measured, witness, before } = scene;
  const to = sideOf(measured.to, (name) => witness.pod(name));
  const worked = await watchWork(site, { pod: to.pod, measured, before }, plan.workWithinMs ?? 0);
  const pair = { from: plan.target.identity, to: measured.to };
  const told = await failoverRecord(site, pair);
  const takeover = takeoverBy(site, measured, { to, worked });
  const trial = { ...trialOf(site, plan, scene), takeover, ...(told && { record: told }) };
  return { kind: 'done', trial, takenOverAtMs: measured.seenAtMs };
}

/** A leader that was not hit is no failover that was too slow. */
function notTakenOver(site: Site, plan: TrialPlan, scene: StruckScene): Ending {
  const { identity, leader } = plan.target;
  if (
    lastHolder(scene.witness) === identity &&
    scene.witness.death === undefined &&
    plan.method === 'crash'
  ) {
    const why = `Pod "${leader.name}" still leads: its process was not ended. Perhaps the container runtime ignores the target of an ephemeral container, or its image has no node (--image).`;
    return stopped('unknown', `${why} ${staysText('An ephemeral container', [leader.name])}`);
  }
  return { kind: 'done', trial: trialOf(site, plan, scene) };
}

function trialOf(site: Site, plan: TrialPlan, { struckAtMs }: StruckScene): Trial {
  const { number, method, target, look } = plan;
  const from = sideOf(target.identity, (name) => look.objects.pods.find(isCalled(name)));
  return { number, method, from, struckAt: instant(site, struckAtMs) };
}

function lastHolder({ leases }: Witness): string | undefined {
  return leases.at(-1)?.record.holderIdentity;
}

function interrupted(what: string): Stop {
  return { kind: 'interrupted', why: `Interrupted. ${what}` };
}

function stopped(kind: Stop['kind'], why: string): Ending {
  return { kind: 'stopped', stop: { kind, why } };
}

function isCalled(name: string) {
  return ({ metadata }: KubeObject) => metadata.name === name;
}

/** Never needed: the look has every pod that it names. */
function emptyPod({ target: { leader } }: TrialPlan): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: leader.name, uid: leader.uid } };
}
