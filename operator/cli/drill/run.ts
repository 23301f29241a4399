/** A whole drill: is it safe, does the person want it, trial after trial, and what they amount to. */

import type { ConnectionFlags } from '../connection-flags.ts';
import { type DrillContext, type LeaderCommandRequest, withDrillContext } from './context.ts';
import type { Method } from './decide/safety.ts';
import {
  type Drill,
  durationText,
  exitCodeOf,
  type Stop,
  secondsText,
  type Trial,
  verdictOf,
} from './decide/verdict.ts';
import { outsideText, type Window } from './decide/window.ts';
import { recordVerdict, type VerdictEvent } from './report/event.ts';
import { type Format, reportText } from './report/report.ts';
import { checkReady, INTERRUPTED, type Ready, settleAgain } from './settle.ts';
import { staysText } from './trial/leftovers.ts';
import { type TrialEnd, takeDown } from './trial/take-down.ts';

export interface DrillFlags extends ConnectionFlags {
  readonly namespace?: string;
  readonly method: Method;
  readonly trials: number;
  readonly maxLeaderless: number;
  /** How long a trial waits for the new leader's first push, in ms. */
  readonly workTimeout: number;
  /** How long to wait between trials, in ms. */
  readonly settleTimeout: number;
  readonly metrics: boolean;
  readonly output: Format;
  readonly yes?: true;
  readonly ifHealthy?: true;
  readonly recordEvent?: true;
  readonly window?: Window;
  readonly timeZone: string;
  readonly image?: string;
}

export interface DrillRequest extends LeaderCommandRequest {
  readonly flags: DrillFlags;
}

type ExitCode = 0 | 1 | 2;

/** 0 within the limit in all trials, 1 too slow or not recovered, 2 refused or not told. */
export function runDrill(request: DrillRequest): Promise<ExitCode> {
  return withDrillContext(request, (context) => drill(context, request.flags));
}

async function drill(context: DrillContext, flags: DrillFlags): Promise<ExitCode> {
  const { io } = context;
  const first = await mayBegin(context, flags);
  if (first.kind === 'refused' && flags.ifHealthy) return skipped(context, flags, first);
  if (first.kind !== 'ready') return conclude(context, flags, { trials: [], stop: first });
  if (flags.yes) return conclude(context, flags, await runTrials(context, flags, first));
  if (!(await isWanted(context, flags, first))) {
    io.stderr.write('Nothing was done.\n');
    return 2;
  }
  // A person may have thought it over for long.
  return conclude(context, flags, await runTrials(context, flags, await mayBegin(context, flags)));
}

/** The window first: outside of it nothing is even looked at. */
async function mayBegin(context: DrillContext, flags: DrillFlags): Promise<Ready | Stop> {
  return windowStop(context, flags) ?? (await checkReady(context, flags.method));
}

function windowStop({ clock }: DrillContext, { window, timeZone }: DrillFlags): Stop | undefined {
  const why = window && outsideText(window, clock.wallClock(), timeZone);
  return why === undefined ? undefined : { kind: 'refused', why };
}

async function isWanted({ io, namespace, name }: DrillContext, flags: DrillFlags, first: Ready) {
  const { method, trials } = flags;
  const what = { delete: 'Delete', evict: 'Evict', crash: 'Crash' }[method];
  const times = trials === 1 ? '' : `, and the next leader, ${trials} times in all`;
  for (const caution of first.cautions) io.stderr.write(`${caution}\n`);
  const question = `${what} Pod "${first.target.leader.name}", which leads ${namespace}/${name}${times}? [y/N] `;
  return /^y(es)?$/i.test((await io.ask?.(question)) ?? '');
}

interface Ran {
  readonly trials: readonly Trial[];
  readonly stop?: Stop;
}

