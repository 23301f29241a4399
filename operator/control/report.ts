/**
 * The end of a pass: a fresh look, the status that follows from it, one write if it differs, and
 * events for what changed. Of the resource itself the operator writes nothing but its status.
 */
import type { Ha } from '../api/ha.ts';
import type { Blocker, HaStatus } from '../api/status.ts';
import { failureOf } from '../base/failure.ts';
import { type KubeObject, keyText, type ObjectKey } from '../base/kube-object.ts';
import { IngressControllerHAKind } from '../base/resource-kinds.ts';
import { toTime } from '../base/time.ts';
import { adviceFor } from '../decide/advice.ts';
import { nextLookMs } from '../decide/next-look.ts';
import type { Present } from '../decide/observation.ts';
import {
  failureOutcome,
  type Outcome,
  podCreationBlockers,
  withBlockers,
} from '../decide/outcome.ts';
import { invalidStatus, nextStatus, type StatusChange } from '../decide/status.ts';
import { transitions } from '../decide/transitions.ts';
import { configMapName } from '../desired/config-map.ts';
import { selectorText } from '../desired/naming.ts';
import type { Context } from './context.ts';
import { observe } from './observe.ts';

export interface Ending {
  readonly outcome?: Outcome;
  readonly blockers?: readonly Blocker[];
}

/** Races are retried at once and are no news; anything else that failed is told in the status. */
const SILENT_FAILURES: ReadonlySet<string> = new Set(['conflict', 'aborted']);

export async function report(context: Context, ha: Ha, ending: Ending): Promise<Outcome> {
  const outcome = ending.outcome ?? { kind: 'settled' };
  if (outcome.kind === 'failed' && SILENT_FAILURES.has(outcome.failure.kind)) return outcome;

  const observation = observe(context, ha);
  if (observation.kind === 'absent') return { kind: 'gone' };
  const blockers = [...(ending.blockers ?? []), ...podCreationBlockers(observation.deployment)];
  const final = settle(withBlockers(outcome, blockers), ha, observation);
  const change = nextStatus({
    ha,
    observation,
    outcome: final,
    advice: [...context.commonAdvice(), ...adviceFor(ha, observation, context.policy)],
    selector: selectorText(ha),
    configMapName: configMapName(ha),
    now: toTime(context.clock.wallClock()),
  });
  return write(context, observation, { change, outcome: final });
}

export function reportInvalid(
  context: Context,
  observation: Present,
  outcome: Extract<Outcome, { kind: 'blocked' }>,
): Promise<Outcome> {
  const now = toTime(context.clock.wallClock());
  return write(context, observation, { change: invalidStatus(observation, outcome, now), outcome });
}

function settle(outcome: Outcome, ha: Ha, observation: Present): Outcome {
  return outcome.kind === 'settled'
    ? { kind: 'settled', nextLookMs: nextLookMs(ha, observation) }
    : outcome;
}

async function write(
  context: Context,
  observation: Present,
  { change, outcome }: { readonly change: StatusChange; readonly outcome: Outcome },
): Promise<Outcome> {
  if (change.kind === 'unchanged') return outcome;
  try {
    const written = await context.kube.apply(statusObject(observation.resource, change.status), {
      conflicts: 'force',
      subresource: 'status',
      signal: context.signal,
    });
    context.caches.wrote(IngressControllerHAKind, written);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind !== 'not-found') return failureOutcome(failure);
    context.caches.resourceIsGone(observation.resource);
    return { kind: 'gone' };
  }
  announceTransitions(context, observation, change.status);
  return outcome;
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

/** The uid makes a status meant for an earlier resource of this name conflict. */
function statusObject(resource: KubeObject, status: HaStatus): KubeObject {
  const { name, namespace, uid } = resource.metadata;
  return {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
    },
    status,
  };
}
