/** What stays behind of a trial that did not come to its end, as sentences: a person is told of all of it. */
import type { DrillContext } from '../context.ts';
import { withdrawCommand } from '../decide/safety-reasons.ts';
import type { TrialSpec } from '../decide/trial-spec.ts';
import { withdraw } from './announcement.ts';
import type { NotDone } from './request-result.ts';

type StrikeSpec = Pick<TrialSpec, 'method' | 'target'>;

/** Takes the announcement back; `why`, and what could not be taken back. */
export async function afterWithdrawal(
  context: DrillContext,
  { target }: StrikeSpec,
  why: string,
): Promise<string> {
  const left = await withdraw(context, target.leader);
  return left === undefined ? why : `${why} ${left}`;
}

/** A pod that may be ending keeps its announcement, or the history would lose the cause. */
export async function afterNoStrike(
  context: DrillContext,
  spec: StrikeSpec,
  struck: NotDone,
): Promise<string> {
  const { method, target } = spec;
  const { name } = target.leader;
  if (struck.kind === 'failed') return afterWithdrawal(context, spec, struck.why);
  if (method === 'crash') {
    const why = await afterWithdrawal(context, spec, struck.why);
    return `${why} ${staysText('Perhaps an ephemeral container', [name])}`;
  }
  const command = withdrawCommand({ namespace: context.namespace, name });
  return `${struck.why} The announcement stays: if Pod "${name}" does not go, take it back by ${command}.`;
}

/** Interrupted after the strike, before its end was seen. */
export function afterInterruption({ method, target }: StrikeSpec): string {
  const { name } = target.leader;
  const did = { delete: 'was deleted', evict: 'was evicted', crash: 'was sent SIGABRT' }[method];
  const why = `Interrupted: Pod "${name}" ${did}, and the failover goes on by itself; how long it takes is not known.`;
  return method === 'crash' ? `${why} ${staysText('An ephemeral container', [name])}` : why;
}

/** `what` stays in the spec of those pods, since nobody can remove an ephemeral container. */
export function staysText(what: string, pods: readonly string[]): string {
  const names = [...new Set(pods)].map((name) => `"${name}"`).join(', ');
  return `${what} stays in the spec of Pod ${names} until that pod goes: nobody can remove it.`;
}
