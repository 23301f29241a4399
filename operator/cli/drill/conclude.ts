/** The end of a drill: its report, its event, and its exit code. */
import { defined } from '../../base/defined.ts';
import { NO_TERMINAL } from '../io.ts';
import type { DrillContext } from './context.ts';
import { type Drill, exitCodeOf, type Stop, secondsText, verdictOf } from './decide/verdict.ts';
import type { DrillFlags } from './drill-flags.ts';
import { recordVerdict, type VerdictEvent } from './report/event.ts';
import { reportText } from './report/report.ts';
import { staysText } from './trial/leftovers.ts';
import { type TrialsDone, writeLines } from './trials.ts';

/** Prints the report, records the verdict if that was asked for, and gives the exit code. */
export async function conclude(
  context: DrillContext,
  flags: DrillFlags,
  done: TrialsDone,
): Promise<0 | 1 | 2> {
  const { io } = context;
  const { method, output } = flags;
  const { trials, stop } = done;
  const drill = drillOf(context, flags, done);
  const verdict = verdictOf(drill);
  const begun = trials.length > 0;
  if (!begun && stop !== undefined) writeLines(context, [stop.why]);
  if (begun || output !== 'table') {
    io.stdout.write(reportText({ drill, verdict }, output, (io.terminal ?? NO_TERMINAL).columns));
  }
  if (method === 'crash' && begun) {
    const pods = trials.map(({ from }) => from.pod);
    writeLines(context, [staysText('An ephemeral container that has ended', pods)]);
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

/** For --if-healthy: a drill that does not take place is no failure. Prints why, and gives 0. */
export async function skipped(context: DrillContext, flags: DrillFlags, stop: Stop): Promise<0> {
  const { io } = context;
  const verdict = { kind: 'skipped', text: stop.why } as const;
  const report = { drill: drillOf(context, flags, { trials: [], stop }), verdict };
  io.stdout.write(reportText(report, flags.output, (io.terminal ?? NO_TERMINAL).columns));
  await record(context, flags, { reason: 'DrillSkipped', message: `Skipped: ${stop.why}` });
  return 0;
}

function drillOf(
  { namespace, name }: DrillContext,
  flags: DrillFlags,
  { trials, stop }: TrialsDone,
): Drill {
  const { method, trials: wantedTrials, maxLeaderless: maxLeaderlessMs } = flags;
  const settings = { namespace, name, method, wantedTrials, maxLeaderlessMs };
  return defined({ ...settings, trials, stop });
}

async function record(
  context: DrillContext,
  { recordEvent }: DrillFlags,
  event: VerdictEvent,
): Promise<void> {
  if (!recordEvent) return;
  const problem = await recordVerdict(context, event);
  if (problem !== undefined) writeLines(context, [problem]);
}
