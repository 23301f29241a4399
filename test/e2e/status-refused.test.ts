/**
 * A status that the API server will not store as it is: because the CRD is of another version, because a
 * policy or a missing right says no, or because nobody can be told at all. On a cluster of its own,
 * since the CRD is everybody's.
 */
import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { customResourceDefinition } from '../../operator/api/crd.ts';
import type { HaStatus } from '../../operator/api/status.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { API_GROUP, IngressControllerHAKind } from '../../operator/base/resource-kinds.ts';
import { moreText } from '../../operator/decide/observed/shared-name.ts';
import { startTestbed } from '../testbed/testbed.ts';
import type { Address } from './support/admin.ts';
import { anObject, at, conditionText, statusOf, uniqueName } from './support/an-object.ts';
import { childrenOf } from './support/children.ts';
import { eventually, timeUntil } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const SOON = { within: 45_000 };

const name = uniqueName('refused');
const testbed = await startTestbed({ name, log: () => {} });
process.env.TESTBED_NAME = name;
const e2e = await startHarness();
after(() => testbed.stop());
const operator = await e2e.startOperator();
const { namespace } = operator;

type Json = Record<string, unknown>;

async function apply(object: unknown): Promise<void> {
  const command = ['apply', '--server-side', '--force-conflicts', '--field-manager=e2e', '-f', '-'];
  await testbed.kubectl(command, JSON.stringify(object));
}

/** Our CRD with its status, or the version that holds it, changed. */
function crdWith(change: (version: Json, status: Json) => void): KubeObject {
  const crd = structuredClone(customResourceDefinition());
  const version = at(crd, 'spec.versions[0]') as Json;
  change(version, at(version, 'schema.openAPIV3Schema.properties.status') as Json);
  return crd;
}

/** As other versions, which know less of the status. */
const OUTDATED = crdWith((_, status) => {
  const { election: _e, standbys: _s, ...rest } = status.properties as Json;
  status.properties = rest;
});

/** A replacement, since an apply by others would keep what it does not name. */
async function replaceCrd(crd: KubeObject): Promise<void> {
  await testbed.kubectl(['replace', '-f', '-'], JSON.stringify(crd));
}

afterEach(() => replaceCrd(customResourceDefinition()));

function has(address: Address, description: string, check: (status: HaStatus) => boolean) {
  return eventually(
    description,
    async () => {
      const resource = await e2e.resource(address.namespace ?? '', address.name);
      if (check(statusOf(resource))) return resource;
      throw new Error(JSON.stringify(resource.status));
    },
    SOON,
  );
}

async function settled(): Promise<Address> {
  const { metadata } = await e2e.apply(anObject({ namespace }));
  await e2e.condition(metadata, 'Ready=True/ScaledToZero', SOON);
  return metadata;
}

function linesAbout({ name: about }: Address, msg: string) {
  return operator.log(msg).filter(({ resource }) => resource === `${namespace}/${about}`);
}

async function errors(): Promise<number> {
  const { body } = await operator.page('metrics', '/metrics');
  const line = /^controller_runtime_reconcile_errors_total\{.*\} (\d+)$/m.exec(body);
  return Number(line?.[1]);
}

async function eventsAbout({ name: about }: Address, reason: string) {
  const list = await testbed.kubectl([
    ...['get', 'events', '-n', namespace, '-o', 'json'],
    ...['--field-selector', `reason=${reason},involvedObject.name=${about}`],
  ]);
  return JSON.parse(list).items as readonly { readonly message: string }[];
}

describe('the newest operator on an older CRD', () => {
  test('writes what that declares, says CRDOutdated, and writes the rest once it is applied', async (t) => {
    const old = await settled();

    await replaceCrd(OUTDATED);
    const toldMs = await timeUntil(
      'the old resource says CRDOutdated',
      async () =>
        conditionText(await e2e.resource(namespace, old.name), 'SettingsSound') ===
        'SettingsSound=False/CRDOutdated',
      SOON,
    );
    const fresh = await settled();
    const lacking = statusOf(await e2e.resource(namespace, fresh.name));
    assert.equal(lacking.election, undefined);
    assert.ok(lacking.selector);
    assert.equal(
      conditionText(await e2e.resource(namespace, fresh.name), 'SettingsSound'),
      'SettingsSound=False/CRDOutdated',
    );

    await replaceCrd(customResourceDefinition());
    const mendedMs = await timeUntil(
      'both have all of their status',
      async () => {
        const all = await Promise.all([old, fresh].map((it) => e2e.resource(namespace, it.name)));
        return all.every(
          (it) =>
            statusOf(it).election !== undefined &&
            conditionText(it, 'SettingsSound') === 'SettingsSound=True/NoAdvice',
        );
      },
      SOON,
    );
    t.diagnostic(
      `told ${toldMs.toFixed(0)} ms after the CRD, mended after ${mendedMs.toFixed(0)} ms`,
    );
  });

  test('costs no request while nothing changes', async () => {
    await replaceCrd(OUTDATED);
    const address = await settled();
    await e2e.condition(address, 'SettingsSound=False/CRDOutdated', SOON);
    const before = (await e2e.resource(namespace, address.name)).metadata.resourceVersion;
    const mark = e2e.audit.mark();

    // A pass that has nothing to do, seen by the end of one that has.
    await e2e.edit(address, { metadata: { labels: { look: 'again' } } });
    const other = await settled();

    const patches = e2e.audit
      .since(mark, { user: operator.user })
      .filter((it) => it.subresource === 'status' && it.name === address.name);
    assert.deepEqual(patches, []);
    assert.ok(before && other.name);
  });
});

