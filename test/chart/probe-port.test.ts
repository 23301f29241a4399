/** The probe port of the operator: who may reach it, and how patient the kubelet is. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { at } from '../e2e/support/an-object.ts';
import { only, renderObjects } from './support/helm.ts';

const POLICY = ['--set', 'networkPolicy.enabled=true'];
/** A machine at load 50 has been seen to keep an operator from answering for a minute. */
const PATIENCE_S = 120;

interface Probe {
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold?: number;
}

interface Rule {
  readonly ports: readonly { readonly port: string }[];
  readonly from?: unknown;
}

async function rulesWith(...args: readonly string[]): Promise<readonly Rule[]> {
  const policy = only(await renderObjects([...POLICY, ...args]), 'NetworkPolicy');
  return at(policy, 'spec.ingress') as readonly Rule[];
}

describe('the NetworkPolicy', () => {
  test('opens the probe port to nobody: the node of the pod needs no rule', async () => {
    const ports = (await rulesWith()).flatMap((rule) => rule.ports.map(({ port }) => port));

    assert.deepEqual(ports, ['metrics']);
  });

  test('opens it to whom the installer names', async () => {
    const nodes = 'networkPolicy.probesFrom[0].ipBlock.cidr=10.0.0.0/16';

    const rule = (await rulesWith('--set', nodes)).find(({ ports }) => ports[0]?.port === 'probes');

    assert.deepEqual(rule?.from, [{ ipBlock: { cidr: '10.0.0.0/16' } }]);
  });
});

describe('an operator that gets no CPU', () => {
  for (const name of ['startupProbe', 'livenessProbe']) {
    test(`is given two minutes by its ${name}`, async () => {
      const deployment = only(await renderObjects([]), 'Deployment');
      const probe = at(deployment, `spec.template.spec.containers[operator].${name}`) as Probe;

      const { periodSeconds, timeoutSeconds, failureThreshold = 3 } = probe;

      assert.ok(periodSeconds * failureThreshold >= PATIENCE_S);
      assert.ok(timeoutSeconds >= 15);
    });
  }
});
