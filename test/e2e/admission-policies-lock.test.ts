/**
 * The chart's lock on the controllers' account: whoever may do nearly everything in a served namespace
 * gets neither a pod with that account nor a token of it. Nothing runs here: the server rehearses.
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { DEFAULT_OPERAND_ACCOUNT as LOCKED } from '../../operator/desired/installer.ts';
import {
  configMap,
  creation,
  type Named,
  RUNNING_KINDS,
  session,
  tokenRequest,
  tokenSecret,
} from './admission-policies-attempts.ts';
import { adminOf } from './support/admin.ts';
import {
  type Attempt,
  allow,
  assertWellTyped,
  aTenant,
  installPolicies,
  kubectlOf,
  tryIt,
} from './support/admission.ts';
import { uniqueName } from './support/an-object.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const OPERATOR = 'the-operator';
const EXEMPT = 'rehearsal';
const KUBE_SYSTEM = 'system:serviceaccount:kube-system';
const SHARED_USER = 'system:kube-controller-manager';

const e2e = await startHarness();
const [served, home, other, plain] = await Promise.all([1, 2, 3, 4].map(() => e2e.newNamespace()));
assert.ok(served && home && other && plain);
const namespaces = [served, home, other, plain];
const operator = `system:serviceaccount:${home}:${OPERATOR}`;
const users = [EXEMPT, operator, SHARED_USER, `${KUBE_SYSTEM}:replicaset-controller`];
users.push(`${KUBE_SYSTEM}:deployment-controller`, `${KUBE_SYSTEM}:statefulset-controller`);
const tenant = await aTenant(e2e, namespaces);
await Promise.all(users.map((user) => allow(e2e, user, namespaces)));
for (const namespace of [served, other, plain]) {
  await e2e.kubectl('create', 'serviceaccount', '-n', namespace, LOCKED);
}
await e2e.kubectl('create', 'serviceaccount', '-n', home, OPERATOR);
const admin = adminOf(e2e.testbed.kubeconfig);
after(() => admin.close());

const base = { group: 'lock', namespace: home, operatorAccount: OPERATOR } as const;
const policies = await installPolicies(e2e, { ...base, served, exemptUsers: [EXEMPT] });
/** So long that the names of its pods have a part of the hash, and no dash after it. */
const LONG = uniqueName('a'.repeat(45));
await installPolicies(e2e, { ...base, served, exemptUsers: [EXEMPT], fullname: LONG });
await installPolicies(e2e, { ...base, served: plain, controllerAccount: 'default' });
const PODS = /only the operator’s Deployments make pods with it, and nobody changes them/;
const TEMPLATES = /only the operator writes pod templates with it, while all may scale and restart/;
const SECRETS = /no Secret may ask for a token of it/;
const TOKENS = /only kubelets get tokens of it/;
const CONFIG = /only the operator writes it/;
const SESSIONS = /nobody enters that pod/;
const OPERATOR_POD = { pod: `${LONG}-5d9c7x2v8k`, namespace: home };
const CONTROLLER_POD = { pod: 'apisix-icha-5d9c7b9d4-x2v8k', namespace: served };
await inEffect();

const OLD_NAME: Named = { serviceAccount: LOCKED };
const NAME: Named = { serviceAccountName: LOCKED };
const KINDS = Object.keys(RUNNING_KINDS);
const WORKLOADS = KINDS.filter((kind) => kind !== 'Pod');
const ownedBy = (kind: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name: 'x', uid: 'x', controller: true }],
});

