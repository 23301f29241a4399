/**
 * The pod template: two containers that share a socket, restricted, spread over hosts. The number of
 * replicas must appear nowhere in it, or scaling would replace running pods.
 */
import type { Ha, PassThrough } from '../../api/ha.ts';
import { isObject } from '../../base/read.ts';
import { API_GROUP } from '../../base/resource-kinds.ts';
import { onlySet } from '../child.ts';
import type { InstallerPolicy } from '../installer.ts';
import { childLabels, selectorLabels } from '../naming.ts';
import { adcContainer, MANAGER_CONTAINER, managerContainer, Volume } from './containers.ts';
import { podMetadata } from './pod-metadata.ts';
import { patchPodTemplate } from './pod-template-patch.ts';

/** Carries `spec.restartTrigger`. */
export const RESTART_TRIGGER_ANNOTATION = `${API_GROUP}/restart-trigger`;
/** Carries `spec.leaderElection.mode`, so that pods with and without election can be told apart. */
export const ELECTION_MODE_ANNOTATION = `${API_GROUP}/election-mode`;

/** User and group of the manager's image; the sidecar's image names none and would run as root. */
const RUN_AS = 65532;
/** Makes the sidecar's socket (mode 0660) usable for the manager whatever the two run as. */
const SOCKET_GROUP = 2000;

/** The template before `podTemplatePatch`. Its pods mount the ConfigMap of that name. */
export function podTemplate(ha: Ha, policy: InstallerPolicy, configMapName: string): PassThrough {
  const onPods = { ...ha, inherited: podMetadata(ha.inherited, policy) };
  const template = {
    metadata: { labels: childLabels(onPods), annotations: annotations(onPods) },
    spec: onlySet({
      serviceAccountName: policy.serviceAccountName,
      automountServiceAccountToken: true,
      // Service variables of the whole namespace would be data of the controller's config template.
      enableServiceLinks: false,
      terminationGracePeriodSeconds: ha.rollout.terminationGracePeriodSeconds,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: RUN_AS,
        runAsGroup: RUN_AS,
        fsGroup: SOCKET_GROUP,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      imagePullSecrets: ha.controller.imagePullSecrets,
      containers: [managerContainer(ha, policy), adcContainer(ha, policy)],
      volumes: [
        { name: Volume.Config, configMap: { name: configMapName } },
        { name: Volume.Sockets, emptyDir: {} },
        { name: Volume.ManagerTmp, emptyDir: {} },
        { name: Volume.AdcTmp, emptyDir: {} },
      ],
      ...placement(ha),
    }),
  };
  return patchPodTemplate(template, { spec: onlySet({ volumes: ha.controller.volumes }) });
}

function annotations(ha: Ha): Readonly<Record<string, string>> {
  const trigger =
    ha.restartTrigger === '' ? {} : { [RESTART_TRIGGER_ANNOTATION]: ha.restartTrigger };
  return {
    'kubectl.kubernetes.io/default-container': MANAGER_CONTAINER,
    ...ha.inherited.annotations,
    ...trigger,
    [ELECTION_MODE_ANNOTATION]: ha.election.mode,
  };
}

function placement(ha: Ha): PassThrough {
  const { nodeSelector, affinity, priorityClassName } = ha.placement;
  return {
    nodeSelector,
    tolerations: tolerations(ha),
    affinity: affinity ?? apartFromEachOther(ha),
    topologySpreadConstraints: ha.placement.topologySpreadConstraints.map((constraint) => ({
      labelSelector: { matchLabels: selectorLabels(ha) }, // without one it would count no pod at all
      ...constraint,
    })),
    priorityClassName,
  };
}

/** Soft, so that two replicas still run on a cluster of one node. */
function apartFromEachOther(ha: Ha): PassThrough {
  const podAffinityTerm = {
    labelSelector: { matchLabels: selectorLabels(ha) },
    topologyKey: 'kubernetes.io/hostname',
  };
  const soft = 'preferredDuringSchedulingIgnoredDuringExecution';
  return { podAntiAffinity: { [soft]: [{ weight: 100, podAffinityTerm }] } };
}

/** The user's own, and for each failure of a node that they say nothing about: a replacement soon. */
function tolerations(ha: Ha): readonly PassThrough[] {
  const { tolerations: own, nodeFailureTolerationSeconds: tolerationSeconds } = ha.placement;
  const ours = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
    .filter((key) => !own.some((toleration) => toleratesEviction(toleration, key)))
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds }));
  return [...own, ...ours];
}

function toleratesEviction(toleration: PassThrough, key: string): boolean {
  const { key: its = '', effect = '' } = isObject(toleration) ? toleration : {};
  return (its === key || its === '') && (effect === 'NoExecute' || effect === '');
}
