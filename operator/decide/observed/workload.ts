/** Deployments and PodDisruptionBudgets, reduced to what is decided on. */
import { conditionOf } from '../../base/conditions.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { count, record, text } from '../../base/read.ts';

/** What is read of a Deployment. Counts that are missing read as 0. */
export interface DeploymentFacts {
  /** The deployment controller has observed the newest spec. */
  readonly current: boolean;
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  /** `spec.paused`: `kubectl rollout pause`. */
  readonly paused: boolean;
  readonly deleting: boolean;
  /**
   * How far the last rollout has come, by the condition Progressing; `unreported`: there is no such
   * condition.
   */
  readonly progress: 'finished' | 'under-way' | 'failed' | 'unreported';
  readonly deadlineExceeded: boolean;
  /** Message of the ReplicaFailure condition: pods that could not even be created. */
  readonly replicaFailure?: string;
}

/** What is read of a PodDisruptionBudget. Counts that are missing read as 0. */
export interface BudgetFacts {
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly expectedPods: number;
  /** The disruption controller has observed the newest spec. */
  readonly current: boolean;
}

/** Fields that are not of the expected type read as absent. */
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

/** Fields that are not of the expected type read as absent. */
export function budgetFacts(budget: KubeObject): BudgetFacts {
  const status = record(budget.status);
  return {
    disruptionsAllowed: count(status.disruptionsAllowed),
    currentHealthy: count(status.currentHealthy),
    expectedPods: count(status.expectedPods),
    current: count(status.observedGeneration) >= (budget.metadata.generation ?? 0),
  };
}
