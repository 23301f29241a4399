/** An event as its reporter gives it, and the core/v1 Event that is made of it. */
import { defined } from '../../base/defined.ts';
import { describeRef, type KubeObject, refOf } from '../../base/kube-object.ts';
import { EventKind, typeMeta } from '../../base/resource-kinds.ts';
import { FIELD_MANAGER } from '../client.ts';

/** What happened. Fields as in events.k8s.io/v1. */
export interface EventRecord {
  /** The object it happened to; its namespace holds the event, "default" for cluster-scoped objects. */
  readonly regarding: KubeObject;
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, for machines. */
  readonly reason: string;
  /** A sentence. Cut after 1024 characters, the API's limit of an event's note. */
  readonly message: string;
  /** What was done, CamelCase. Default: not said. */
  readonly action?: string;
}

/** How often the same event has happened: what one Event object says. */
export interface Occurrences {
  readonly event: EventRecord;
  /** Name of the Event object. */
  readonly name: string;
  /** RFC 3339, in seconds. */
  readonly first: string;
  readonly last: string;
  /** From 1. */
  readonly count: number;
}

const MAX_MESSAGE_LENGTH = 1024;

/** The Event object for server-side apply. */
export function eventObject({ event, name, first, last, count }: Occurrences): KubeObject {
  const { regarding, type, reason, message, action } = event;
  return {
    ...typeMeta(EventKind),
    metadata: { name, namespace: namespaceOf(event) },
    involvedObject: { ...refOf(regarding), uid: regarding.metadata.uid },
    type,
    reason,
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    ...defined({ action }),
    count,
    firstTimestamp: first,
    lastTimestamp: last,
    source: { component: FIELD_MANAGER },
    reportingComponent: FIELD_MANAGER,
  };
}

/** Where the Event object lies. */
export function namespaceOf({ regarding }: EventRecord): string {
  return regarding.metadata.namespace ?? 'default';
}

/** The same for events that are repetitions of each other: same object, type, reason and message. */
export function eventKey({ regarding, type, reason, message }: EventRecord): string {
  return JSON.stringify([objectKey(regarding), type, reason, message]);
}

/** Tells objects apart, also those that had the same name one after the other. */
export function objectKey(object: KubeObject): string {
  return `${object.metadata.uid ?? ''} ${describeRef(refOf(object))}`;
}