test('an operator on a newer CRD says what that requires, as far as it can', async () => {
  const newer = crdWith((_, status) => {
    const properties = status.properties as Record<string, Json>;
    properties.phase = { type: 'string', enum: ['Up', 'Down', 'Unknown'] };
    (status.required as string[]).push('phase');
    status.default = { observedGeneration: -1, phase: 'Unknown' };
    const condition = properties.conditions?.items as Json;
    (condition.properties as Json).severity = { type: 'integer', minimum: 1 };
    (condition.required as string[]).push('severity');
  });
  await replaceCrd(newer);

  const address = await settled();

  const status = statusOf(await e2e.resource(namespace, address.name)) as unknown as Json;
  assert.equal(status.phase, 'Unknown');
  assert.equal(at(status, 'conditions[0].severity'), 1);
});

describe('a refused status', () => {
  test('is told once in log and events, counts as an error, and leaves the rest and its conditions', async () => {
    const address = await settled();
    const policy = { metadata: { name: uniqueName('no-selector') } };
    const kind = (it: string) => ({ apiVersion: 'admissionregistration.k8s.io/v1', kind: it });
    const errorsBefore = await errors();
    await apply({
      ...kind('ValidatingAdmissionPolicy'),
      ...policy,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: [API_GROUP],
              apiVersions: ['*'],
              operations: ['UPDATE'],
              resources: [`${IngressControllerHAKind.plural}/status`],
            },
          ],
        },
        validations: [
          {
            expression: '!has(object.status.selector)',
            message: 'status.selector must not be told',
          },
        ],
      },
    });
    await apply({
      ...kind('ValidatingAdmissionPolicyBinding'),
      ...policy,
      spec: { policyName: policy.metadata.name, validationActions: ['Deny'] },
    });
    try {
      // The policy is in force some time after it is there.
      await eventually(
        'the policy is in force',
        async () => {
          await e2e.edit(address, { spec: { restartTrigger: uniqueName('now') } });
          await eventually('the pass is over', async () => {
            const { generation } = (await e2e.resource(namespace, address.name)).metadata;
            return (
              statusOf(await e2e.resource(namespace, address.name)).observedGeneration ===
              generation
            );
          });
          return statusOf(await e2e.resource(namespace, address.name)).selector === undefined;
        },
        SOON,
      );

      const resource = await e2e.condition(address, 'Ready=True/ScaledToZero', SOON);
      assert.ok(statusOf(resource).election, 'what was not named is there');
      assert.equal(linesAbout(address, 'Status not written').length, 1);
      assert.ok((await errors()) > errorsBefore);
      const [event] = await eventually('an event', async () => {
        const events = await eventsAbout(address, 'StatusNotWritten');
        return events.length > 0 && events;
      });
      assert.match(event?.message ?? '', /status\.selector must not be told/);
    } finally {
      for (const it of ['validatingadmissionpolicybinding', 'validatingadmissionpolicy']) {
        await testbed.kubectl(['delete', it, policy.metadata.name]);
      }
    }
    await eventually(
      'the whole status is back',
      async () => {
        await e2e.edit(address, { spec: { restartTrigger: uniqueName('then') } });
        return statusOf(await e2e.resource(namespace, address.name)).selector !== undefined;
      },
      SOON,
    );
    assert.equal(linesAbout(address, 'Status not written').length, 1);
    await eventually(
      'that is logged',
      () => linesAbout(address, 'Status written again').length === 1,
    );
  });

  test('for want of a right is told once, and written once the right is there', async () => {
    const address = await settled();
    const account = operator.user.split(':').at(-1) ?? '';
    const role = JSON.parse(
      await testbed.kubectl(['get', 'role', account, '-n', namespace, '-o', 'json']),
    );
    const metadata = { name: account, namespace };
    const rules = role.rules.filter(
      ({ resources }: { resources: string[] }) =>
        !resources.some((it) => it.endsWith('has/status')),
    );
    const allow = (these: unknown) =>
      testbed.kubectl(['replace', '-f', '-'], JSON.stringify({ ...role, metadata, rules: these }));
    await allow(rules);
    try {
      await eventually(
        'the refusal is logged',
        async () => {
          if (linesAbout(address, 'Status not written').length > 0) return true;
          await e2e.edit(address, { spec: { restartTrigger: uniqueName('now') } });
          return false;
        },
        SOON,
      );
    } finally {
      await allow(role.rules);
    }

    const { generation } = (await e2e.resource(namespace, address.name)).metadata;
    await has(address, 'the status is current', (it) => it.observedGeneration === generation);
    assert.equal(linesAbout(address, 'Status not written').length, 1);
    assert.equal((await eventsAbout(address, 'StatusNotWritten')).length, 1);
  });

  test('for want of the subresource forgets no resource', async () => {
    const address = await settled();
    await replaceCrd(
      crdWith((version) => {
        version.subresources = {};
      }),
    );

    await eventually(
      'the refusal is logged',
      async () => {
        if (linesAbout(address, 'Status not written').length > 0) return true;
        await e2e.edit(address, { spec: { restartTrigger: uniqueName('now') } });
        return false;
      },
      SOON,
    );
    await replaceCrd(customResourceDefinition());

    const { generation } = (await e2e.resource(namespace, address.name)).metadata;
    await has(address, 'the status is current', (it) => it.observedGeneration === generation);
    assert.equal((await childrenOf(e2e.admin, address)).length, 6);
  });
});

