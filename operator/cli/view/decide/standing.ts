/**
 * How far a resource has come, by the rules of kstatus: the one word that scripts and GitOps tools
 * derive from generation and conditions, so that this program agrees with all of them.
 */
import { type KubeObject, keyText, type ObjectKey } from '../../../base/kube-object.ts';
import { isObject } from '../../../base/read.ts';

/** How far a resource has come, and one line about it. */
export type Standing =
  | { readonly kind: 'current'; readonly text: string }
  | { readonly kind: 'in-progress'; readonly text: string }
  /** Only a person can help. */
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'terminating'; readonly text: string }
  /** No operator has ever written its status. */
  | { readonly kind: 'unseen'; readonly text: string };

/** A condition as it was read: any field may be missing. */
type Condition = Readonly<Record<string, unknown>>;

/** Its standing, with one line about it: `Ready=True AsSpecified: 2 replicas are ready …`. */
export function standingOf(resource: KubeObject): Standing {
  const { deletionTimestamp, generation = 0 } = resource.metadata;
  const status = isObject(resource.status) ? resource.status : {};
  const observed = typeof status.observedGeneration === 'number' ? status.observedGeneration : -1;
  if (deletionTimestamp !== undefined) return { kind: 'terminating', text: 'It is being deleted' };
  if (observed < 0) return { kind: 'unseen', text: 'No operator has looked at it yet' };
  if (observed !== generation) {
    const text = `The operator has not seen generation ${generation} yet, only ${observed}`;
    return { kind: 'in-progress', text };
  }
  const conditions = Array.isArray(status.conditions) ? status.conditions.filter(isObject) : [];
  return standingBy(conditions);
}

/** The line once a resource has been unseen for long: who could have seen it. */
export function unseenText({ namespace = '' }: { readonly namespace?: string }): string {
  return `No operator has looked at it yet: perhaps none serves namespace "${namespace}" (ingress-ha run --namespaces)`;
}

/** `prod/apisix: Ready=True …`, on one line whatever the text holds. */
export function standingLine(key: ObjectKey, text: string): string {
  return `${keyText(key)}: ${text}`.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** The line about a resource as it is now. */
export function headlineOf({ standing, ...key }: ObjectKey & { readonly standing: Standing }) {
  return standingLine(key, standing.kind === 'unseen' ? unseenText(key) : standing.text);
}

function standingBy(conditions: readonly Condition[]): Standing {
  const find = (type: string) => conditions.find((condition) => condition.type === type);
  const ready = find('Ready');
  const reconciling = find('Reconciling');
  const stalled = find('Stalled');
  if (isTrue(reconciling)) return { kind: 'in-progress', text: textOf(ready, reconciling) };
  if (isTrue(stalled)) return { kind: 'failed', text: textOf(ready, stalled) };
  const text = textOf(ready, undefined);
  return { kind: isTrue(ready) ? 'current' : 'in-progress', text };
}

function isTrue(condition: Condition | undefined): boolean {
  return condition?.status === 'True';
}

/** Ready, and its companion: once, where both say the same. */
function textOf(ready: Condition | undefined, companion: Condition | undefined): string {
  const state = (condition: Condition) => `${String(condition.type)}=${String(condition.status)}`;
  const why = ({ reason, message }: Condition) => `${String(reason)}: ${String(message)}`;
  if (ready === undefined) {
    return companion === undefined
      ? 'It has no condition Ready'
      : `${state(companion)} ${why(companion)}`;
  }
  if (companion === undefined) return `${state(ready)} ${why(ready)}`;
  if (why(ready) === why(companion)) return `${state(ready)} ${state(companion)} ${why(ready)}`;
  return `${state(ready)} ${why(ready)}; ${state(companion)} ${why(companion)}`;
}
