/**
 * Whether a leader may be taken down on purpose now: only while nothing else is going on and a standby is Ready.
 */
import { ConditionType } from '../../../api/status.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { record, records } from '../../../base/read.ts';
import type { InstanceView } from '../../view/decide/instance-view.ts';
import { type DrillSnapshot, type Method, type Target, targetOf } from './drill-snapshot.ts';
import {
  announcedReasons,
  budgetReasons,
  conditionOf,
  podReasons,
  rolloutReasons,
  standingReasons,
} from './safety-reasons.ts';

/** Whether it may, and what a person should know before it is done. */
type Safety =
  | {
      readonly kind: 'safe';
      readonly target: Target;
      readonly cautions: readonly string[];
      /** The operator would free the Lease. */
      readonly assisted: boolean;
    }
  | { readonly kind: 'unsafe'; readonly reasons: readonly string[] };

/** `method` decides whether the disruption budget and ephemeral containers count. */
export function safetyOf(snapshot: DrillSnapshot, method: Method): Safety {
  const target = targetOf(snapshot);
  const reasons = [
    ...standingReasons(snapshot.view),
    ...rolloutReasons(snapshot),
    ...podReasons(snapshot, target),
    ...announcedReasons(snapshot),
    ...budgetReasons(snapshot.view, method),
  ];
  if (target === undefined || reasons.length > 0) return { kind: 'unsafe', reasons };
  const cautions = cautionsOf(snapshot, target, method);
  return { kind: 'safe', target, cautions, assisted: isAssisted(snapshot.view) };
}

function cautionsOf(
  { view, instance }: DrillSnapshot,
  { leader }: Target,
  method: Method,
): readonly string[] {
  const assist = conditionOf(view, ConditionType.FailoverAssistReady);
  const pod = instance.pods.find(({ metadata }) => metadata.uid === leader.uid);
  const left = method === 'crash' && pod !== undefined ? ephemeralCount(pod) : 0;
  return [
    ...(isAssisted(view)
      ? []
      : [
          `The operator would not free the Lease (${assist?.message ?? 'it has not said so'}), so it must expire${withinText(view)}.`,
        ]),
    ...(left > 0 ? [`Pod "${leader.name}" has ${left} ephemeral containers already.`] : []),
  ];
}

function isAssisted(view: InstanceView): boolean {
  const assist = conditionOf(view, ConditionType.FailoverAssistReady);
  return assist?.status === 'True' && assist.reason === 'Watching';
}

function withinText({ election }: InstanceView): string {
  if (election === undefined) return '';
  return `, in ${(election.worstCaseFailoverMilliseconds / 1000).toFixed(1)} s at the latest`;
}

function ephemeralCount(pod: KubeObject): number {
  return records(record(pod.spec).ephemeralContainers).length;
}
