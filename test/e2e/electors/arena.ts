/**
 * Where electors of both kinds meet: a namespace, an account that may get, create and update Leases
 * there and nothing else, and the hosts of a test.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LeaseKind } from '../../../operator/base/resource-kinds.ts';
import { buildElectors } from '../../testbed/electors.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import { ElectorHost, type HostSetup } from './elector-host.ts';
import { EventLog } from './event-log.ts';
import type { Family } from './history.ts';

export interface Arena {
  readonly namespace: string;
  readonly log: EventLog;
  startHost(family: Family): ElectorHost;
  /** Kills every host. */
  close(): Promise<void>;
}

const ACCOUNT = 'electors';

/** In a namespace that exists. */
export async function openArena(testbed: Testbed, namespace: string): Promise<Arena> {
  const goProgram = await buildElectors(() => {});
  const logFolder = join(testbed.folder, 'logs', 'electors');
  await mkdir(logFolder, { recursive: true });
  await testbed.kubectl(['apply', '-f', '-'], JSON.stringify(rights(namespace)));
  const kubeconfig = await testbed.kubeconfigFor(namespace, ACCOUNT);
  const log = new EventLog();
  const setup: HostSetup = { namespace, kubeconfig, goProgram, logFolder, log };
  const hosts: ElectorHost[] = [];
  return {
    namespace,
    log,
    startHost(family) {
      const host = new ElectorHost(family, setup);
      hosts.push(host);
      return host;
    },
    async close() {
      await Promise.all(hosts.map((host) => host.kill()));
    },
  };
}

function rights(namespace: string) {
  const metadata = { name: ACCOUNT, namespace };
  const apiGroup = 'rbac.authorization.k8s.io';
  const [group] = LeaseKind.apiVersion.split('/');
  const rules = [
    { apiGroups: [group], resources: [LeaseKind.plural], verbs: ['get', 'create', 'update'] },
  ];
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
      { apiVersion: `${apiGroup}/v1`, kind: 'Role', metadata, rules },
      {
        apiVersion: `${apiGroup}/v1`,
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup, kind: 'Role', name: ACCOUNT },
        subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace }],
      },
    ],
  };
}
