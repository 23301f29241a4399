/** A whole drill: is it safe, does the person want it, trial after trial, and what they amount to. */
import { conclude, skipped } from './conclude.ts';
import { type DrillContext, type LeaderCommandRequest, withDrillContext } from './context.ts';
import type { Stop } from './decide/verdict.ts';
import type { DrillFlags } from './drill-flags.ts';
import { checkReady, type Ready } from './settle.ts';
import { runTrials, windowStop } from './trials.ts';

/** What `drill` was asked. */
interface DrillRequest extends LeaderCommandRequest {
  readonly flags: DrillFlags;
}

type ExitCode = 0 | 1 | 2;

/** 0 within the limit in all trials, 1 too slow or not recovered, 2 refused, interrupted or undecided. */
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

/** The window first: outside of it not even a request is made. */
async function mayBegin(context: DrillContext, flags: DrillFlags): Promise<Ready | Stop> {
  return windowStop(context, flags) ?? (await checkReady(context, flags.method));
}

async function isWanted({ io, namespace, name }: DrillContext, flags: DrillFlags, first: Ready) {
  const { method, trials } = flags;
  const what = { delete: 'Delete', evict: 'Evict', crash: 'Crash' }[method];
  const times = trials === 1 ? '' : `, and the next leader, ${trials} times in all`;
  for (const caution of first.cautions) io.stderr.write(`${caution}\n`);
  const question = `${what} Pod "${first.target.leader.name}", which leads ${namespace}/${name}${times}? [y/N] `;
  return /^y(es)?$/i.test((await io.ask?.(question)) ?? '');
}
