/** `operator`: the operator's own Deployment. */
import {
  ANY_OBJECT,
  choice,
  DURATION,
  group,
  leaf,
  OBJECTS,
  OPTIONAL_NAME,
  STRINGS,
  SWITCH,
  whole,
} from './value.ts';

export const operatorValues = group('The operator itself, not the controllers it runs.', {
  replicas: leaf('One leads, the others follow with warm caches.', whole(0, 10), 2),
  logLevel: leaf(
    'Lines below it are not written.',
    choice('debug', 'info', 'warn', 'error'),
    'info',
  ),
  workers: leaf('Resources that are reconciled at the same time.', whole(1, 64), 4),
  maxConcurrentRollouts: leaf(
    'Rollouts that the operator itself causes at the same time, as after its own upgrade.',
    whole(1, 1000),
    1,
  ),
  leaderElection: group(
    'How the operator’s replicas elect their leader; each time is from 1s to 1h.',
    {
      leaseDuration: leaf(
        'How long another replica waits for a silent leader. Longer than renewDeadline.',
        DURATION,
        '15s',
      ),
      renewDeadline: leaf(
        'How long the leader acts without a renewal. More than 1.2 times retryPeriod.',
        DURATION,
        '10s',
      ),
      retryPeriod: leaf('Pause between two renewals.', DURATION, '2s'),
    },
  ),
  resources: leaf(
    'Requests and limits. No CPU limit: a throttled operator renews late.',
    ANY_OBJECT,
    { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
  ),
  podAnnotations: leaf('Annotations of the pods.', STRINGS, {}),
  podLabels: leaf('Further labels of the pods.', STRINGS, {}),
  nodeSelector: leaf('Labels that a node must have.', STRINGS, {}),
  tolerations: leaf('Taints that the pods tolerate.', OBJECTS, []),
  affinity: leaf('Affinity of the pods.', ANY_OBJECT, {}),
  topologySpreadConstraints: leaf(
    'Spread of the pods. Empty: over nodes and zones where there are several.',
    OBJECTS,
    [],
  ),
  priorityClassName: leaf(
    'PriorityClass of the pods, such as `system-cluster-critical` where the cluster allows it.',
    OPTIONAL_NAME,
    '',
  ),
  podDisruptionBudget: group('How many operators a node drain may take at once.', {
    enabled: leaf('Create one, from two replicas on.', SWITCH, true),
    maxUnavailable: leaf('How many may be missing.', whole(1, 10), 1),
  }),
  serviceAccount: group('The operator’s account.', {
    name: leaf('Empty: the full name of the release.', OPTIONAL_NAME, ''),
    annotations: leaf('Annotations of the account.', STRINGS, {}),
  }),
});
