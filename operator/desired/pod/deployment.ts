/** The Deployment of the controller: how its pods are replaced, and how many there are. */
import type { Ha, PassThrough } from '../../api/ha.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { DeploymentKind } from '../../base/resource-kinds.ts';
import { child } from '../child.ts';
import type { InstallerPolicy } from '../installer.ts';
import { selectorLabels } from '../naming.ts';
import { podMetadata } from './pod-metadata.ts';
import { podTemplate } from './pod-template.ts';
import { patchPodTemplate } from './pod-template-patch.ts';

/**
 * How old pods give way. `Surge`: a new pod is Ready before an old one goes. `Recreate`: all old pods
 * are gone before a new one starts, because they would not share one election.
 */
export type PodReplacement = 'Surge' | 'Recreate';

/** Enough to roll back to; each kept ReplicaSet also keeps the name of its ConfigMap. */
const REVISION_HISTORY_LIMIT = 3;
/** After this long without progress a rollout counts as failed. Kubernetes' own default, written out. */
const PROGRESS_DEADLINE_SECONDS = 600;

/** What the Deployment takes from elsewhere. */
export interface DeploymentOptions {
  /** The ConfigMap that its pods mount. */
  readonly configMapName: string;
  /** Default: `Surge`, or `Recreate` with election disabled. */
  readonly podReplacement?: PodReplacement;
}

/**
 * The Deployment with the pod template patched. Its annotations are those that pods may carry: image
 * triggers, injectors and updaters rewrite a pod template by the annotations of the object around it.
 */
export function deployment(
  ha: Ha,
  policy: InstallerPolicy,
  { configMapName, podReplacement = replacementFor(ha) }: DeploymentOptions,
): KubeObject {
  const { annotations } = podMetadata(ha.inherited, policy);
  return child({ ...ha, inherited: { ...ha.inherited, annotations } }, DeploymentKind, {
    spec: {
      replicas: ha.replicas,
      selector: { matchLabels: selectorLabels(ha) },
      strategy: strategy(ha, podReplacement),
      minReadySeconds: ha.rollout.minReadySeconds,
      progressDeadlineSeconds: PROGRESS_DEADLINE_SECONDS,
      revisionHistoryLimit: REVISION_HISTORY_LIMIT,
      template: patchPodTemplate(podTemplate(ha, policy, configMapName), ha.podTemplatePatch),
    },
  });
}

/** Without election a surging pod would be a second writer. */
function replacementFor(ha: Ha): PodReplacement {
  return ha.election.mode === 'Disabled' ? 'Recreate' : 'Surge';
}

function strategy(ha: Ha, podReplacement: PodReplacement): PassThrough {
  if (podReplacement === 'Recreate') return { type: 'Recreate' };
  const rollingUpdate = { maxSurge: ha.rollout.maxSurge, maxUnavailable: 0 };
  return { type: 'RollingUpdate', rollingUpdate };
}
