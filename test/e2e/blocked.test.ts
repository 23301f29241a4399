/**
 * What admission cannot see, as the operator finds it before it writes: only the user can help, so
 * the resource says what is wrong, whatever runs is left as it is, and mending is enough.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PassThrough } from '../../operator/api/ha.ts';
import { RoleKind } from '../../operator/base/resource-kinds.ts';
import type { Address } from './support/admin.ts';
import { anObject, running } from './support/an-object.ts';
import { describeEntry, writes } from './support/audit.ts';
import { assertCalm, stalled, whatRuns } from './support/blocked.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';
import type { TestOperator } from './support/operator.ts';

const STARTED = { within: 60_000 };
/** The user cannot help the quota of a cluster: tried again every 15 s at most. */
const RECHECK = { within: 25_000 };

/** On one resource. */
const ONE_BY_ONE = { concurrency: 1 };

const e2e = await startHarness();
const [strict, lenient, pinned, bereft] = await Promise.all([
  e2e.startOperator(),
  e2e.startOperator({ flags: ['--allow-pod-template-patch'] }),
  e2e.startOperator({ flags: ['--require-image-digest'] }),
  e2e.startOperator(),
]);

interface Refusal {
  /** Laid over a spec that runs. */
  readonly change: PassThrough;
  /** Takes the change back. */
  readonly mend: PassThrough;
  readonly reason: string;
  readonly message: RegExp;
}

const manager = (fields: unknown): PassThrough => ({ controller: { manager: fields } });
const overrides = (configOverrides: unknown): PassThrough => ({ controller: { configOverrides } });
const patch = (podTemplatePatch: unknown): PassThrough => ({ podTemplatePatch });
const container = (fields: PassThrough) =>
  patch({ spec: { containers: [{ name: 'manager', ...fields }] } });
const DENIED = 'AdmissionDenied';
/** Of the right shape, and without meaning: only the check of a pod finds that. */
const REQUIRES_NO_VALUE = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: [] }] }],
  },
};

const REFUSED: Readonly<Record<string, Refusal>> = {
  'a version that nobody knows': {
    change: { controller: { version: '9.9.9' } },
    mend: { controller: { version: '2.2.0' } },
    reason: 'VersionUnsupported',
    message: /"9\.9\.9" is not one of/,
  },
  'an image from elsewhere': {
    change: manager({ image: { repository: 'evil.example/miner' } }),
    mend: manager({ image: { repository: 'localhost/candidate' } }),
    reason: 'ImageRefused',
    message: /evil\.example\/miner/,
  },
  'a patch where the installer allows none': {
    change: patch({ metadata: { labels: { a: 'b' } } }),
    mend: patch(null),
    reason: 'PodTemplatePatchRefused',
    message: /not allowed by whoever installed/,
  },
  'an override of a key that the operator owns': {
    change: overrides({ leader_election_id: 'mine' }),
    mend: overrides(null),
    reason: 'ConfigRefused',
    message: /leader_election_id/,
  },
  'variables where the installer allows none': {
    change: manager({ env: [{ name: 'LD_PRELOAD', value: '/tmp/x.so' }] }),
    mend: manager({ env: null }),
    reason: 'ConfigRefused',
    message: /spec\.controller\.manager\.env/,
  },
  'an affinity that the API server refuses': {
    change: { placement: { affinity: { nodeAffinity: REQUIRES_NO_VALUE } } },
    mend: { placement: { affinity: null } },
    reason: DENIED,
    message: /must be specified when `operator` is 'In'/,
  },
};

const REFUSED_PATCHES: Readonly<Record<string, Refusal>> = {
  'a patch that hides who leads': {
    change: patch({ spec: { hostNetwork: true } }),
    mend: patch(null),
    reason: 'PodTemplatePatchRefused',
    message: /hostNetwork/,
  },
  'a patch that the API server refuses': {
    change: container({ resources: { limits: { cpu: 'lots' } } }),
    mend: patch(null),
    reason: DENIED,
    message: /quantities must match|cpu/,
  },
};

