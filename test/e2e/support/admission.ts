/**
 * The chart's ValidatingAdmissionPolicies on the real API server, and a tenant to try them on: an
 * account with more rights in its namespace than the role `edit`, so that whoever refuses it is the lock.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { after } from 'node:test';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import type { ResourceKind } from '../../../operator/base/resource-kinds.ts';
import { DEFAULT_OPERAND_ACCOUNT } from '../../../operator/desired/installer.ts';
import type { Exchange } from '../../../operator/kube/http/transport.ts';
import { run } from '../../testbed/run.ts';
import { type Admin, type Answer, adminOf } from './admin.ts';
import { at, uniqueName } from './an-object.ts';
import { eventually } from './eventually.ts';
import type { Harness } from './harness.ts';

export interface PolicyOptions {
  /** Files of chart/templates/admission that start so: `lock` or `advice`. */
  readonly group: 'lock' | 'advice';
  /** The release's: where the operator lives. */
  readonly namespace: string;
  readonly served: string;
  readonly operatorAccount: string;
  /** Default: the account that the operator uses when its installer names none. */
  readonly controllerAccount?: string;
  readonly exemptUsers?: readonly string[];
  /** Of the release; default: made from a name of its own. */
  readonly fullname?: string;
}

export const POLICY_FILES = {
  lock: ['config', 'pods', 'sessions', 'templates', 'token-secrets', 'tokens'],
  advice: ['blocking-budget', 'shared-lease', 'single-replica'],
} as const;

/** Renders the policies and applies them; they go with the test file. Gives the names of the policies. */
export async function installPolicies(
  { testbed }: Harness,
  options: PolicyOptions,
): Promise<readonly string[]> {
  const release = uniqueName('e2e');
  const { group, namespace, served, operatorAccount, exemptUsers = [] } = options;
  const { fullname = `${release}-ingress-controller-ha` } = options;
  const values = {
    fullnameOverride: fullname,
    image: { repository: 'example.test/ingress-controller-ha' },
    servedNamespaces: [served],
    operator: { serviceAccount: { name: operatorAccount } },
    controllerServiceAccount: { name: options.controllerAccount ?? DEFAULT_OPERAND_ACCOUNT },
    admissionPolicies: {
      advice: { enabled: group === 'advice' },
      lockServiceAccount: { enabled: group === 'lock', exemptUsers },
    },
  };
  const shown = POLICY_FILES[group].flatMap((file) => [
    '--show-only',
    `templates/admission/${group}-${file}.yaml`,
  ]);
  const manifest = await run(
    join(testbed.binDir, 'helm'),
    ['template', release, 'chart', '--namespace', namespace, '--values', '-', ...shown],
    { input: JSON.stringify(values) },
  );
  after(() => testbed.kubectl(['delete', '--ignore-not-found', '-f', '-'], manifest));
  await testbed.kubectl(['apply', '-f', '-'], manifest);
  return POLICY_FILES[group].map((file) => `${fullname}.${namespace}.${group}-${file}`);
}

/** The API server checks types in the background, and tells what it found in the status. */
export async function assertWellTyped(e2e: Harness, policies: readonly string[]): Promise<void> {
  for (const name of policies) {
    const status = await eventually(`${name} is checked`, async () => {
      const policy = await e2e.admin.read(PolicyKind, { name });
      return at(policy, 'status.observedGeneration') === 1 && policy.status;
    });
    assert.deepEqual(status, { observedGeneration: 1, typeChecking: {} }, name);
  }
}

const PolicyKind: ResourceKind = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  scope: 'Cluster',
};

export interface Tenant {
  readonly kubeconfig: string;
  /** How the API server calls it. */
  readonly user: string;
  /** Any request, as this account. */
  readonly client: Admin;
}

/** An account in a namespace of its own, with wide rights in each of `namespaces`. */
export async function aTenant(e2e: Harness, namespaces: readonly string[]): Promise<Tenant> {
  const home = await e2e.newNamespace();
  const user = `system:serviceaccount:${home}:tenant`;
  await e2e.kubectl('create', 'serviceaccount', '-n', home, 'tenant');
  await allow(e2e, user, namespaces);
  const kubeconfig = await e2e.testbed.kubeconfigFor(home, 'tenant');
  const client = adminOf(kubeconfig);
  after(() => client.close());
  return { kubeconfig, user, client };
}

/** `edit`, and what it lacks of all that could run a pod. */
const BEYOND_EDIT = [
  { apiGroups: [''], resources: ['pods/ephemeralcontainers', 'pods/resize'], verbs: ['*'] },
  { apiGroups: [''], resources: ['podtemplates', 'serviceaccounts/token'], verbs: ['*'] },
];

/** Gives a user `edit` and more in some namespaces. */
export async function allow(
  { testbed }: Harness,
  user: string,
  namespaces: readonly string[],
): Promise<void> {
  const subjects = [{ kind: 'User', name: user, apiGroup: RBAC }];
  const items = namespaces.flatMap((namespace) => {
    const name = uniqueName('tenant');
    return [
      rbac('Role', { name, namespace }, { rules: BEYOND_EDIT }),
      rbac('RoleBinding', { name, namespace }, { subjects, roleRef: role('Role', name) }),
      rbac('RoleBinding', { name: `${name}-edit`, namespace }, { subjects, roleRef: EDIT }),
    ];
  });
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await testbed.kubectl(['apply', '-f', '-'], list);
}

const RBAC = 'rbac.authorization.k8s.io';
const role = (kind: string, name: string) => ({ apiGroup: RBAC, kind, name });
const EDIT = role('ClusterRole', 'edit');

function rbac(kind: string, metadata: KubeObject['metadata'], fields: object): KubeObject {
  return { apiVersion: `${RBAC}/v1`, kind, metadata, ...fields };
}

/** What somebody tries: `a pod`, and the request that does it. */
export interface Attempt {
  readonly what: string;
  readonly exchange: Exchange;
}

/** The answer to a request, as its sender or as another user on whose behalf it is sent. */
export function tryIt(client: Admin, { exchange }: Attempt, as?: string): Promise<Answer> {
  const headers = as === undefined ? {} : { 'impersonate-user': as };
  return client.request({ ...exchange, headers: { ...exchange.headers, ...headers } });
}

/** kubectl's ending, and all that it said to the person before the screen. */
export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** kubectl with somebody's kubeconfig; no ending is an error. */
export async function kubectlOf(
  { testbed }: Harness,
  kubeconfig: string,
  { args, input = '' }: { readonly args: readonly string[]; readonly input?: string },
): Promise<Said> {
  const child = spawn(join(testbed.binDir, 'kubectl'), ['--kubeconfig', kubeconfig, ...args]);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  child.stdin.on('error', () => {}); // it may end without reading
  child.stdin.end(input);
  const [code, stdout, stderr] = await Promise.all([
    ended,
    readText(child.stdout),
    readText(child.stderr),
  ]);
  return { code, stdout, stderr };
}
