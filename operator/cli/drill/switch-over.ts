/** A leader is taken down as in a drill, once, and only who leads next is told. */
import { failureOf } from '../../base/failure.ts';
import { durationText, type Stop } from '../../decide/drill-verdict.ts';
import type { Surroundings } from '../connection.ts';
import { failureText } from '../failure-text.ts';
import type { CommandIo } from '../io.ts';
import type { SwitchoverFlags } from '../switchover.ts';
import { lookReady, type Ready } from './settle.ts';
import { grant, type Site } from './site.ts';
import { takeDown } from './take-down.ts';

export interface SwitchoverRequest {
  readonly name: string;
  readonly flags: SwitchoverFlags;
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
}

type ExitCode = 0 | 1 | 2;

/** 0 another one leads, 1 nobody does in time, 2 refused or not told. */
export async function runSwitchover(request: SwitchoverRequest): Promise<ExitCode> {
  const { name, flags, io, surroundings } = request;
  const { clock } = surroundings;
  const { requestTimeout } = flags;
  try {
    const connection = await surroundings.connect(flags, clock);
    const namespace = flags.namespace ?? connection.namespace;
    try {
      const site = { namespace, name, connection, io, clock, requestTimeout };
      return await switchOver(site, flags);
    } finally {
      connection.close();
    }
  } catch (error) {
    const circumstances = { ifForbidden: grant(flags.namespace ?? ''), ifMissing: '' };
    io.stderr.write(`${failureText(failureOf(error), circumstances)}\n`);
    return 2;
  }
}

async function switchOver(site: Site, flags: SwitchoverFlags): Promise<ExitCode> {
  const { io, namespace, name } = site;
  const first = await lookReady(site, 'delete');
  if (first.kind !== 'ready') return stopped(io, first);
  for (const caution of first.cautions) io.stderr.write(`${caution}\n`);
  if (!flags.yes && !(await isWanted(site, first))) {
    io.stderr.write('Nothing was done.\n');
    return 2;
  }
  // A person may have thought it over for long.
  const ready = flags.yes ? first : await lookReady(site, 'delete');
  if (ready.kind !== 'ready') return stopped(io, ready);
  const { look, target } = ready;
  const plan = { number: 1, method: 'delete', cause: 'Switchover', look, target } as const;
  const ending = await takeDown(site, plan);
  if (ending.kind === 'stopped') return stopped(io, ending.stop);
  const { from, takeover } = ending.trial;
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

async function isWanted({ io, namespace, name }: Site, { target }: Ready): Promise<boolean> {
  const question = `Delete Pod "${target.leader.name}", which leads ${namespace}/${name}? [y/N] `;
  return /^y(es)?$/i.test((await io.ask?.(question)) ?? '');
}

function stopped(io: CommandIo, { why }: Stop): 2 {
  io.stderr.write(`${why}\n`);
  return 2;
}
