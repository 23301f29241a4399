/** Everything a pass needs, in one value: dependencies travel here and nowhere else. */
import type { Advice } from '../api/status.ts';
import type { KubeObject } from '../base/kube-object.ts';
import type { StepResult } from '../decide/outcome.ts';
import type { Transition } from '../decide/transitions.ts';
import type { InstallerPolicy } from '../desired/installer.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Log } from '../telemetry/log.ts';
import type { Looking } from './observe.ts';
import type { RolloutGate } from './rollout-gate.ts';

export interface Context extends Looking {
  readonly kube: KubeClient;
  readonly rollouts: RolloutGate;
  readonly policy: InstallerPolicy;
  readonly log: Log;
  /** Advice that holds for every resource, such as an outdated CRD. */
  readonly commonAdvice: () => readonly Advice[];
  /** Publishes an event about a resource; never fails and never waits. */
  readonly announce: (about: KubeObject, transition: Transition) => void;
  /** Counts what became of a step. */
  readonly count: (result: StepResult) => void;
  /** Aborted when the operator has to stop writing: shutdown or lost leadership. */
  readonly signal: AbortSignal;
}
