/** Everything a reconcile needs, in one value: dependencies are passed here and nowhere else. */
import type { SchemaNode } from '../../api/fit-value.ts';
import type { Advice } from '../../api/status.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import type { StepResult } from '../../decide/plan/outcome.ts';
import type { Transition } from '../../decide/status/transitions.ts';
import type { InstallerPolicy } from '../../desired/installer.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Observed } from './observe.ts';
import type { RolloutGate } from './rollout-gate.ts';
import type { StatusRejections } from './status-rejections.ts';

/** Shared by all reconciles of the operator. */
export interface Context extends Observed {
  readonly kube: KubeClient;
  readonly rollouts: RolloutGate;
  readonly policy: InstallerPolicy;
  readonly log: Log;
  /** Our CustomResourceDefinition as it is in the cluster. */
  readonly crd: OwnCrd;
  /** Statuses that the API server has rejected. */
  readonly rejections: StatusRejections;
  /** Publishes an event about a resource; never fails and never waits. */
  readonly announce: (about: KubeObject, transition: Transition) => void;
  /** Counts the result of a step. */
  readonly count: (result: StepResult) => void;
  /** Aborted when the operator has to stop writing: shutdown or lost leadership. */
  readonly signal: AbortSignal;
}

/** The live CRD, as last read. */
export interface OwnCrd {
  /** Advice that holds for every resource: the CRD is outdated. */
  advice(): readonly Advice[];
  /** How it stores the status; undefined before it was read. */
  statusSchema(): SchemaNode | undefined;
  /** Resolves after a read that began now, or a moment ago. Never rejects. */
  refresh(): Promise<void>;
}
