/** After a strike: watches until another pod leads and works, and measures how long nobody led. */
import { defined } from '../../../base/defined.ts';
import { hasName } from '../../live/has-name.ts';
import type { DrillContext } from '../context.ts';
import type { Evidence } from '../decide/evidence.ts';
import { type Measured, measure } from '../decide/measure.ts';
import type { TrialSpec } from '../decide/trial-spec.ts';
import type { Trial } from '../decide/verdict.ts';
import { failoverRecord } from './failover-record.ts';
import { afterInterruption, staysText } from './leftovers.ts';
import { lastHolder, type Monitor } from './monitor.ts';
import { followPushes, type PushesBefore, type PushFollower, watchWork } from './pushes.ts';
import { instant, leaderOf, takeoverOf } from './takeover.ts';
import { stopped, type TrialEnd } from './trial-end.ts';

const CHECK_EVERY_MS = 50;
/** Beyond the longest failover, in ms: a process that finishes its work first, and a kubelet that is slow. */
const FURTHER_WAIT_MS = 30_000;
const DEFAULT_WORST_CASE_MS = 60_000;

/** What a trial is watched by. */
export interface TrialState {
  readonly monitor: Monitor;
  readonly before: PushesBefore;
}

/** After the strike. */
interface StruckState extends TrialState {
  /** When the request was sent that ends the leader, in ms on the monotonic clock. */
  readonly struckAtMs: number;
  readonly follower?: PushFollower;
}

/**
 * The trial once another pod leads, or once nobody did for the worst case and 30 s more. The pushes of the old leader are
 * followed meanwhile, but for a crash: there the pod may work again in a new process.
 */
export async function awaitTakeover(
  context: DrillContext,
  spec: TrialSpec,
  state: StruckState,
): Promise<TrialEnd> {
  const asks = spec.method !== 'crash' && state.before.kind === 'known';
  const follower = asks ? followPushes(context, spec.target.leader.name) : undefined;
  try {
    return await watch(context, spec, defined({ ...state, follower }));
  } finally {
    follower?.stop();
  }
}

async function watch(
  context: DrillContext,
  spec: TrialSpec,
  state: StruckState,
): Promise<TrialEnd> {
  const { clock, io } = context;
  const { view } = spec.snapshot;
  const worstMs = view.election?.worstCaseFailoverMilliseconds ?? DEFAULT_WORST_CASE_MS;
  const endAtMs = state.struckAtMs + worstMs + FURTHER_WAIT_MS;
  for (;;) {
    await state.monitor.read();
    const measured = measure(evidenceOf(spec, state));
    if (measured !== undefined) return takenOver(context, spec, { ...state, measured });
    if (io.interrupted.aborted) return stopped('interrupted', afterInterruption(spec));
    if (clock.nowMs() >= endAtMs) return notTakenOver(context, spec, state);
    await clock.sleep(CHECK_EVERY_MS, io.interrupted);
  }
}

function evidenceOf(
  { target }: TrialSpec,
  { monitor, struckAtMs, follower }: StruckState,
): Evidence {
  const { leases, death } = monitor;
  const from = target.identity;
  return defined({ from, struckAtMs, leases, workedAtMs: follower?.workedAtMs, death });
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
  const record = await failoverRecord(context, pair);
  const takeover = takeoverOf(context, measured, { to, workResult });
  const trial = defined({ ...trialOf(context, spec, state), takeover, record });
  return { kind: 'done', trial, takenOverAtMs: measured.seenAtMs };
}

/** A leader whose process was not ended is no failover that was too slow. */
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
  const from = leaderOf(target.identity, (name) => snapshot.instance.pods.find(hasName(name)));
  return { number, method, from, struckAt: instant(context, struckAtMs) };
}
