/** Where a command looks for the operator when nobody says where it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeError } from '../../operator/base/failure.ts';
import { findOperator } from '../../operator/cli/live/operator-lease.ts';
import type { OperatorFlags } from '../../operator/cli/operator-flags.ts';

const BESIDE = 'ingress-apisix';

/** Namespace -> names of the Leases there; undefined: they may not be listed. */
type Leases = Readonly<Record<string, readonly string[] | undefined>>;

async function found(leases: Leases, flags: OperatorFlags = {}) {
  const listed: string[] = [];
  const client = {
    async list(_: unknown, namespace: string) {
      listed.push(namespace);
      const names = namespace in leases ? leases[namespace] : [];
      if (names === undefined) {
        throw new KubeError({ kind: 'forbidden', cause: 'rights', message: 'leases is forbidden' });
      }
      const items = names.map((name) => ({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace },
      }));
      return { items, resourceVersion: '1' };
    },
  };
  const { namespace, name } = await findOperator(client, flags, { beside: BESIDE });
  return { lease: `${namespace}/${name}`, listed };
}

test('a namespace of its own comes first', async () => {
  const leases = {
    'ingress-ha-system': ['ingress-controller-ha'],
    [BESIDE]: ['apisix-ingress-controller-ha'],
  };

  assert.equal((await found(leases)).lease, 'ingress-ha-system/ingress-controller-ha');
});

test('else it is looked for beside the resource, where Helm puts it', async () => {
  const leases = { [BESIDE]: ['apisix-ingress-controller-leader', 'apisix-ingress-controller-ha'] };

  assert.equal((await found(leases)).lease, `${BESIDE}/apisix-ingress-controller-ha`);
});

test('two operators in one place are not guessed between', async () => {
  const leases = { [BESIDE]: ['a-ingress-controller-ha', 'b-ingress-controller-ha'] };

  assert.equal((await found(leases)).lease, 'ingress-ha-system/ingress-controller-ha');
});

test('where Leases may not be listed the usual names are taken', async () => {
  const leases = { 'ingress-ha-system': undefined, [BESIDE]: undefined };

  assert.equal((await found(leases)).lease, 'ingress-ha-system/ingress-controller-ha');
});

test('a flag counts, and both together need no list', async () => {
  const leases = { ops: ['edge-ingress-controller-ha', 'mine'] };

  const [byNamespace, byBoth] = [
    await found(leases, { operatorNamespace: 'ops' }),
    await found(leases, { operatorNamespace: 'ops', operatorLease: 'mine' }),
  ];

  assert.equal(byNamespace.lease, 'ops/edge-ingress-controller-ha');
  assert.deepEqual(byBoth, { lease: 'ops/mine', listed: [] });
});
