/** Everything a pass needs, in one value: dependencies travel here and nowhere else. */
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

export interface Context extends Observed {
  readonly kube: KubeClient;
  readonly rollouts: RolloutGate;
  readonly policy: InstallerPolicy;
  readonly log: Log;
  /** Our CustomResourceDefinition as it is in the cluster. */
  readonly crd: OwnCrd;
  /** Statuses that the API server would not store. */
  readonly rejections: StatusRejections;
  /** Publishes an event about a resource; never fails and never waits. */
  readonly announce: (about: KubeObject, transition: Transition) => void;
  /** Counts what became of a step. */
  readonly count: (result: StepResult) => void;
  /** Aborted when the operator has to stop writing: shutdown or lost leadership. */
  readonly signal: AbortSignal;
}

/** What the last look at the live CRD found. */
export interface OwnCrd {
  /** Advice that holds for every resource: the CRD is outdated. */
  advice(): readonly Advice[];
  /** How it stores the status; undefined before the first look. */
  statusSchema(): SchemaNode | undefined;
  /** Resolves after a look that began now, or a moment ago. Never rejects. */
  refresh(): Promise<void>;
}