/** A resource with one pod that leads, broken and mended again and again. */
function refuses(operator: TestOperator, refusals: Readonly<Record<string, Refusal>>): void {
  let address: Address;
  let good: Awaited<ReturnType<typeof whatRuns>>;

  before(async () => {
    const spec = running({ replicas: 1 });
    const { metadata } = await e2e.apply(anObject({ namespace: operator.namespace, spec }));
    address = metadata;
    await e2e.condition(address, 'Ready=True/AsSpecified', STARTED);
    good = await whatRuns(e2e, address);
  });

  for (const [sentence, { change, mend, ...refusal }] of Object.entries(refusals)) {
    test(sentence, async () => {
      const mark = e2e.audit.mark();

      await e2e.edit(address, { spec: change });

      await stalled(e2e, address, refusal);
      assert.deepEqual(await whatRuns(e2e, address), good);
      await e2e.edit(address, { spec: mend });
      await e2e.condition(address, 'Ready=True/AsSpecified');
      assert.deepEqual(await whatRuns(e2e, address), good);
      const written = writes(
        e2e.audit.since(mark, { user: operator.user, owner: address.name }),
      ).filter(({ subresource }) => subresource !== 'status');
      assert.deepEqual(written.map(describeEntry), []);
    });
  }
}

describe('what runs is left alone when the specification asks for', { concurrency: true }, () => {
  describe('something that nobody may have:', ONE_BY_ONE, () => refuses(strict, REFUSED));
  describe('a pod that nobody may run:', ONE_BY_ONE, () => refuses(lenient, REFUSED_PATCHES));
});

test('an image without a digest is refused where the installer wants one', async () => {
  const { namespace } = pinned;
  const { metadata } = await e2e.apply(anObject({ namespace }));
  await stalled(e2e, metadata, { reason: 'ImageRefused', message: /no digest/ });
  const image = { digest: `sha256:${'0'.repeat(64)}` };

  await e2e.edit(metadata, { spec: { controller: { manager: { image }, adc: { image } } } });

  await e2e.condition(metadata, 'Ready=True/ScaledToZero');
});

describe('a right that is missing', () => {
  const role = { namespace: bereft.namespace, name: bereft.operatorNamespace };
  let rules: readonly PassThrough[];

  before(async () => {
    ({ rules } = (await e2e.admin.read(RoleKind, role)) as unknown as { rules: PassThrough[] });
  });
  after(() => e2e.admin.patch(RoleKind, role, { rules }));

  test('is named, with its verb and resource, and its return is noticed', async () => {
    const { metadata } = await e2e.apply(anObject({ namespace: bereft.namespace }));
    await e2e.condition(metadata, 'Ready=True/ScaledToZero');
    const good = await whatRuns(e2e, metadata);
    const lesser = rules.map((rule) =>
      JSON.stringify(rule.resources) === '["deployments"]'
        ? { ...rule, verbs: ['get', 'list', 'watch', 'create', 'delete'] }
        : rule,
    );
    await e2e.admin.patch(RoleKind, role, { rules: lesser });
    const name = `${metadata.name}-icha`;
    const may = ['auth', 'can-i', 'patch', `deployments/${name}`, '--as', bereft.user];
    await eventually('the right is gone', () =>
      e2e.kubectl(...may, '-n', bereft.namespace).then(
        () => false,
        () => true,
      ),
    );

    await e2e.edit(metadata, { spec: { restartTrigger: 'now' } });

    const message = /cannot patch resource "deployments"/;
    await stalled(e2e, metadata, { reason: 'PermissionDenied', message });
    await assertCalm(e2e, bereft, metadata);
    assert.deepEqual(await whatRuns(e2e, metadata), good);
    await e2e.admin.patch(RoleKind, role, { rules });
    await e2e.condition(metadata, 'Ready=True/ScaledToZero', RECHECK);
  });
});
