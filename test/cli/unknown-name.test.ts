/** What is said about a name that is not there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeFailure } from '../../operator/base/failure.ts';
import { runCommand } from '../support/run-command.ts';
import { createShownCluster, type ShownCluster } from '../support/shown-cluster.ts';
import { scene } from './scenes.ts';

const cases: Record<string, { name: string; stderr: string }> = {
  'what is one letter off': {
    name: 'egde-1',
    stderr: 'in namespace "prod". Did you mean "edge-1" or "edge-11" or "edge-2"?',
  },
  'what begins so': {
    name: 'gate',
    stderr: 'in namespace "prod". Did you mean "gateway-internal"?',
  },
  'the same name elsewhere': {
    name: 'lonely',
    stderr: 'in namespace "prod". Did you mean the one in namespace "staging"?',
  },
  'where to look, when nothing is near': {
    name: 'something',
    stderr:
      'in namespace "prod", and no other there has a name like it. List them by: ingress-ha status -n prod',
  },
};

for (const [what, { name, stderr }] of Object.entries(cases)) {
  for (const command of ['status', 'events']) {
    test(`${command} suggests ${what}`, async () => {
      const end = await runCommand([command, name], several().client);

      assert.equal(end.stderr, `IngressControllerHA "${name}" is not ${stderr}\n`);
      assert.deepEqual([end.exitCode, end.stdout], [command === 'status' ? 2 : 1, '']);
    });
  }
}

test('an empty namespace is told', async () => {
  const end = await runCommand(['status', 'nobody', '-n', 'empty'], several().client);

  assert.match(
    end.stderr,
    /is not in namespace "empty": there is none at all in it\. Check -n\.\n$/,
  );
});

test('suggests from the one namespace that may be listed', async () => {
  const cluster = several();
  const { list } = cluster.client;
  const client = {
    ...cluster.client,
    list: async (...args: Parameters<typeof list>) => {
      if (args[1] === '') cluster.fail('list', FORBIDDEN);
      const answer = list(...args);
      cluster.fail('list', undefined);
      return answer;
    },
  };

  const end = await runCommand(['status', 'egde'], client);

  assert.match(end.stderr, /Did you mean "edge"\?\n$/);
});

test('suggests nothing where nothing may be listed', async () => {
  const cluster = several();
  cluster.fail('list', FORBIDDEN);

  const end = await runCommand(['status', 'egde'], cluster.client);

  assert.match(end.stderr, /" is not in namespace "prod"\. Check its name and -n\.\n$/);
});

test('a missing CustomResourceDefinition is not taken for a missing resource', async () => {
  const cluster = createShownCluster();
  const message = 'Cannot get X: the server could not find the requested resource';
  cluster.fail('get', { kind: 'not-found', message });
  cluster.fail('list', { kind: 'not-found', message });

  const end = await runCommand(['status', 'edge'], cluster.client);

  assert.equal(
    end.stderr,
    'This API server does not know IngressControllerHA: install its CRD by: ingress-ha crds apply.\n',
  );
  assert.equal(end.exitCode, 2);
});

const FORBIDDEN: KubeFailure = { kind: 'forbidden', cause: 'rights', message: 'no' };

function several(): ShownCluster {
  return createShownCluster(
    ...['edge', 'edge-1', 'edge-2', 'edge-11', 'gateway-internal'].flatMap((name) =>
      scene({ name }),
    ),
    ...scene({ name: 'lonely', namespace: 'staging' }),
  );
}
