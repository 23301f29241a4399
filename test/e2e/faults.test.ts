/**
 * What the API server, or the way to it, may do to the operator: refuse, lose, delay, forget. None of
 * it ends the process, makes it spin, or leaves anything but what was asked for, once.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { CHILD_KINDS, DisruptionBudgetKind } from '../../operator/base/resource-kinds.ts';
import { anObject, conditionText, statusOf, uniqueName } from './support/an-object.ts';
import { describeEntry, writes } from './support/audit.ts';
import { startBehindProxy } from './support/behind-proxy.ts';
import { childrenOf, deploymentOf } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import type { Fault, Faults, ProxiedRequest } from './support/fault-proxy.ts';
import { startHarness } from './support/harness.ts';

/** One lost or refused request may cost this much, and no more. */
const SOON = { within: 10_000 };
/** A refusal that only a person can mend is looked at again every 15 s. */
const RECHECK = { within: 25_000 };
/** Children of a resource without pods, the Lease among them; then comes the status. */
const CHILDREN = CHILD_KINDS.filter((kind) => kind !== DisruptionBudgetKind).map(
  ({ kind }) => kind,
);

const e2e = await startHarness();
const { admin } = e2e;
const { operator, proxy, renewToken } = await startBehindProxy(e2e);
const { namespace, pid } = operator;

/** What happens to requests about the resource whose name they carry. */
const faultsOf = new Map<string, Faults>();
proxy.breakWith((request) => {
  const name = [...faultsOf.keys()].find((known) => request.url.includes(`/${known}`));
  return name === undefined ? undefined : faultsOf.get(name)?.(request);
});

/** Creates a resource whose requests meet these faults, and gives it when it is as asked. */
async function createUnder(faults: Faults, patience: { readonly within: number }) {
  const name = uniqueName('ha');
  faultsOf.set(name, faults);
  await e2e.apply(anObject({ namespace, name }));
  return e2e.condition({ namespace, name }, 'Ready=True/ScaledToZero', patience);
}

/** This fault for the k-th write, from 1. */
function atWrite(k: number, fault: Fault): Faults {
  let count = 0;
  return ({ isWrite }) => {
    count += isWrite ? 1 : 0;
    return isWrite && count === k ? fault : undefined;
  };
}

/** This fault for the first `times` requests that would change something, dry runs included. */
function firstWrites(times: number, fault: Fault): Faults {
  let left = times;
  return ({ method }) => {
    if (method === 'GET' || left === 0) return undefined;
    left -= 1;
    return fault;
  };
}

/** Each child once, the owned ones by this very resource. */
async function assertWhole({ metadata }: KubeObject): Promise<void> {
  const children = await childrenOf(admin, metadata);
  assert.deepEqual(children.map(({ kind }) => kind).toSorted(), CHILDREN.toSorted());
  for (const child of children.filter(({ kind }) => kind !== 'Lease')) {
    assert.deepEqual(
      child.metadata.ownerReferences?.map(({ uid }) => uid),
      [metadata.uid],
    );
  }
  const accusations = operator
    .log('Resource changed state')
    .filter(
      ({ resource, level }) => resource === `${namespace}/${metadata.name}` && level === 'warn',
    );
  assert.deepEqual(accusations, []);
}

for (const kind of ['lose-request', 'lose-answer'] as const) {
  const lost = kind === 'lose-request' ? 'a request' : 'an answer';
  test(`${lost} that is lost during creation leaves no trace`, async (t) => {
    const startedAtMs = performance.now();
    const cases = [...CHILDREN, 'status'].map((_, index) => atWrite(index + 1, { kind }));

    const resources = await Promise.all(cases.map((faults) => createUnder(faults, SOON)));

    t.diagnostic(`${cases.length} converged in ${Math.round(performance.now() - startedAtMs)} ms`);
    await Promise.all(resources.map(assertWhole));
    await assertQuiet(resources, 5_000);
  });
}

describe('a lost answer is no riddle when the watches are cut as well', () => {
  for (const plural of ['roles', 'leases', 'deployments']) {
    test(`to a write of ${plural}`, async () => {
      let isOver = false;
      const faults: Faults = ({ isWrite, url }) => {
        if (isOver || !isWrite || !url.includes(`/${plural}/`)) return undefined;
        isOver = true;
        proxy.endWatches('cut');
        return { kind: 'lose-answer' };
      };

      await assertWhole(await createUnder(faults, SOON));
    });
  }
});

