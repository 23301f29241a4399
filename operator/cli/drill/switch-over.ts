/** A leader is taken down as in a drill, once, and only who leads next is told. */
import type { ConnectionFlags } from '../connection-flags.ts';
import type { CommandIo } from '../io.ts';
import { durationText, type Stop } from './decide/verdict.ts';
import { lookReady, type Ready } from './settle.ts';
import { atSite, type Site, type SiteRequest } from './site.ts';
import { takeDown } from './take-down.ts';

export interface SwitchoverFlags extends ConnectionFlags {
  readonly namespace?: string;
  readonly yes?: true;
}

export interface SwitchoverRequest extends SiteRequest {
  readonly flags: SwitchoverFlags;
}

type ExitCode = 0 | 1 | 2;

/** 0 another one leads, 1 nobody does in time, 2 refused or not told. */
export function runSwitchover(request: SwitchoverRequest): Promise<ExitCode> {
  return atSite(request, (site) => switchOver(site, request.flags));
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
