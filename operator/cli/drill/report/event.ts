/** The verdict of a drill as an Event on the resource, for those who did not start it. */
import { failureOf } from '../../../base/failure.ts';
import { type KubeObject, refOf } from '../../../base/kube-object.ts';
import {
  EventKind,
  IngressControllerHAKind,
  refTo,
  typeMeta,
} from '../../../base/resource-kinds.ts';
import { toTime } from '../../../base/time.ts';
import { type DrillContext, explained } from '../context.ts';

/** What is recorded. `message` is cut to 1024 characters, the most that the API server takes. */
export interface VerdictEvent {
  readonly reason: 'DrillPassed' | 'DrillFailed' | 'DrillSkipped';
  readonly message: string;
}

const COMPONENT = 'ingress-ha-drill';
const MAX_MESSAGE_LENGTH = 1024;

/** Never throws, since the verdict holds without it. Gives a sentence when it could not be recorded. */
export async function recordVerdict(
  context: DrillContext,
  event: VerdictEvent,
): Promise<string | undefined> {
  const { connection, namespace, name, requestTimeout: timeoutMs } = context;
  try {
    const ref = refTo(IngressControllerHAKind, { namespace, name });
    const about = await connection.client.get(ref, { timeoutMs });
    await connection.client.create(eventOn(about, event, context.clock.wallClock()), { timeoutMs });
    return undefined;
  } catch (error) {
    return `The verdict could not be recorded as an event: ${explained(context, failureOf(error))}`;
  }
}

function eventOn(about: KubeObject, { reason, message }: VerdictEvent, now: Date): KubeObject {
  const { name, namespace = '', uid } = about.metadata;
  return {
    ...typeMeta(EventKind),
    metadata: { name: `${name.slice(0, 200)}.drill-${now.getTime().toString(16)}`, namespace },
    involvedObject: { ...refOf(about), uid },
    type: reason === 'DrillFailed' ? 'Warning' : 'Normal',
    reason,
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    count: 1,
    firstTimestamp: toTime(now),
    lastTimestamp: toTime(now),
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
  };
}