describe('an answer that is no success is met with patience', { concurrency: true }, () => {
  const patient: Readonly<Record<string, Fault>> = {
    '409 Conflict': { kind: 'answer', status: 409 },
    '429 with Retry-After': { kind: 'answer', status: 429, retryAfterSeconds: 1 },
    '500 Internal Error': { kind: 'answer', status: 500 },
    '503 Unavailable': { kind: 'answer', status: 503 },
    '503 with Retry-After': { kind: 'answer', status: 503, retryAfterSeconds: 1 },
    '504 Gateway Timeout': { kind: 'answer', status: 504 },
    'a delay of 2 s': { kind: 'delay', ms: 2_000 },
  };
  for (const [sentence, fault] of Object.entries(patient)) {
    test(sentence, async () => {
      await assertWhole(await createUnder(firstWrites(2, fault), SOON));
    });
  }

  test('422 is the user’s to mend, and is looked at again', async () => {
    const refusal: Fault = { kind: 'answer', status: 422 };
    const resource = createUnder(firstWrites(1, refusal), RECHECK);

    const { metadata } = await resource;

    const [told] = operator
      .log('Resource changed state')
      .filter(({ resource: key }) => key === `${namespace}/${metadata.name}`);
    assert.equal(told?.reason, 'AdmissionDenied');
    const children = await childrenOf(admin, metadata);
    assert.equal(children.length, CHILDREN.length);
  });

  test('a write that keeps failing is told, slows down, and is never called ready', async () => {
    const { metadata } = await createUnder(() => undefined, SOON);
    const { name } = metadata;
    const deployment = await deploymentOf(admin, metadata);
    const failing = ({ method, url }: ProxiedRequest) =>
      method === 'PATCH' && url.includes(`/deployments/${name}-icha`);
    faultsOf.set(name, (r) => (failing(r) ? { kind: 'answer', status: 500 } : undefined));

    await e2e.edit(metadata, { spec: { restartTrigger: 'now' } });

    const retrying = await e2e.condition(metadata, 'Reconciling=True/Retrying');
    assert.match(conditionText(retrying, 'Ready') ?? '', /^Ready=False/);
    assert.equal(statusOf(retrying).observedGeneration, retrying.metadata.generation);
    const before = proxy.requests.filter(failing).length;
    await sleep(8_000); // a rate needs time to show
    const more = proxy.requests.filter(failing).length - before;
    assert.ok(more <= 15, `${more} requests in 8 s`);
    const { metadata: after } = await deploymentOf(admin, metadata);
    assert.equal(after.generation, deployment.metadata.generation);

    faultsOf.delete(name);
    await e2e.condition(metadata, 'Ready=True/ScaledToZero', RECHECK);
  });
});

test('a token that is refused is replaced by the one in the file', async () => {
  const { metadata } = await createUnder(() => undefined, SOON);
  const account = operator.operatorNamespace;
  const at = proxy.answers.length;

  await e2e.kubectl('delete', 'serviceaccount', '-n', account, account);
  await e2e.kubectl('create', 'serviceaccount', '-n', account, account);
  await eventually('the old token is refused', () =>
    proxy.answers.slice(at).some(({ status }) => status === 401),
  );
  await renewToken();
  await e2e.edit(metadata, { spec: { restartTrigger: 'again' } });

  await e2e.condition(metadata, 'Ready=True/ScaledToZero', SOON);
});

test('through all of this, the operator was one process', () => {
  assert.ok(operator.runs);
  assert.equal(operator.pid, pid);
  assert.deepEqual(
    operator.log().filter(({ level }) => level === 'error' || level === 'raw'),
    [],
  );
});

/** Nothing of these resources is written for a while. */
async function assertQuiet(resources: readonly KubeObject[], forMs: number): Promise<void> {
  const mark = e2e.audit.mark();
  await sleep(forMs); // silence is what only time can show
  const entries = writes(e2e.audit.since(mark, { user: operator.user }));
  const names = resources.map(({ metadata }) => metadata.name);
  const late = entries.filter(({ name }) => names.some((each) => name.startsWith(each)));
  assert.deepEqual(late.map(describeEntry), []);
}
