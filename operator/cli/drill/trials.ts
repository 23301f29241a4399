/** The trials of a drill, one after the other. */
import { defined } from '../../base/defined.ts';
import type { DrillContext } from './context.ts';
import { durationText, type Stop, type Trial } from './decide/verdict.ts';
import { outsideText } from './decide/window.ts';
import type { DrillFlags } from './drill-flags.ts';
import { INTERRUPTED, type Ready, settleAgain } from './settle.ts';
import { takeDown } from './trial/take-down.ts';
import type { TrialEnd } from './trial/trial-end.ts';

/** What trials have given. `stop`: why there are fewer than were asked for. */
export interface TrialsDone {
  readonly trials: readonly Trial[];
  readonly stop?: Stop;
}

/** Begins each trial only when all is as before the first. Stops at the first one that does not come to its end. */
export async function runTrials(
  context: DrillContext,
  flags: DrillFlags,
  first: Ready | Stop,
): Promise<TrialsDone> {
  const trials: Trial[] = [];
  const { cautions, assisted } = first.kind === 'ready' ? first : { cautions: [], assisted: false };
  let ready = first;
  for (let number = 1; number <= flags.trials; number += 1) {
    if (ready.kind !== 'ready') return { trials, stop: ready };
    if (context.io.interrupted.aborted) return { trials, stop: INTERRUPTED };
    const closed = windowStop(context, flags);
    if (closed !== undefined) return { trials, stop: closed };
    if (number === 1 && flags.yes) writeLines(context, cautions);
    const end = await runTrial(context, flags, { number, ready });
    if (end.kind === 'stopped') return { trials, stop: end.stop };
    trials.push(end.trial);
    if (end.takenOverAtMs === undefined || number === flags.trials) return { trials };
    const earlier = {
      takenOverAtMs: end.takenOverAtMs,
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
  const spec = defined({
    ...{ number, method, cause: 'Drill', snapshot, target },
    message: `Trial ${number} of ${trials}: ${doing} Pod "${target.leader.name}", which leads.`,
    workWithinMs: metrics ? workTimeout : undefined,
    image,
  });
  const end = await takeDown(context, spec);
  const takeover = end.kind === 'done' ? end.trial.takeover : undefined;
  if (takeover === undefined) return end;
  const after = durationText(takeover.leaderless);
  writeLines(context, [
    `Trial ${number} of ${trials}: Pod "${takeover.to.pod}" leads after ${after}.`,
  ]);
  return end;
}

/** Why no trial may begin at this hour; undefined: it may. */
export function windowStop(
  { clock }: DrillContext,
  { window, timeZone }: DrillFlags,
): Stop | undefined {
  const why = window && outsideText(window, clock.wallClock(), timeZone);
  return why === undefined ? undefined : { kind: 'refused', why };
}

/** To stderr, each on a line of its own. */
export function writeLines({ io }: DrillContext, lines: readonly string[]): void {
  for (const line of lines) io.stderr.write(`${line}\n`);
}
