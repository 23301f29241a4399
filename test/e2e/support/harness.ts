/**
 * What every e2e test stands on: a testbed, its admin, its audit log, and operators of one's own.
 *
 *   const e2e = await startHarness();             // at the top of a test file
 *   const operator = await e2e.startOperator();   // the bundle, as its ServiceAccount, leading
 *
 *   test('a resource becomes …', async () => {
 *     const { metadata } = await e2e.apply(anObject({ namespace: operator.namespace }));
 *     await e2e.condition(metadata, 'Ready=True/ScaledToZero');
 *   });
 *
 * `npm test` brings up a testbed for all test files. For one file by hand:
 *   scripts/cluster up; eval "$(scripts/cluster env)"; npm run bundle; node --test test/e2e/x.test.ts
 *
 * Everything made here has a unique name and goes when the file is through: files run in parallel
 * and may meet the remains of an earlier run. Names with `e2e-` in front are the harness's.
 */
import { after } from 'node:test';
import { customResourceDefinition } from '../../../operator/api/crd.ts';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { API_VERSION, IngressControllerHAKind } from '../../../operator/base/resource-kinds.ts';
import { openTestbed, type Testbed } from '../../testbed/testbed.ts';
import { type Address, type Admin, adminOf, NamespaceKind } from './admin.ts';
import { conditionText, statusOf, uniqueName } from './an-object.ts';
import { type AuditLog, auditLogIn } from './audit.ts';
import { eventually, type Patience } from './eventually.ts';
import { TestOperator } from './operator.ts';

export interface Harness {
  readonly testbed: Testbed;
  readonly admin: Admin;
  readonly audit: AuditLog;
  /** A new namespace, `e2e-<random>`. */
  newNamespace(): Promise<string>;
  /** An operator that serves `served` new namespaces (default 1), or those that are named. */
  startOperator(options?: {
    readonly namespaces?: readonly string[];
    readonly served?: number;
    /** `served`: it serves its own namespace, and no other. Default: `apart`. */
    readonly home?: 'apart' | 'served';
    /** Further flags of `ingress-ha run`, such as `['--workers', '1']`. */
    readonly flags?: readonly string[];
  }): Promise<TestOperator>;
  /** A second process with the rights and the Lease of `operator`, which follows until that one goes. */
  startStandby(operator: TestOperator): Promise<TestOperator>;
  /** Creates a resource. */
  apply(resource: KubeObject): Promise<KubeObject>;
  /** The live resource; throws when there is none. */
  resource(namespace: string, name: string): Promise<KubeObject>;
  /** A merge patch on the resource: `edit(address, { spec: { replicas: 3 } })`. */
  edit(address: Address, change: Readonly<Record<string, unknown>>): Promise<KubeObject>;
  /** Waits for `Type=Status/Reason` as of the newest generation, and gives the resource. */
  condition(address: Address, wanted: string, patience?: Patience): Promise<KubeObject>;
  /** kubectl as admin. */
  kubectl(...args: readonly string[]): Promise<string>;
}

/** Opens the testbed that TESTBED_NAME names, installs the CRD, and cleans up after the file. */
export async function startHarness(): Promise<Harness> {
  const testbed = await namedTestbed();
  const admin = adminOf(testbed.kubeconfig);
  const operators: TestOperator[] = [];
  const namespaces: string[] = [];
  await installCrd(testbed, admin);

  after(async () => {
    await Promise.all(operators.filter(({ runs }) => runs).map((operator) => operator.kill()));
    await Promise.all(namespaces.map((name) => admin.remove(NamespaceKind, { name })));
    admin.close();
  });

  async function newNamespace(): Promise<string> {
    const name = uniqueName('e2e');
    const metadata = { name };
    await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata }, NamespaceKind);
    namespaces.push(name);
    return name;
  }

  const resource = (namespace: string, name: string) =>
    admin.read(IngressControllerHAKind, { namespace, name });

  return {
    testbed,
    admin,
    audit: auditLogIn(testbed.auditLog),
    newNamespace,
    resource,
    async startOperator({ namespaces: named, served = 1, home = 'apart', flags = [] } = {}) {
      const operatorNamespace = await newNamespace();
      const others = named ?? (await Promise.all(Array.from({ length: served }, newNamespace)));
      const operator = await TestOperator.start(testbed, {
        namespaces: home === 'served' ? [operatorNamespace] : others,
        operatorNamespace,
        flags,
      });
      operators.push(operator);
      return operator;
    },
    async startStandby(operator) {
      const standby = await operator.startStandby();
      operators.push(standby);
      return standby;
    },
    apply: (object) => admin.create(object),
    edit: (address, change) => admin.patch(IngressControllerHAKind, address, change),
    condition: ({ namespace = '', name }, wanted, patience) =>
      eventually(
        `${name} has ${wanted}`,
        async () => settledWith(await resource(namespace, name), wanted),
        patience,
      ),
    kubectl: (...args) => testbed.kubectl(args),
  };
}

/** The resource, once the operator has seen its newest generation and says what is wanted. */
function settledWith(resource: KubeObject, wanted: string): KubeObject {
  const found = conditionText(resource, wanted.split('=')[0] ?? '');
  const current = statusOf(resource).observedGeneration === resource.metadata.generation;
  if (found === wanted && current) return resource;
  throw new Error(`it is ${found}, in status ${JSON.stringify(resource.status, null, 1)}`);
}

async function namedTestbed(): Promise<Testbed> {
  const name = process.env.TESTBED_NAME;
  if (!name) {
    throw new Error(
      'TESTBED_NAME is not set: run npm test, or scripts/cluster up and eval "$(scripts/cluster env)".',
    );
  }
  const testbed = await openTestbed(name);
  if (testbed === undefined) throw new Error(`Testbed "${name}" is not up.`);
  return testbed;
}

/** The same content by the same manager: whoever comes second changes nothing. */
async function installCrd({ kubectl }: Testbed, admin: Admin): Promise<void> {
  const apply = ['apply', '--server-side', '--force-conflicts', '--field-manager=e2e', '-f', '-'];
  await kubectl(apply, JSON.stringify(customResourceDefinition()));
  await eventually('the API server serves the resource', async () => {
    const path = `/apis/${API_VERSION}/${IngressControllerHAKind.plural}`;
    return (await admin.request({ method: 'GET', path, headers: {} })).status === 200;
  });
}