describe('resources that share a controllerName', () => {
  /** More than are counted exactly, so that one more is news to a few only. */
  const COUNT = 112;
  const spec = { paused: true, controller: { config: { controllerName: 'e2e.test/shared' } } };
  const shared = (at: string) => anObject({ namespace, name: `shared-${at}`, spec });

  async function told(): Promise<ReadonlyMap<string, string>> {
    const all = await e2e.admin.list(IngressControllerHAKind, namespace);
    const messages = all
      .filter((it) => it.metadata.name.startsWith('shared-'))
      .map((it) => {
        const found = statusOf(it).conditions?.find(({ type }) => type === 'SettingsSound');
        return [it.metadata.name, `${found?.reason}: ${found?.message}`] as const;
      });
    return new Map(messages);
  }

  /** Each names the three that follow it, and counts the others. */
  async function current(): Promise<boolean> {
    const messages = await told();
    const names = [...messages.keys()].toSorted();
    for (const [place, one] of names.entries()) {
      const next = [1, 2, 3].map((step) => names[(place + step) % names.length]).toSorted();
      const others = next.map((it) => `"${namespace}/${it}"`).join(', ');
      const text = messages.get(one) ?? '';
      if (!text.includes(`also used by ${others}${moreText(names.length - 4)}:`)) {
        throw new Error(`${one}: ${text}`);
      }
    }
    return true;
  }

  test('name three and a count, and only those are written whom a change concerns', async (t) => {
    for (let place = 0; place < COUNT; place += 1) {
      await e2e.apply(shared(String(place).padStart(4, '0')));
    }
    await eventually('all are told', current, { within: 90_000 });

    for (const [what, change] of Object.entries({
      comes: () => e2e.apply(shared('0050-new')),
      'is renamed': () =>
        e2e.edit(
          { namespace, name: 'shared-0050-new' },
          { spec: { controller: { config: { controllerName: 'e2e.test/own' } } } },
        ),
      goes: () => e2e.admin.remove(IngressControllerHAKind, { namespace, name: 'shared-0070' }),
    })) {
      const mark = e2e.audit.mark();
      await change();
      if (what === 'is renamed') {
        await e2e.condition({ namespace, name: 'shared-0050-new' }, 'SettingsSound=True/NoAdvice');
        await e2e.admin.remove(IngressControllerHAKind, { namespace, name: 'shared-0050-new' });
      }
      const tookMs = await timeUntil(`all are told that one ${what}`, current, SOON);
      const patches = e2e.audit
        .since(mark, { user: operator.user })
        .filter(({ subresource }) => subresource === 'status');
      t.diagnostic(`${what}: ${tookMs.toFixed(0)} ms, ${patches.length} status writes`);
      assert.ok(patches.length <= 8, `${patches.length} writes of a status`);
    }
  });
});
