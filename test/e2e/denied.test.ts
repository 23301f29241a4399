/**
 * What others refuse on behalf of the cluster: policies, quotas, Pod Security, a missing account. The
 * resource says who and why; what runs goes on; nothing has to be done here once it is allowed there.
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import type { ResourceKind } from '../../operator/base/resource-kinds.ts';
import { DEFAULT_OPERAND_ACCOUNT } from '../../operator/desired/installer.ts';
import { NamespaceKind } from './support/admin.ts';
import { anObject, running, uniqueName } from './support/an-object.ts';
import { describeEntry, writes } from './support/audit.ts';
import { assertCalm, conditionOf, stalled, whatRuns } from './support/blocked.ts';
import { podUids } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const STARTED = { within: 60_000 };
const RECHECK = { within: 25_000 };

const e2e = await startHarness();
const { admin } = e2e;
const secured = await e2e.startOperator({ flags: ['--allow-pod-template-patch'] });
const [policed, mutated, limited, bare] = await Promise.all(
  [1, 2, 3, 4].map(() => e2e.newNamespace()),
);
assert.ok(policed && mutated && limited && bare);
const operator = await e2e.startOperator({ namespaces: [policed, mutated, limited, bare] });
/** The toughest standard there is. */
await admin.patch(
  NamespaceKind,
  { name: secured.namespace },
  { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
);

const ADMISSION = 'admissionregistration.k8s.io/v1';
const kindCalled = (kind: string, apiVersion: string, plural: string): ResourceKind => ({
  apiVersion,
  kind,
  plural,
  scope: plural === 'resourcequotas' ? 'Namespaced' : 'Cluster',
});
const PolicyKind = kindCalled(
  'ValidatingAdmissionPolicy',
  ADMISSION,
  'validatingadmissionpolicies',
);
const BindingKind = kindCalled(
  'ValidatingAdmissionPolicyBinding',
  ADMISSION,
  'validatingadmissionpolicybindings',
);
const MutatingKind = kindCalled('MutatingAdmissionPolicy', ADMISSION, 'mutatingadmissionpolicies');
const MutatingBindingKind = kindCalled(
  'MutatingAdmissionPolicyBinding',
  ADMISSION,
  'mutatingadmissionpolicybindings',
);
const QuotaKind = kindCalled('ResourceQuota', 'v1', 'resourcequotas');

describe('a refusal of the cluster is told and waited out', { concurrency: true }, () => {
  test('Pod Security “restricted” takes the pods as they are, and no laxer ones', async () => {
    const { namespace } = secured;
    const spec = running({ replicas: 1 });
    const { metadata } = await e2e.apply(anObject({ namespace, spec }));
    await e2e.condition(metadata, 'Ready=True/AsSpecified', STARTED);
    const { pods, leader } = await whatRuns(e2e, metadata);
    const lax = { name: 'manager', securityContext: { allowPrivilegeEscalation: true } };

    await e2e.edit(metadata, {
      spec: { podTemplatePatch: { spec: { containers: [lax] } } },
    });

    await stalled(e2e, metadata, { reason: 'AdmissionDenied', message: /violates PodSecurity/ });
    await assertCalm(e2e, secured, metadata);
    const meanwhile = await whatRuns(e2e, metadata);
    assert.deepEqual({ pods: meanwhile.pods, leader: meanwhile.leader }, { pods, leader });
    await e2e.edit(metadata, { spec: { podTemplatePatch: null } });
    await e2e.condition(metadata, 'Ready=True/AsSpecified', STARTED);
    assert.deepEqual(await podUids(admin, metadata), pods);
  });

  test('a ValidatingAdmissionPolicy stops the whole plan', async () => {
    const name = uniqueName('no-deployments');
    const resource = anObject({ namespace: policed });
    await deny(name, policed);
    await eventually('the policy is in force', () =>
      isRefused(resource, policed, /no Deployments today/),
    );
    const mark = e2e.audit.mark();

    const { metadata } = await e2e.apply(resource);

    await stalled(e2e, metadata, { reason: 'AdmissionDenied', message: /no Deployments today/ });
    await assertCalm(e2e, operator, metadata);
    const written = writes(e2e.audit.since(mark, { user: operator.user, owner: metadata.name }));
    assert.deepEqual(written.map(describeEntry), [
      `patch ingresscontrollerhas/${metadata.name}/status 200`,
    ]);
    await admin.remove(BindingKind, { name });
    await e2e.condition(metadata, 'Ready=True/ScaledToZero', { within: 40_000 });
  });

  test('a MutatingAdmissionPolicy that fails is a denial, and no missing right', async () => {
    const name = uniqueName('broken-mutation');
    const resource = anObject({ namespace: mutated });
    await breakMutation(name, mutated);
    await eventually('the policy is in force', () =>
      isRefused(resource, mutated, /denied request/),
    );

    const { metadata } = await e2e.apply(resource);

    await stalled(e2e, metadata, { reason: 'AdmissionDenied', message: /denied request/ });
    await admin.remove(MutatingBindingKind, { name });
    await e2e.condition(metadata, 'Ready=True/ScaledToZero', { within: 40_000 });
  });

  test('a quota is no mistake of the user’s: it is retried, and never called Ready', async () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'none', namespace: limited },
      spec: { hard: { 'count/deployments.apps': '0' } },
    };
    await admin.create(quota, QuotaKind);
    await eventually('the quota counts', async () => {
      const { status } = await admin.read(QuotaKind, quota.metadata);
      return JSON.stringify(status ?? {}).includes('count/deployments.apps');
    });

    const { metadata } = await e2e.apply(anObject({ namespace: limited }));

    const retrying = await e2e.condition(metadata, 'Reconciling=True/Retrying');
    assert.match(conditionOf(retrying, 'Reconciling')?.message ?? '', /exceeded quota/);
    assert.equal(conditionOf(retrying, 'Ready')?.status, 'False');
    assert.equal(conditionOf(retrying, 'Stalled'), undefined);
    await admin.remove(QuotaKind, quota.metadata);
    await e2e.condition(metadata, 'Ready=True/ScaledToZero', RECHECK);
  });

  test('without the account of the pods, the resource says who has to provide it', async () => {
    const { metadata } = await e2e.apply(anObject({ namespace: bare }));
    await e2e.condition(metadata, 'Ready=True/ScaledToZero');
    await e2e.kubectl('delete', 'serviceaccount', '-n', bare, DEFAULT_OPERAND_ACCOUNT);

    await e2e.edit(metadata, { spec: running({ replicas: 1 }) });

    await stalled(e2e, metadata, {
      reason: 'PrerequisiteMissing',
      message: /serviceaccount.*not found.*installer/,
    });
    await e2e.kubectl('create', 'serviceaccount', '-n', bare, DEFAULT_OPERAND_ACCOUNT);
    await e2e.condition(metadata, 'Ready=True/AsSpecified', STARTED);
  });
});