describe('someone with wide rights in a served namespace', () => {
  test('is refused pods and templates of every kind with the account, by either of its fields', async () => {
    for (const named of [NAME, OLD_NAME]) {
      await refused(creation({ kind: 'Pod', namespace: served }, named), PODS);
      for (const kind of WORKLOADS) {
        await refused(creation({ kind, namespace: served }, named), TEMPLATES);
      }
    }
  });

  test('is told what is locked, why, and whom to ask', async () => {
    const { body } = await tryIt(tenant.client, creation({ kind: 'Job', namespace: served }, NAME));

    const sentence = `ServiceAccount "${LOCKED}" leads to all Secrets of the cluster, so only the operator writes pod templates with it, while all may scale and restart; if user "${tenant.user}" must, ask the installer to list it in admissionPolicies.lockServiceAccount.exemptUsers`;
    assert.ok(body.message?.endsWith(`denied request: ${sentence}`), body.message);
  });

  test('cannot pass a pod off as one of a ReplicaSet', () =>
    refused(creation({ kind: 'Pod', namespace: served }, NAME, ownedBy('ReplicaSet')), PODS));

  test('gets no token of the account', async () => {
    await refused(tokenRequest(served, LOCKED), TOKENS);
    await refused(tokenSecret(served, LOCKED), SECRETS);
  });

  test('enters no pod that is called like a controller', async () => {
    for (const subresource of ['exec', 'attach', 'portforward'] as const) {
      await refused(session(CONTROLLER_POD, subresource), SESSIONS);
    }
    await passes(session(CONTROLLER_POD, 'proxy'));
  });

  test('cannot put another configuration under a controller', async () => {
    await refused(configMap(served, { name: 'apisix-icha-9113e5122c' }), CONFIG);
    await refused(configMap(served, { generateName: 'apisix-icha-9113e' }), CONFIG);
    await passes(configMap(served, { name: 'apisix' }));
    await passes(configMap(other, { name: 'apisix-icha-9113e5122c' }));
  });

  test('cannot become the operator, whose Deployments may use the account', async () => {
    const where = { kind: 'Pod', namespace: home };
    await refused(creation(where, { serviceAccountName: OPERATOR }), PODS);
    await refused(creation({ ...where, kind: 'Job' }, { serviceAccountName: OPERATOR }), TEMPLATES);
    await refused(tokenRequest(home, OPERATOR), TOKENS);
    await refused(tokenSecret(home, OPERATOR), SECRETS);
    const [fullname] = policies[0]?.split('.') ?? [];
    for (const pod of [`${fullname}-5d9c7b9d4-x2v8k`, OPERATOR_POD.pod]) {
      await refused(session({ pod, namespace: home }, 'exec'), SESSIONS);
    }
  });

  test('goes about all other business', async () => {
    const accounts: readonly Named[] = [{}, { serviceAccountName: 'default' }];
    for (const kind of KINDS) {
      for (const named of accounts) await passes(creation({ kind, namespace: served }, named));
    }
    await passes(creation({ kind: 'Pod', namespace: other }, NAME));
    await passes(creation({ kind: 'Job', namespace: other }, NAME));
    await passes(tokenRequest(served, 'default'));
    await passes(tokenRequest(other, LOCKED));
    await passes(tokenSecret(served, 'default'));
    await passes(session({ pod: 'shop-5d9c7b9d4-x2v8k', namespace: served }, 'exec'));
    await passes(session({ ...CONTROLLER_POD, namespace: other }, 'exec'));
  });

  test('still is the account where RBAC lets it impersonate: no policy sees what is read', async () => {
    const who = `system:serviceaccount:${served}:${LOCKED}`;
    const args = ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}', `--as=${who}`];
    assert.equal((await kubectlOf(e2e, tenant.kubeconfig, { args })).stdout, who);
  });
});

describe('an account called "default"', () => {
  test('is locked for pods and templates that name none', async () => {
    await refused(creation({ kind: 'Pod', namespace: plain }, {}), PODS);
    for (const kind of WORKLOADS) {
      await refused(creation({ kind, namespace: plain }, {}), TEMPLATES);
    }
    await passes(creation({ kind: 'Pod', namespace: plain }, { serviceAccountName: LOCKED }));
  });
});

