/**
 * The end of a reconcile: a new observation, the status that follows from it, one write if it differs, and
 * events for what changed. Of the resource itself the operator writes nothing but its status.
 */
import type { Ha } from '../../api/ha.ts';
import type { HaStatus, TerminalError } from '../../api/status.ts';
import { failureOf, unreachable } from '../../base/failure.ts';
import { keyText, type ObjectKey } from '../../base/kube-object.ts';
import { toTime } from '../../base/time.ts';
import type { Present } from '../../decide/observed/observation.ts';
import {
  type Outcome,
  podCreationErrors,
  terminalByBug,
  withTerminalErrors,
} from '../../decide/plan/outcome.ts';
import { adviceFor } from '../../decide/status/advice.ts';
import { requeueAfterMs } from '../../decide/status/requeue-after.ts';
import { invalidStatus, nextStatus, type StatusChange } from '../../decide/status/status.ts';
import { transitions } from '../../decide/status/transitions.ts';
import { freeFormErrors } from '../../desired/check/free-form-check.ts';
import type { LazyConfig } from '../../desired/config-map.ts';
import { selectorText } from '../../desired/naming.ts';
import type { Context } from './context.ts';
import { observe } from './observe.ts';
import { writeStatus } from './write-status.ts';

/** How the work ended. `outcome`: default settled. `terminalErrors`: what was found before anything was written. */
export interface Ending {
  readonly outcome?: Outcome;
  readonly terminalErrors?: readonly TerminalError[];
}

/** Conflicts are retried at once and are not reported; any other failure is, in the status. */
const SILENT_FAILURES: ReadonlySet<string> = new Set(['conflict', 'aborted']);

/** The resource of a reconcile, with its configuration, which is rendered once for the whole reconcile. */
export interface Subject {
  readonly ha: Ha;
  readonly config: LazyConfig;
}

/**
 * Reports how a reconcile of a valid resource ended. The outcome may be another one afterwards: gone,
 * failed, unreported.
 */
export async function report(
  context: Context,
  { ha, config }: Subject,
  ending: Ending,
): Promise<Outcome> {
  const outcome = ending.outcome ?? { kind: 'settled' };
  if (outcome.kind === 'failed' && SILENT_FAILURES.has(outcome.failure.kind)) return outcome;

  const observation = observe(context, ha);
  context.memories.keep(observation);
  if (observation.kind === 'absent') return { kind: 'gone' };
  // Another resource of that name was created meanwhile: it is reported by a reconcile of its own.
  if ((observation.resource.metadata.uid ?? '') !== ha.uid) return { kind: 'gone' };
  return write(context, observation, compose(context, { ha, config, observation, ending }));
}

/** Reports a resource whose spec is invalid: what its status holds of other things is kept. */
export function reportInvalid(
  context: Context,
  observation: Present,
  outcome: Terminal,
): Promise<Outcome> {
  const now = toTime(context.clock.wallClock());
  return write(context, observation, { change: invalidStatus(observation, outcome, now), outcome });
}

type Terminal = Extract<Outcome, { kind: 'terminal-error' }>;

interface Report {
  readonly change: StatusChange;
  readonly outcome: Outcome;
}

/** If something throws while the status is computed, the terminal errors that were found are reported all the same. */
function compose(
  context: Context,
  view: Subject & { readonly observation: Present; readonly ending: Ending },
): Report {
  const { ha, config, observation, ending } = view;
  const found = withTerminalErrors(
    ending.outcome ?? { kind: 'settled' },
    ending.terminalErrors ?? [],
  );
  const now = toTime(context.clock.wallClock());
  try {
    const terminalErrors = podCreationErrors(observation.deployment);
    const outcome = settle(withTerminalErrors(found, terminalErrors), ha, observation);
    const change = nextStatus({
      ha,
      observation,
      outcome,
      advice: [...context.crd.advice(), ...adviceFor(ha, observation, context.policy)],
      selector: selectorText(ha),
      configMapName: freeFormErrors(ha).length > 0 ? UNRENDERED : config().name,
      now,
    });
    return { change, outcome };
  } catch (error) {
    const terminal = terminalByBug(
      failureOf(error),
      found.kind === 'terminal-error' ? found.terminalErrors : [],
    );
    return { change: invalidStatus(observation, terminal, now), outcome: terminal };
  }
}

/** No pod mounts a ConfigMap of what is too deep, or too large, to be rendered. */
const UNRENDERED = '';

function settle(outcome: Outcome, ha: Ha, observation: Present): Outcome {
  return outcome.kind === 'settled'
    ? { kind: 'settled', requeueAfterMs: requeueAfterMs(ha, observation) }
    : outcome;
}

async function write(
  context: Context,
  observation: Present,
  { change, outcome }: Report,
): Promise<Outcome> {
  const status = change.kind === 'unchanged' ? observation.status : change.status;
  const answer = await writeStatus(context, observation, status);
  switch (answer.kind) {
    case 'unchanged':
      return outcome;
    case 'written':
      announceTransitions(context, observation, answer.status);
      return outcome;
    case 'rejected':
      if (answer.status !== undefined) announceTransitions(context, observation, answer.status);
      return { kind: 'unreported', failure: answer.failure, outcome };
    case 'failed':
    case 'gone':
      return answer;
    default:
      return unreachable(answer);
  }
}

function announceTransitions(context: Context, { key, resource, status }: Present, next: HaStatus) {
  for (const transition of transitions(status, next)) {
    context.announce(resource, transition);
    logTransition(context, key, transition);
  }
}

function logTransition(
  { log }: Context,
  key: ObjectKey,
  { type, reason, message }: ReturnType<typeof transitions>[number],
): void {
  const fields = { resource: keyText(key), reason, detail: message };
  if (type === 'Warning') log.warn('Resource changed state', fields);
  else log.info('Resource changed state', fields);
}
