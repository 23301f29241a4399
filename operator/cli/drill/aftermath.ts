/** What a trial leaves behind that did not come to its end, as sentences: nothing stays without being told. */
import { withdrawCommand } from './decide/safety.ts';
import type { TrialPlan } from './decide/trial-plan.ts';
import type { Site } from './site.ts';
import { type NotDone, withdraw } from './strike.ts';

type Hit = Pick<TrialPlan, 'method' | 'target'>;

/** Takes the announcement back; `why`, and what could not be taken back. */
export async function afterWithdrawal(site: Site, { target }: Hit, why: string): Promise<string> {
  const left = await withdraw(site, target.leader);
  return left === undefined ? why : `${why} ${left}`;
}

/** A pod that is perhaps going keeps its announcement, or history would lose the cause. */
export async function afterNoStrike(site: Site, plan: Hit, struck: NotDone): Promise<string> {
  const { method, target } = plan;
  const { name } = target.leader;
  if (struck.kind === 'failed') return afterWithdrawal(site, plan, struck.why);
  if (method === 'crash') {
    const why = await afterWithdrawal(site, plan, struck.why);
    return `${why} ${staysText('Perhaps an ephemeral container', [name])}`;
  }
  const command = withdrawCommand({ namespace: site.namespace, name });
  return `${struck.why} The announcement stays: if Pod "${name}" does not go, take it back by ${command}.`;
}

/** After the strike, before its end was seen. */
export function leftBehind({ method, target }: Hit): string {
  const { name } = target.leader;
  const did = { delete: 'was deleted', evict: 'was evicted', crash: 'was sent SIGABRT' }[method];
  const why = `Interrupted: Pod "${name}" ${did}, and the failover goes on by itself; how long it takes is not known.`;
  return method === 'crash' ? `${why} ${staysText('An ephemeral container', [name])}` : why;
}

export function staysText(what: string, pods: readonly string[]): string {
  const names = [...new Set(pods)].map((name) => `"${name}"`).join(', ');
  return `${what} stays in the spec of Pod ${names} until that pod goes: nobody can remove it.`;
}