describe('the lock lets in', () => {
  const pod = (owner?: string) =>
    creation({ kind: 'Pod', namespace: served }, NAME, owner === undefined ? {} : ownedBy(owner));
  const workload = (kind: string) => creation({ kind, namespace: served }, NAME);

  test('Kubernetes on the way from a Deployment to its pods, and on no other way', async () => {
    await passes(workload('ReplicaSet'), `${KUBE_SYSTEM}:deployment-controller`);
    await passes(pod('ReplicaSet'), `${KUBE_SYSTEM}:replicaset-controller`);
    await refused(pod('StatefulSet'), PODS, `${KUBE_SYSTEM}:statefulset-controller`);
    await refused(workload('Deployment'), TEMPLATES, `${KUBE_SYSTEM}:deployment-controller`);
  });

  test('the same where all controllers share one user', async () => {
    await passes(workload('ReplicaSet'), SHARED_USER);
    await passes(pod('ReplicaSet'), SHARED_USER);
    await refused(pod('StatefulSet'), PODS, SHARED_USER);
    await refused(pod(), PODS, SHARED_USER);
    await refused(workload('Job'), TEMPLATES, SHARED_USER);
  });

  test('the operator with its Deployments, and not with pods', async () => {
    await passes(workload('Deployment'), operator);
    await refused(pod(), PODS, operator);
  });

  test('exempt users, and those who may have all rights anyway', async () => {
    const all = [
      ...[...KINDS.map(workload), session(CONTROLLER_POD, 'exec')],
      ...[tokenRequest(served, LOCKED), tokenSecret(served, LOCKED)],
      configMap(served, { name: 'apisix-icha-9113e5122c' }),
    ];
    for (const attempt of all) {
      await passes(attempt, EXEMPT);
      await passesFor(attempt, await tryIt(admin, attempt));
    }
  });
});

test('the API server finds no mistake in the types of the expressions', () =>
  assertWellTyped(e2e, policies));

/** Each policy of each release is compiled by itself. */
async function inEffect(): Promise<void> {
  const canaries: readonly (readonly [Attempt, RegExp])[] = [
    [creation({ kind: 'Pod', namespace: served ?? '' }, { serviceAccountName: LOCKED }), PODS],
    [creation({ kind: 'Job', namespace: served ?? '' }, { serviceAccountName: LOCKED }), TEMPLATES],
    [tokenRequest(served ?? '', LOCKED), TOKENS],
    [tokenSecret(served ?? '', LOCKED), SECRETS],
    [session(CONTROLLER_POD, 'exec'), SESSIONS],
    [session(OPERATOR_POD, 'exec'), SESSIONS],
    [configMap(served ?? '', { name: 'apisix-icha-9113e5122c' }), CONFIG],
    [creation({ kind: 'Pod', namespace: plain ?? '' }, {}), PODS],
    [creation({ kind: 'Job', namespace: plain ?? '' }, {}), TEMPLATES],
  ];
  for (const [attempt, sentence] of canaries) {
    await eventually(`${attempt.what} is refused`, () =>
      refused(attempt, sentence).then(() => true),
    );
  }
}

/** As the tenant, or as another user whom the admin impersonates. */
async function refused(attempt: Attempt, sentence: RegExp, as?: string): Promise<void> {
  const { status, body } = await tryIt(as === undefined ? tenant.client : admin, attempt, as);
  const who = `${as ?? 'the tenant'} tries ${attempt.what}: ${status} ${body.message}`;
  assert.equal(status, 403, who);
  assert.match(body.message ?? '', sentence, who);
}

async function passes(attempt: Attempt, as?: string): Promise<void> {
  const client = as === undefined ? tenant.client : admin;
  await passesFor(attempt, await tryIt(client, attempt, as));
}

/** Nobody refuses it; a session has no pod to go to here. */
async function passesFor({ what }: Attempt, answer: Awaited<ReturnType<typeof tryIt>>) {
  const expected = /(exec|attach|portforward|proxy) of pod/.test(what) ? 404 : 201;
  assert.equal(answer.status, expected, `${what}: ${answer.body.message}`);
}
