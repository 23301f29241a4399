/** Words for what the cluster writes as identifiers, and for times. */
import type { Handover, PageInstance } from '../message.ts';

type Standing = PageInstance['standing']['kind'];

/** How far an instance has come, by the kind of its standing. */
export const STANDINGS: Readonly<Record<Standing, string>> = {
  current: 'Ready',
  'in-progress': 'In progress',
  failed: 'Needs you',
  terminating: 'Being deleted',
  unseen: 'Not seen by an operator',
};

const CAUSES: Readonly<Record<NonNullable<Handover['cause']>, string>> = {
  PodDeleted: 'Pod deleted',
  Evicted: 'Pod evicted',
  Rollout: 'Rollout',
  ScaleDown: 'Scaled down',
  Crash: 'Crash',
  OOMKilled: 'Out of memory',
  LeaseLost: 'Lost its Lease',
  NodeLost: 'Node lost',
  Drill: 'Drill',
  Switchover: 'Switchover',
  Unknown: 'Unknown',
};

const WINNERS: Readonly<Record<NonNullable<Handover['winner']>, string>> = {
  Standby: 'a standby',
  Replacement: 'a new pod',
  Restarted: 'the same pod, restarted',
  Unknown: 'not known',
};

const ASSISTS: Readonly<Record<NonNullable<Handover['assist']>, string>> = {
  Cleared: 'Lease freed',
  Observed: 'Only observed',
  Refused: 'None: in doubt',
  NotNeeded: 'Not needed',
  Disabled: 'Switched off',
};

/** What hurts most comes first. */
const CONDITIONS: Readonly<Record<string, string>> = {
  Stalled: 'Stalled',
  Reconciling: 'Being changed',
  Ready: 'Ready',
  LeaderElected: 'Has a leader',
  HighlyAvailable: 'Highly available',
  FailoverAssistReady: 'Help at a failover',
  ElectionSettingsEffective: 'Election settings in effect',
  SettingsSound: 'Settings sound',
};
const ORDER = Object.keys(CONDITIONS);

/** Conditions that are bad, or busy, when they are true. */
const INVERTED: ReadonlySet<string> = new Set(['Stalled', 'Reconciling']);
/** Without these it does not work; without the others it works less well. */
const VITAL: ReadonlySet<string> = new Set(['Ready', 'LeaderElected']);

const UNTOLD = 'Not told yet';

/** Why leadership was lost. */
export const causeText = ({ cause }: Handover) => (cause === undefined ? UNTOLD : CAUSES[cause]);
/** Who took over. */
export const winnerText = ({ winner }: Handover) => (winner ? WINNERS[winner] : undefined);
/** What the operator did. */
export const assistText = ({ assist }: Handover) => (assist ? ASSISTS[assist] : UNTOLD);
/** A condition in words. */
export const conditionName = (type: string) => CONDITIONS[type] ?? type;

/** The order in which a person reads; types that we do not know come last. */
export function conditionsInOrder(
  conditions: PageInstance['conditions'],
): PageInstance['conditions'] {
  const rank = ({ type }: { readonly type: string }) =>
    ORDER.includes(type) ? ORDER.indexOf(type) : ORDER.length;
  return conditions.toSorted((a, b) => rank(a) - rank(b));
}

/** Why it is not as it should be, in one sentence; empty where it is. */
export function whyNot({ standing, conditions }: PageInstance): string {
  if (standing.kind === 'current') return '';
  const told = conditionsInOrder(conditions).find(
    ({ type, status }) => INVERTED.has(type) === (status === 'True'),
  );
  return standing.kind === 'unseen' || told === undefined ? standing.text : told.message;
}

/** How a condition is, whichever way its type is meant. */
export function conditionMood({
  type,
  status,
}: PageInstance['conditions'][number]): 'good' | 'bad' | 'weak' | 'busy' | 'unknown' {
  if (status === 'Unknown') return 'unknown';
  if (!INVERTED.has(type)) {
    if (status === 'True') return 'good';
    return VITAL.has(type) ? 'bad' : 'weak';
  }
  if (status === 'False') return 'good';
  return type === 'Stalled' ? 'bad' : 'busy';
}

/** `3.1 s`, `14 s`, `2 min 05 s`, `3 h 20 min`, `5 d 2 h`. */
export function durationText(ms: number): string {
  const s = Math.max(0, ms) / 1000;
  if (s < 9.95) return `${s.toFixed(1)} s`;
  if (s < 59.5) return `${Math.round(s)} s`;
  return agoText(ms);
}

/** The same in whole seconds, for what ticks. */
export function agoText(ms: number): string {
  const s = Math.floor(Math.max(0, ms) / 1000);
  const [min, h, d] = [Math.floor(s / 60), Math.floor(s / 3600), Math.floor(s / 86_400)];
  if (s < 60) return `${s} s`;
  if (min < 10) return `${min} min ${String(s % 60).padStart(2, '0')} s`;
  if (h < 1) return `${min} min`;
  if (d < 1) return `${h} h ${min % 60} min`;
  return `${d} d ${h % 24} h`;
}

/** Time of day, with the day when it is another one than that of `nowMs`. */
export function clockText(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  if (at.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time}`;
}

/** What tells pods of one Deployment apart: the end of the name. */
export function shortName(pod: string): string {
  return pod.slice(pod.lastIndexOf('-') + 1);
}
