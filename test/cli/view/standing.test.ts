/** How far a resource has come, as kstatus sees it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import {
  type Standing,
  standingLine,
  standingOf,
} from '../../../operator/cli/view/decide/standing.ts';

const READY = condition('Ready', 'True', 'AsSpecified: 2 replicas are ready');
const NOT_READY = condition('Ready', 'False', 'RollingOut: The Deployment is rolling out');

const cases: Record<string, { resource: KubeObject; kind: Standing['kind']; text: string }> = {
  'is current when Ready is True and nothing is under way': {
    resource: resource({ conditions: [READY] }),
    kind: 'current',
    text: 'Ready=True AsSpecified: 2 replicas are ready',
  },
  'is in progress while Ready is False': {
    resource: resource({ conditions: [condition('Ready', 'False', 'NoLeader: Nobody leads')] }),
    kind: 'in-progress',
    text: 'Ready=False NoLeader: Nobody leads',
  },
  'is in progress while Ready is Unknown': {
    resource: resource({ conditions: [condition('Ready', 'Unknown', 'Odd: Nobody knows')] }),
    kind: 'in-progress',
    text: 'Ready=Unknown Odd: Nobody knows',
  },
  'is in progress without a condition Ready': {
    resource: resource({ conditions: [] }),
    kind: 'in-progress',
    text: 'It has no condition Ready',
  },
  'is in progress while Reconciling is True, although it is Ready': {
    resource: resource({
      conditions: [READY, condition('Reconciling', 'True', 'RolloutQueued: New pods wait')],
    }),
    kind: 'in-progress',
    text: 'Ready=True AsSpecified: 2 replicas are ready; Reconciling=True RolloutQueued: New pods wait',
  },
  'says once what Ready and Reconciling both say': {
    resource: resource({
      conditions: [
        NOT_READY,
        condition('Reconciling', 'True', 'RollingOut: The Deployment is rolling out'),
      ],
    }),
    kind: 'in-progress',
    text: 'Ready=False Reconciling=True RollingOut: The Deployment is rolling out',
  },
  'has failed when Stalled is True': {
    resource: resource({
      conditions: [
        condition('Ready', 'False', 'ImageRefused: No such image'),
        condition('Stalled', 'True', 'ImageRefused: No such image'),
      ],
    }),
    kind: 'failed',
    text: 'Ready=False Stalled=True ImageRefused: No such image',
  },
  'has failed when Stalled is True and Ready is missing': {
    resource: resource({ conditions: [condition('Stalled', 'True', 'ImageRefused: No')] }),
    kind: 'failed',
    text: 'Stalled=True ImageRefused: No',
  },
  'is at work when it is Reconciling and still Stalled, as kstatus has it': {
    resource: resource({
      conditions: [
        condition('Stalled', 'True', 'ImageRefused: No'),
        condition('Reconciling', 'True', 'Applying: Again'),
      ],
    }),
    kind: 'in-progress',
    text: 'Reconciling=True Applying: Again',
  },
  'is in progress while the newest generation is not seen, whatever its conditions say': {
    resource: resource({
      generation: 3,
      observed: 2,
      conditions: [READY, condition('Stalled', 'True', 'ImageRefused: No')],
    }),
    kind: 'in-progress',
    text: 'The operator has not seen generation 3 yet, only 2',
  },
  'is unseen with the generation -1 of the schema': {
    resource: resource({ observed: -1 }),
    kind: 'unseen',
    text: 'No operator has looked at it yet',
  },
  'is unseen without a status': {
    resource: { ...resource({}), status: undefined },
    kind: 'unseen',
    text: 'No operator has looked at it yet',
  },
  'is terminating once it is deleted, however Ready it is': {
    resource: resource({ conditions: [READY], deleted: '2026-01-01T00:00:00Z' }),
    kind: 'terminating',
    text: 'It is being deleted',
  },
};

for (const [sentence, { resource: given, kind, text }] of Object.entries(cases)) {
  test(`a resource ${sentence}`, () => {
    assert.deepEqual(standingOf(given), { kind, text });
  });
}

test('the line is one line, and cannot move the cursor of a terminal', () => {
  const line = standingLine(
    { namespace: 'prod', name: 'edge' },
    'Ready=False X: a\nb\u001b[2Jc\u2028d\n',
  );

  assert.equal(line, 'prod/edge: Ready=False X: a b [2Jc d');
});

/** `why` is reason and message, as in `NoLeader: Nobody leads`. */
function condition(type: string, status: string, why: string) {
  const [reason = '', message = ''] = why.split(': ');
  return { type, status, reason, message, observedGeneration: 2 };
}

function resource(of: {
  readonly generation?: number;
  readonly observed?: number;
  readonly conditions?: readonly unknown[];
  readonly deleted?: string;
}): KubeObject {
  const { generation = 2, observed = 2, conditions = [], deleted } = of;
  return {
    apiVersion: 'ingressha.dev/v1alpha1',
    kind: 'IngressControllerHA',
    metadata: {
      name: 'edge',
      namespace: 'prod',
      generation,
      ...(deleted !== undefined && { deletionTimestamp: deleted }),
    },
    status: { observedGeneration: observed, conditions },
  };
}
