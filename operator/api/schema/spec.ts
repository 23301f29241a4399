/** `spec`: everything that a user may ask for. */
import { SPEC_RULES } from '../rules/election.ts';
import { atLeastOne, LABEL_VALUE_RULES, PRIORITY_CLASS_RULES } from '../rules/formats.ts';
import { inheritedKeyRules } from '../rules/inherited.ts';
import {
  atomicList,
  boolean,
  choice,
  defaulted,
  integer,
  mapList,
  object,
  type Schema,
  stringMap,
  text,
} from './build.ts';
import { controllerSchema } from './controller.ts';
import { failoverSchema, leaderElectionSchema } from './election.ts';
import { affinity, spreadConstraint, toleration } from './pod/placement.ts';
import { described } from './pod/shape.ts';
import { podTemplatePatch } from './pod/template.ts';

/** A number of pods or a percentage of the replicas; 0 would block updates or evictions. */
function podCount(field: string, description: string): Schema {
  return {
    description,
    'x-kubernetes-int-or-string': true,
    maxLength: 4,
    maximum: 20,
    default: 1,
    rules: atLeastOne(field),
  };
}

const disruptionBudget = defaulted(
  object('PodDisruptionBudgetSpec', 'How many pods a node drain may take at once.', {
    properties: {
      mode: choice(
        'Auto: a PodDisruptionBudget from two replicas on. Disabled: none.',
        ['Auto', 'Disabled'],
        'Auto',
      ),
      maxUnavailable: podCount(
        'maxUnavailable',
        'How many pods may be missing at once: a number from 1, or a percentage from 1% to 100%.',
      ),
    },
  }),
);

const rollout = defaulted(
  object('RolloutSpec', 'How pods are replaced. A new pod is ready before an old one goes.', {
    properties: {
      maxSurge: podCount(
        'maxSurge',
        'How many pods may exist beyond `replicas` during an update: a number from 1, or a percentage from 1% to 100%.',
      ),
      minReadySeconds: integer('How long a new pod must be ready before an old one goes.', {
        minimum: 0,
        maximum: 300,
        default: 10,
      }),
      terminationGracePeriodSeconds: integer(
        'How long a stopping pod may take before it is killed.',
        { minimum: 2, maximum: 3600, default: 10 },
      ),
    },
  }),
);

const spreadItem = described('One constraint, as in a Pod.', {
  ...spreadConstraint,
  properties: {
    ...spreadConstraint.properties,
    topologyKey: text('Node label whose values are the places to spread over.', {
      minLength: 1,
      maxLength: 317,
    }),
    whenUnsatisfiable: choice('What to do with a pod that fits nowhere.', [
      'DoNotSchedule',
      'ScheduleAnyway',
    ]),
  },
  required: ['topologyKey', 'whenUnsatisfiable'],
});

const placement = defaulted(
  object('PlacementSpec', 'On which nodes the pods run.', {
    properties: {
      nodeSelector: stringMap('Labels that a node must have.', {
        maxProperties: 50,
        value: text('Value of the label.', { maxLength: 63 }),
      }),
      tolerations: atomicList(
        'Taints that the pods tolerate, as in a Pod.',
        50,
        described('One toleration, as in a Pod.', toleration),
      ),
      affinity: described(
        'Affinity, as in a Pod. Without it, the pods prefer different nodes.',
        affinity,
      ),
      topologySpreadConstraints: mapList('Rules for the spread over zones or nodes, as in a Pod.', {
        keys: ['topologyKey', 'whenUnsatisfiable'],
        maxItems: 20,
        items: spreadItem,
      }),
      priorityClassName: text('PriorityClass of the pods.', {
        minLength: 1,
        maxLength: 253,
        rules: PRIORITY_CLASS_RULES,
      }),
      nodeFailureTolerationSeconds: integer(
        'How long a pod stays on a node that is unreachable or not ready before a new one is made elsewhere.',
        { minimum: 0, maximum: 86_400, default: 30 },
      ),
    },
  }),
);

const inheritedMetadata = object(
  'InheritedMetadata',
  'Labels and annotations for every object that the operator makes. Pods, and the annotations of the Deployment, get those only that the installer allows. Those of the resource itself are never copied.',
  {
    properties: {
      labels: stringMap('Labels. Keys that another tool acts on are refused.', {
        maxProperties: 32,
        value: text('Value of the label.', { maxLength: 63, rules: LABEL_VALUE_RULES }),
        rules: inheritedKeyRules('labels'),
      }),
      annotations: stringMap('Annotations. Keys that another tool acts on are refused.', {
        maxProperties: 32,
        value: text('Value of the annotation.', { maxLength: 4096 }),
        rules: inheritedKeyRules('annotations'),
      }),
    },
  },
);

/** `spec`. */
export const specSchema: Schema = defaulted(
  object('Spec', 'What the user asks for. Every field has a default or may be left out.', {
    rules: SPEC_RULES,
    properties: {
      replicas: integer(
        'How many replicas run: one leads, the others stand by. `kubectl scale` sets it too.',
        { minimum: 0, maximum: 20, default: 2 },
      ),
      paused: boolean(
        'The operator writes none of its objects while this is true. Failover follows its own mode.',
        { default: false },
      ),
      restartTrigger: text('Any new value replaces the pods once.', {
        maxLength: 128,
        default: '',
      }),
      controller: controllerSchema,
      leaderElection: leaderElectionSchema,
      failover: failoverSchema,
      podDisruptionBudget: disruptionBudget,
      rollout,
      placement,
      inheritedMetadata,
      podTemplatePatch: described(
        'Last word on the pod template. Maps merge, lists merge by the keys of the Kubernetes API, and other lists are replaced. At most 32 KiB, and only where the installer allows it.',
        podTemplatePatch,
      ),
    },
  }),
);