test('no refusal ends an operator', () => {
  assert.ok(operator.runs && secured.runs);
});

/** Denies Deployments in one namespace; policies are cluster-scoped, so it goes with the file. */
async function deny(name: string, namespace: string): Promise<void> {
  after(async () => {
    await admin.remove(BindingKind, { name });
    await admin.remove(PolicyKind, { name });
  });
  const metadata = { name };
  const rule = {
    apiGroups: ['apps'],
    apiVersions: ['v1'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['deployments'],
  };
  const validations = [{ expression: 'false', message: 'no Deployments today' }];
  const matchConstraints = { resourceRules: [rule] };
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  await admin.create(
    {
      apiVersion: ADMISSION,
      kind: PolicyKind.kind,
      metadata,
      spec: { matchConstraints, validations },
    },
    PolicyKind,
  );
  const spec = {
    policyName: name,
    validationActions: ['Deny'],
    matchResources: { namespaceSelector },
  };
  await admin.create(
    { apiVersion: ADMISSION, kind: BindingKind.kind, metadata, spec },
    BindingKind,
  );
}

/** Its patch fails on every Deployment of one namespace. */
async function breakMutation(name: string, namespace: string): Promise<void> {
  after(async () => {
    await admin.remove(MutatingBindingKind, { name });
    await admin.remove(MutatingKind, { name });
  });
  const rule = {
    apiGroups: ['apps'],
    apiVersions: ['v1'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['deployments'],
  };
  const expression = `Object{spec: Object.spec{replicas: int(object.metadata.labels["no such label"])}}`;
  const spec = {
    matchConstraints: { resourceRules: [rule] },
    failurePolicy: 'Fail',
    reinvocationPolicy: 'Never',
    mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }],
  };
  const { kind } = MutatingKind;
  await admin.create({ apiVersion: ADMISSION, kind, metadata: { name }, spec }, MutatingKind);
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  const binding = {
    apiVersion: ADMISSION,
    kind: MutatingBindingKind.kind,
    metadata: { name },
    spec: { policyName: name, matchResources: { namespaceSelector } },
  };
  await admin.create(binding, MutatingBindingKind);
}

async function isRefused(
  { metadata }: KubeObject,
  namespace: string,
  pattern: RegExp,
): Promise<boolean> {
  const create = ['create', 'deployment', metadata.name, '--image=none', '--dry-run=server'];
  return pattern.test(await e2e.kubectl(...create, '-n', namespace).catch(String));
}