async function runTrials(
  context: DrillContext,
  flags: DrillFlags,
  first: Ready | Stop,
): Promise<Ran> {
  const trials: Trial[] = [];
  const { cautions, assisted } = first.kind === 'ready' ? first : { cautions: [], assisted: false };
  let ready = first;
  for (let number = 1; number <= flags.trials; number += 1) {
    if (ready.kind !== 'ready') return { trials, stop: ready };
    if (context.io.interrupted.aborted) return { trials, stop: INTERRUPTED };
    const closed = windowStop(context, flags);
    if (closed !== undefined) return { trials, stop: closed };
    if (number === 1 && flags.yes) tell(context, cautions);
    const ending = await runTrial(context, flags, { number, ready });
    if (ending.kind === 'stopped') return { trials, stop: ending.stop };
    trials.push(ending.trial);
    if (ending.takenOverAtMs === undefined || number === flags.trials) return { trials };
    const earlier = {
      takenOverAtMs: ending.takenOverAtMs,
      assisted,
      withinMs: flags.settleTimeout,
    };
    ready = windowStop(context, flags) ?? (await settleAgain(context, flags.method, earlier));
  }
  return { trials };
}

async function runTrial(
  context: DrillContext,
  flags: DrillFlags,
  { number, ready }: { readonly number: number; readonly ready: Ready },
): Promise<TrialEnd> {
  const { method, trials, metrics, workTimeout, image } = flags;
  const { snapshot, target } = ready;
  const doing = { delete: 'deleting', evict: 'evicting', crash: 'crashing' }[method];
  const ending = await takeDown(context, {
    ...{ number, method, cause: 'Drill', snapshot, target },
    saying: `Trial ${number} of ${trials}: ${doing} Pod "${target.leader.name}", which leads.`,
    ...(metrics && { workWithinMs: workTimeout }),
    ...(image !== undefined && { image }),
  });
  const takeover = ending.kind === 'done' ? ending.trial.takeover : undefined;
  if (takeover === undefined) return ending;
  const after = durationText(takeover.leaderless);
  tell(context, [`Trial ${number} of ${trials}: Pod "${takeover.to.pod}" leads after ${after}.`]);
  return ending;
}

function tell({ io }: DrillContext, lines: readonly string[]): void {
  for (const line of lines) io.stderr.write(`${line}\n`);
}

async function conclude(context: DrillContext, flags: DrillFlags, ran: Ran): Promise<ExitCode> {
  const { io } = context;
  const { method, output } = flags;
  const { trials, stop } = ran;
  const told = drillOf(context, flags, ran);
  const verdict = verdictOf(told);
  const begun = trials.length > 0;
  if (!begun && stop !== undefined) tell(context, [stop.why]);
  if (begun || output !== 'table') {
    io.stdout.write(reportText({ drill: told, verdict }, output, io.terminal?.columns ?? 80));
  }
  if (method === 'crash' && begun) {
    const pods = trials.map(({ from }) => from.pod);
    tell(context, [staysText('An ephemeral container that has ended', pods)]);
  }
  // The window has closed, or something else has begun meanwhile: what was done counts.
  const cutShort = verdict.kind === 'undecided' && stop?.kind === 'refused';
  const enough = flags.ifHealthy === true && begun && cutShort;
  const exitCode = enough ? 0 : exitCodeOf(verdict);
  const reason =
    exitCode === 0 ? 'DrillPassed' : begun || exitCode === 1 ? 'DrillFailed' : 'DrillSkipped';
  const limit = secondsText(flags.maxLeaderless);
  const message = `${method} the leader, limit ${limit}: ${verdict.text}`;
  await record(context, flags, { reason, message });
  return exitCode;
}

/** Nothing is wrong with a drill that does not take place. */
async function skipped(context: DrillContext, flags: DrillFlags, stop: Stop): Promise<0> {
  const { io } = context;
  const verdict = { kind: 'skipped', text: stop.why } as const;
  const report = { drill: drillOf(context, flags, { trials: [], stop }), verdict };
  io.stdout.write(reportText(report, flags.output, io.terminal?.columns ?? 80));
  await record(context, flags, { reason: 'DrillSkipped', message: `Skipped: ${stop.why}` });
  return 0;
}

function drillOf(
  { namespace, name }: DrillContext,
  flags: DrillFlags,
  { trials, stop }: Ran,
): Drill {
  const { method, trials: wantedTrials, maxLeaderless: maxLeaderlessMs } = flags;
  const settings = { namespace, name, method, wantedTrials, maxLeaderlessMs };
  return { ...settings, trials, ...(stop !== undefined && { stop }) };
}

async function record(
  context: DrillContext,
  { recordEvent }: DrillFlags,
  event: VerdictEvent,
): Promise<void> {
  if (!recordEvent) return;
  const problem = await recordVerdict(context, event);
  if (problem !== undefined) tell(context, [problem]);
}
