/** Deployments and PodDisruptionBudgets, reduced to the questions that are asked of them. */
import type { KubeObject } from '../../base/kube-object.ts';
import { count, record, records, text } from '../../base/read.ts';

export interface DeploymentFacts {
  /** The deployment controller has seen the newest spec. */
  readonly current: boolean;
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  /** Somebody holds its rollouts back: `kubectl rollout pause`. */
  readonly paused: boolean;
  readonly deleting: boolean;
  /** How far the last rollout has come, as the deployment controller tells; `untold` without its word. */
  readonly progress: 'finished' | 'under-way' | 'failed' | 'unreported';
  readonly deadlineExceeded: boolean;
  /** Message of the ReplicaFailure condition: pods that could not even be created. */
  readonly replicaFailure?: string;
}

export interface BudgetFacts {
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly expectedPods: number;
  /** The disruption controller has seen the newest spec. */
  readonly current: boolean;
}

export function deploymentFacts(deployment: KubeObject): DeploymentFacts {
  const status = record(deployment.status);
  const failure = conditionOf(deployment, 'ReplicaFailure');
  const progressing = conditionOf(deployment, 'Progressing');
  return {
    current: count(status.observedGeneration) >= (deployment.metadata.generation ?? 0),
    replicas: count(status.replicas),
    updated: count(status.updatedReplicas),
    ready: count(status.readyReplicas),
    available: count(status.availableReplicas),
    paused: record(deployment.spec).paused === true,
    deleting: deployment.metadata.deletionTimestamp !== undefined,
    progress: progressOf(progressing),
    deadlineExceeded: progressing?.reason === 'ProgressDeadlineExceeded',
    ...(failure?.status === 'True' && { replicaFailure: text(failure.message) ?? '' }),
  };
}

/**
 * `NewReplicaSetAvailable` stays until the next template, also while replicas are missing. False is a
 * passed deadline, or a ReplicaSet that could not even be created.
 */
function progressOf(
  progressing: Readonly<Record<string, unknown>> | undefined,
): DeploymentFacts['progress'] {
  if (progressing === undefined) return 'unreported';
  if (progressing.status === 'False') return 'failed';
  return progressing.reason === 'NewReplicaSetAvailable' ? 'finished' : 'under-way';
}

export function budgetFacts(budget: KubeObject): BudgetFacts {
  const status = record(budget.status);
  return {
    disruptionsAllowed: count(status.disruptionsAllowed),
    currentHealthy: count(status.currentHealthy),
    expectedPods: count(status.expectedPods),
    current: count(status.observedGeneration) >= (budget.metadata.generation ?? 0),
  };
}

function conditionOf(object: KubeObject, type: string) {
  return records(record(object.status).conditions).find((it) => it.type === type);
}
