/** Takes the leader down once, as a drill would, and prints who leads next. */
import type { ConnectionFlags } from '../connection-flags.ts';
import type { CommandIo } from '../io.ts';
import { type DrillContext, type LeaderCommandRequest, withDrillContext } from './context.ts';
import { durationText, type Stop } from './decide/verdict.ts';
import { checkReady, type Ready } from './settle.ts';
import { takeDown } from './trial/take-down.ts';

/** The values of the flags. */
export interface SwitchoverFlags extends ConnectionFlags {
  readonly namespace?: string;
  readonly yes?: true;
}

/** What `switchover` was asked. */
interface SwitchoverRequest extends LeaderCommandRequest {
  readonly flags: SwitchoverFlags;
}

type ExitCode = 0 | 1 | 2;

/** 0 another one leads, 1 nobody does in time, 2 refused, interrupted or not known. */
export function runSwitchover(request: SwitchoverRequest): Promise<ExitCode> {
  return withDrillContext(request, (context) => switchOver(context, request.flags));
}

async function switchOver(context: DrillContext, flags: SwitchoverFlags): Promise<ExitCode> {
  const { io, namespace, name } = context;
  const first = await checkReady(context, 'delete');
  if (first.kind !== 'ready') return stopped(io, first);
  for (const caution of first.cautions) io.stderr.write(`${caution}\n`);
  if (!flags.yes && !(await isWanted(context, first))) {
    io.stderr.write('Nothing was done.\n');
    return 2;
  }
  // A person may have thought it over for long.
  const ready = flags.yes ? first : await checkReady(context, 'delete');
  if (ready.kind !== 'ready') return stopped(io, ready);
  const { snapshot, target } = ready;
  const spec = { number: 1, method: 'delete', cause: 'Switchover', snapshot, target } as const;
  const end = await takeDown(context, spec);
  if (end.kind === 'stopped') return stopped(io, end.stop);
  const { from, takeover } = end.trial;
  if (takeover === undefined) {
    io.stderr.write(`Nobody leads ${namespace}/${name} since Pod "${from.pod}" was deleted.\n`);
    return 1;
  }
  const { to, leaderless } = takeover;
  io.stdout.write(
    `${namespace}/${name}: ${from.pod} -> ${to.pod} in ${durationText(leaderless)}\n`,
  );
  return 0;
}

async function isWanted(
  { io, namespace, name }: DrillContext,
  { target }: Ready,
): Promise<boolean> {
  const question = `Delete Pod "${target.leader.name}", which leads ${namespace}/${name}? [y/N] `;
  return /^y(es)?$/i.test((await io.ask?.(question)) ?? '');
}

function stopped(io: CommandIo, { why }: Stop): 2 {
  io.stderr.write(`${why}\n`);
  return 2;
}
