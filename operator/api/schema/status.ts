/** `status`: what the operator reports. Bounds are generous, since a status that is refused is lost. */
import { choice, integer, mapList, object, type Schema, text } from './build.ts';

const count = (description: string): Schema =>
  integer(description, { minimum: 0, maximum: 2_147_483_647 });
const milliseconds = (description: string): Schema => ({
  type: 'integer',
  format: 'int64',
  description,
  minimum: 0,
});
const nameOf = (what: string): Schema => text(`Name of the ${what}.`, { maxLength: 253 });
const time = (description: string): Schema =>
  text(description, { format: 'date-time', maxLength: 64 });
const identity = (description: string): Schema => text(description, { maxLength: 512 });

const condition = object('ConditionStatus', 'One aspect of the state.', {
  properties: {
    type: text('What the condition is about.', { minLength: 1, maxLength: 316 }),
    status: choice('Whether it holds.', ['True', 'False', 'Unknown']),
    observedGeneration: milliseconds('Generation of the resource that the condition describes.'),
    lastTransitionTime: time('When the status last changed.'),
    reason: text('Why, in one word.', { minLength: 1, maxLength: 1024 }),
    message: text('Why, in a sentence.', { maxLength: 32_768 }),
  },
  required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
});

const leader = object('LeaderStatus', 'The replica that holds the Lease.', {
  properties: {
    identity: identity('Holder as written in the Lease.'),
    podName: nameOf('pod'),
    nodeName: nameOf('node'),
    acquireTime: time('Since when it leads.'),
    transitions: count('How often the Lease has changed hands.'),
  },
  required: ['identity', 'transitions'],
});

const standby = object('StandbyStatus', 'One replica that waits to lead.', {
  properties: {
    podName: nameOf('pod'),
    nodeName: nameOf('node'),
    ready: { type: 'boolean', description: 'Whether it could take over now.' },
  },
  required: ['podName', 'ready'],
});

const election = object('ElectionStatus', 'What follows from the election settings.', {
  properties: {
    leaseName: nameOf('Lease'),
    leaseDurationSeconds: count('Lease duration as found in the Lease.'),
    expectedFailoverMilliseconds: milliseconds('Usual time without a leader after a failure.'),
    worstCaseFailoverMilliseconds: milliseconds(
      'Longest time without a leader if the Lease has to expire.',
    ),
    assistedFailoverMilliseconds: milliseconds(
      'Longest time without a leader if the operator frees the Lease.',
    ),
    apiOutageToleranceSeconds: count('Outage of the API server that a leader survives.'),
    overlapBoundSeconds: count(
      'Longest time that two replicas could both write, if all goes wrong.',
    ),
    apiRequestsPerMinute: count('What the election costs the API server.'),
  },
  required: [
    'leaseName',
    'expectedFailoverMilliseconds',
    'worstCaseFailoverMilliseconds',
    'assistedFailoverMilliseconds',
    'apiOutageToleranceSeconds',
    'overlapBoundSeconds',
    'apiRequestsPerMinute',
  ],
});

const failover = object('FailoverRecord', 'One change of leader.', {
  properties: {
    time: time('When the new leader took the Lease.'),
    cause: choice('Why the old leader ended.', [
      'PodDeleted',
      'Evicted',
      'Rollout',
      'ScaleDown',
      'Crash',
      'OOMKilled',
      'LeaseLost',
      'NodeLost',
      'Drill',
      'Switchover',
      'Unknown',
    ]),
    fromIdentity: identity('Holder before.'),
    toIdentity: identity('Holder after.'),
    winner: choice('What kind of replica won.', ['Standby', 'Replacement', 'Restarted', 'Unknown']),
    assist: choice('What the operator did.', [
      'Cleared',
      'Observed',
      'Refused',
      'NotNeeded',
      'Disabled',
    ]),
    assistReason: text('Why the operator did so, or did not.', { maxLength: 1024 }),
    leaderlessMilliseconds: milliseconds(
      'From the last sign of life of the old leader to the new one: an upper bound of the time without a leader. Missing when no sign was seen.',
    ),
  },
  required: ['time', 'cause', 'fromIdentity', 'toIdentity', 'winner', 'assist'],
});

/** `status`. Its default keeps a resource that no operator has seen from looking finished. */
export const statusSchema: Schema = {
  ...object('Status', 'What the operator found. Only the operator writes it.', {
    properties: {
      observedGeneration: {
        type: 'integer',
        format: 'int64',
        description: 'Generation that this status describes; -1 until an operator has seen it.',
        minimum: -1,
      },
      replicas: count('Pods that exist.'),
      readyReplicas: count('Pods that are ready.'),
      updatedReplicas: count('Pods of the newest template.'),
      selector: text('Label selector of the pods, for autoscalers.', { maxLength: 1024 }),
      controller: object('RunningController', 'What really runs.', {
        properties: {
          version: text('Release of the controller.', { maxLength: 128 }),
          managerImage: text('Image of the manager.', { maxLength: 1024 }),
          adcImage: text('Image of the sidecar.', { maxLength: 1024 }),
        },
        required: ['version', 'managerImage', 'adcImage'],
      }),
      leader,
      standbys: mapList('The other replicas.', {
        keys: ['podName'],
        maxItems: 100,
        items: standby,
      }),
      election,
      failovers: {
        type: 'array',
        description: 'The newest changes of leader, newest first.',
        maxItems: 10,
        items: failover,
        'x-kubernetes-list-type': 'atomic',
      },
      conditions: mapList('The state, aspect by aspect.', {
        keys: ['type'],
        maxItems: 20,
        items: condition,
      }),
    },
    required: ['observedGeneration'],
  }),
  default: { observedGeneration: -1 },
};
