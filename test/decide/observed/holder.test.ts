/** One rule tells which pod a holder is: by its name, else by a host name of its own. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import {
  type Holder,
  holderAmong,
  isOfOurDeployment,
  type NamedPod,
  NODES_OWN,
  ownHostName,
  podNamedBy,
} from '../../../operator/decide/observed/holder.ts';
import { identityOf } from '../../support/a-holder.ts';
import { ofReplicaSet } from '../../support/an-observation.ts';
import { merged } from '../../support/merge.ts';

/** `pod a`, `one of a, b`, `foreign`, `none`. */
function said(holder: Holder<NamedPod>): string {
  if (holder.kind === 'pod') return `pod ${holder.pod.name}`;
  if (holder.kind === 'one-of') return `one of ${holder.pods.map(({ name }) => name).join(', ')}`;
  return holder.kind;
}

const plain: readonly NamedPod[] = [{ name: 'edge-1' }, { name: 'edge-10' }];
const uuid = identityOf('').slice(1);

const cases: Record<string, { holder: string; pods?: readonly NamedPod[]; expected: string }> = {
  'an empty holder is nobody': { holder: '', expected: 'none' },
  'a pod is called exactly as its holder says': {
    holder: identityOf('edge-1'),
    expected: 'pod edge-1',
  },
  'a pod whose name only begins so is another one': {
    holder: identityOf('edge'),
    expected: 'foreign',
  },
  'a name without a uuid is nobody’s': { holder: 'edge-1_1', expected: 'foreign' },
  'the pod’s name alone is nobody’s': { holder: 'edge-1', expected: 'foreign' },
  'a uuid alone is nobody’s': { holder: `_${uuid}`, expected: 'foreign' },
  'what comes after the last name counts, with all underscores before it': {
    holder: `edge-1_x_${uuid}`,
    expected: 'foreign',
  },
  'two pods of one name tell nothing': {
    holder: identityOf('a'),
    pods: [{ name: 'a' }, { name: 'a' }],
    expected: 'foreign',
  },
  'one pod in the network of a node of that name is it': {
    holder: identityOf('node-1'),
    pods: [
      { name: 'a', hostName: NODES_OWN, nodeName: 'node-1' },
      { name: 'b', hostName: NODES_OWN, nodeName: 'node-2' },
    ],
    expected: 'pod a',
  },
  'a node may call itself otherwise than the API does': {
    holder: identityOf('machine'),
    pods: [{ name: 'a', hostName: NODES_OWN, nodeName: 'node-1' }, { name: 'b' }],
    expected: 'one of a',
  },
  'several pods with that host name are ours, whichever it is': {
    holder: identityOf('edge'),
    pods: [
      { name: 'a', hostName: 'edge' },
      { name: 'b', hostName: 'edge' },
    ],
    expected: 'one of a, b',
  },
  'a name of the cluster’s domain begins as its pod says': {
    holder: identityOf('a.sub.ns.svc.cluster.local'),
    pods: [{ name: 'a', hostName: 'a.sub.ns.svc.' }],
    expected: 'pod a',
  },
  'a pod’s name goes before the host name of another': {
    holder: identityOf('a'),
    pods: [{ name: 'a' }, { name: 'b', hostName: 'a' }],
    expected: 'pod a',
  },
};

describe('a holder', () => {
  for (const [sentence, { holder, pods = plain, expected }] of Object.entries(cases)) {
    test(sentence, () => assert.equal(said(holderAmong(holder, pods)), expected));
  }

  test('is acted upon by the pod’s own name only', () => {
    const pods = [{ name: 'a', hostName: 'node-1' }];

    assert.equal(podNamedBy(identityOf('node-1'), pods), undefined);
  });
});

describe('the host name of a pod', () => {
  const aPod = (spec: Readonly<Record<string, unknown>>, name = 'x-1') =>
    merged(
      { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'ns' }, spec: {} },
      { spec },
    ) as KubeObject;
  const shapes: Record<string, { pod: KubeObject; expected: string | undefined }> = {
    'is its own name': { pod: aPod({ nodeName: 'n1' }), expected: undefined },
    'is the node’s in its network': {
      pod: aPod({ hostNetwork: true, nodeName: 'n1', hostname: 'x' }),
      expected: NODES_OWN,
    },
    'is what `hostname` says': { pod: aPod({ hostname: 'edge' }), expected: 'edge' },
    'is what `hostnameOverride` says, before all else': {
      pod: aPod({ hostname: 'edge', hostnameOverride: 'edge.example' }),
      expected: 'edge.example',
    },
    'goes on to the cluster’s domain where it is asked to': {
      pod: aPod({ setHostnameAsFQDN: true, subdomain: 'sub' }),
      expected: 'x-1.sub.ns.svc.',
    },
    'is short without a subdomain': { pod: aPod({ setHostnameAsFQDN: true }), expected: undefined },
    'is cut as the kubelet cuts it': {
      pod: aPod({}, `${'x'.repeat(62)}-y`),
      expected: 'x'.repeat(62),
    },
  };
  for (const [sentence, { pod, expected }] of Object.entries(shapes)) {
    test(sentence, () => assert.equal(ownHostName(pod), expected));
  }
});

test('a pod under our labels that no ReplicaSet of ours made is none of ours', () => {
  const pod = (ownerReferences: KubeObject['metadata']['ownerReferences'] = []) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', ownerReferences },
  });
  const of = (name: string) => pod(ofReplicaSet(name));

  assert.deepEqual(
    [of('edge'), of('edge2'), of('ed'), pod()].map((each) =>
      isOfOurDeployment(each, { name: 'edge' }),
    ),
    [true, false, false, false],
  );
});
