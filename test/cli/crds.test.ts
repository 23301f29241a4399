/** `ingress-ha crds`: what is applied, what is refused, and what people and Jobs are told. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { customResourceDefinition } from '../../operator/api/crd.ts';
import { canonicalJson } from '../../operator/base/canonical-json.ts';
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import type { KubeObject, ObjectMeta } from '../../operator/base/kube-object.ts';
import type { KubeClient } from '../../operator/kube/client.ts';
import { runCommand, startCommand } from '../support/run-command.ts';

const APPLY = ['crds', 'apply'];
const NAME = 'customresourcedefinition.apiextensions.k8s.io/ingresscontrollerhas.ingressha.dev';
const QUOTED = 'CustomResourceDefinition "ingresscontrollerhas.ingressha.dev"';

test('prints what crds/ holds, but for the comment', async () => {
  const file = join(import.meta.dirname, '../../crds/ingresscontrollerhas.yaml');

  const { stdout, stderr, exitCode } = await runCommand(['crds', 'print']);

  assert.equal(stdout, readFileSync(file, 'utf8').replace(/^#.*\n/, ''));
  assert.deepEqual([stderr, exitCode], ['', 0]);
});

test('puts ours in the place of an older one, by force and with nothing but get and patch', async () => {
  const cluster = clusterWith(live({ without: 'clearDelay' }));

  const end = await runCommand(APPLY, cluster.client);

  assert.deepEqual(end, {
    stdout: `${NAME} serverside-applied\n`,
    stderr: '',
    exitCode: 0,
    tookMs: 0,
  });
  assert.deepEqual(cluster.stored()?.spec, customResourceDefinition().spec);
  assert.deepEqual(cluster.calls, ['get', 'apply by force']);
});

test('says unchanged when it is there already', async () => {
  const { stdout, exitCode } = await runCommand(APPLY, clusterWith(live()).client);

  assert.deepEqual([stdout, exitCode], [`${NAME} unchanged\n`, 0]);
});

test('a dry run tells what would happen, and writes nothing', async () => {
  const older = live({ without: 'clearDelay' });
  const cluster = clusterWith(older);
  const dry = [...APPLY, '--dry-run=server'];

  const change = await runCommand(dry, cluster.client);
  const none = await runCommand(dry, clusterWith(live()).client);

  assert.equal(change.stdout, `${NAME} serverside-applied (server dry run)\n`);
  assert.equal(none.stdout, `${NAME} unchanged (server dry run)\n`);
  assert.deepEqual([change.exitCode, none.exitCode], [0, 0]);
  assert.deepEqual(cluster.stored(), older);
});

test('creates a missing one, and waits until it is served', async () => {
  const cluster = clusterWith(undefined);
  const command = startCommand(APPLY, cluster.client);
  await applied(command);

  await command.clock.advance(3_500);
  cluster.tell(ESTABLISHED);

  const end = await command.end();
  assert.deepEqual(
    [end.stdout, end.stderr, end.exitCode, end.tookMs],
    [`${NAME} serverside-applied\n`, '', 0, 4_000],
  );
});

test('does not mind an API server that is away for a moment while it waits', async () => {
  const cluster = clusterWith(undefined);
  const command = startCommand(APPLY, cluster.client);
  await applied(command);

  cluster.fail('get', { kind: 'unreachable', message: 'Cannot get it: reset' });
  await command.clock.advance(2_000);
  cluster.fail('get', undefined);
  cluster.tell(ESTABLISHED);

  assert.equal((await command.end()).exitCode, 0);
});

test('gives up in time, in the words of the conditions', async () => {
  const cluster = clusterWith(undefined);
  const command = startCommand([...APPLY, '--timeout', '30s'], cluster.client);
  await applied(command);
  cluster.tell([
    { type: 'NamesAccepted', status: 'False', message: '"icha" is already in use' },
    { type: 'Established', status: 'False', message: 'not all names are accepted' },
  ]);

  const end = await command.end();

  assert.equal(
    end.stderr,
    `${QUOTED} is applied, and not served after 30s: Established=False: not all names are accepted; NamesAccepted=False: "icha" is already in use.\n`,
  );
  assert.deepEqual([end.exitCode, end.tookMs], [1, 30_000]);
});

test('says that it was applied when it is interrupted while it waits', async () => {
  const command = startCommand(APPLY, clusterWith(undefined).client);
  await applied(command);

  command.interrupt();

  const { stderr, exitCode } = await command.end();
  assert.equal(stderr, `Interrupted: ${QUOTED} is applied, and was not served yet.\n`);
  assert.equal(exitCode, 1);
});

const refused: Record<string, { live: KubeObject; stderr: RegExp }> = {
  'is of another kind': {
    live: live({ spec: { names: { kind: 'Other' } } }),
    stderr:
      /defines the kind Other \(Namespaced\), not IngressControllerHA \(Namespaced\): it belongs/,
  },
  'is of another scope': {
    live: live({ spec: { scope: 'Cluster' } }),
    stderr: /defines the kind IngressControllerHA \(Cluster\), not /,
  },
  'is being deleted': {
    live: live({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
    stderr: /is being deleted, with every resource of it: wait until it is gone\.\n$/,
  },
  'stores versions that we do not serve': {
    live: live({ storedVersions: ['v1alpha1', 'v1', 'v2'] }),
    stderr: /stores resources as v1, v2, which this program does not serve: they would be lost\./,
  },
};

for (const [what, { live: found, stderr }] of Object.entries(refused)) {
  test(`refuses to write over one that ${what}, whatever is allowed`, async () => {
    const cluster = clusterWith(found);

    const end = await runCommand([...APPLY, '--allow-downgrade'], cluster.client);

    assert.match(
      end.stderr,
      /^Nothing was written\. The CustomResourceDefinition "ingress.* in the cluster /,
    );
    assert.match(end.stderr, stderr);
    assert.deepEqual([end.exitCode, end.stdout], [1, '']);
    assert.deepEqual(cluster.stored(), found);
  });
}

const newer: Record<string, { live: KubeObject; stderr: RegExp }> = {
  'knows further fields': {
    live: live({
      fields: { a: { type: 'string' }, b: {}, c: { properties: { d: {} } }, e: {} },
    }),
    stderr:
      /newer than this program: it knows `spec\.a`, `spec\.b`, `spec\.c` and 1 more, which stored/,
  },
  'serves a further version': {
    live: live({ served: ['v1alpha1', 'v1'] }),
    stderr: /newer than this program: it knows version v1, which stored/,
  },
};

for (const [what, { live: found, stderr }] of Object.entries(newer)) {
  test(`writes over one that ${what} only with --allow-downgrade`, async () => {
    const cluster = clusterWith(found);

    const end = await runCommand(APPLY, cluster.client);

    assert.match(end.stderr, stderr);
    assert.match(end.stderr, /Use a newer ingress-ha, or --allow-downgrade if that is meant\.\n$/);
    assert.deepEqual([end.exitCode, end.stdout], [1, '']);
    assert.deepEqual(cluster.stored(), found);

    const allowed = await runCommand([...APPLY, '--allow-downgrade'], cluster.client);

    assert.match(allowed.stderr, /^Downgrade, as asked\. /);
    assert.deepEqual([allowed.exitCode, allowed.stdout], [0, `${NAME} serverside-applied\n`]);
    assert.deepEqual(cluster.stored()?.spec, customResourceDefinition().spec);
  });
}

test('takes one with a version that is no longer served for no newer one', async () => {
  const cluster = clusterWith(live({ retired: ['v1alpha0'] }));

  const { stdout, exitCode } = await runCommand(APPLY, cluster.client);

  assert.deepEqual([stdout, exitCode], [`${NAME} serverside-applied\n`, 0]);
});

test('takes one that describes what ours keeps as it comes for no newer one', async () => {
  const podTemplatePatch = { type: 'object', properties: { spec: { type: 'object' } } };
  const cluster = clusterWith(live({ fields: { podTemplatePatch } }));

  assert.equal((await runCommand(APPLY, cluster.client)).exitCode, 0);
});

const failing: Record<string, { call: 'get' | 'apply'; failure: KubeFailure; stderr: RegExp }> = {
  'may not read it': {
    call: 'get',
    failure: { kind: 'forbidden', message: 'Cannot get it: User "x" cannot get', cause: 'rights' },
    stderr: new RegExp(`cannot get\\. Grant "get" and "patch" on ${NAME}\\.\\n$`),
  },
  'may not write it': {
    call: 'apply',
    failure: { kind: 'forbidden', message: 'Cannot apply it: forbidden', cause: 'rights' },
    stderr: /forbidden\. Grant "get" and "patch" on /,
  },
  'does not reach the API server': {
    call: 'get',
    failure: { kind: 'unreachable', message: 'Cannot get it: no answer within 30 s' },
    stderr:
      /no answer within 30 s\. The API server is https:\/\/api\.example:6443: check --kubeconfig/,
  },
  'is stopped by a policy': {
    call: 'apply',
    failure: { kind: 'denied', message: 'Cannot apply it: admission webhook "w" denied' },
    stderr: /denied\. Ask whoever runs that policy for an exception\.\n$/,
  },
};

for (const [what, { call, failure, stderr }] of Object.entries(failing)) {
  test(`ends with 1 and a sentence when it ${what}`, async () => {
    const cluster = clusterWith(live());
    cluster.fail(call, failure);

    const end = await runCommand(APPLY, cluster.client);

    assert.match(end.stderr, stderr);
    assert.deepEqual([end.exitCode, end.stdout], [1, '']);
  });
}

test('says what is missing when it may not create one', async () => {
  const cluster = clusterWith(undefined);
  cluster.fail('apply', { kind: 'forbidden', message: 'Cannot apply it: no', cause: 'rights' });

  const end = await runCommand(APPLY, cluster.client);

  assert.match(
    end.stderr,
    /^Cannot apply it: no\. It is not there, and creating it needs the right to "create" too: install it once/,
  );
  assert.equal(end.exitCode, 1);
});

test('ends with 1 and a sentence without credentials', async () => {
  const message = 'Cannot read the credentials of the API server: no kubeconfig found at /nowhere';

  const end = await runCommand(APPLY, new KubeError({ kind: 'unauthorized', message }));

  assert.equal(end.stderr, `${message}. Check --kubeconfig and --context, or log in again.\n`);
  assert.equal(end.exitCode, 1);
});

const misused: readonly (readonly string[])[] = [
  ['crds'],
  ['crds', 'aply'],
  [...APPLY, 'more'],
  [...APPLY, '--dry-run=client'],
  [...APPLY, '--timeout', '1h1s'],
  [...APPLY, '--server-side'],
];

for (const args of misused) {
  test(`${args.join(' ')} is wrong usage, told without a cluster`, async () => {
    const end = await runCommand(args);

    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
    assert.notEqual(end.stderr, '');
  });
}

const ESTABLISHED = [{ type: 'Established', status: 'True' }];

/** Waits until it has printed that it has applied. */
async function applied(command: ReturnType<typeof startCommand>): Promise<void> {
  while (command.printed.stdout === '') await command.clock.settle();
}

interface CrdCluster {
  readonly client: KubeClient;
  readonly calls: readonly string[];
  stored(): KubeObject | undefined;
  /** Sets the conditions. */
  tell(conditions: readonly unknown[]): void;
  /** Every such call fails from now on, or no longer. */
  fail(call: 'get' | 'apply', failure: KubeFailure | undefined): void;
}

/** An API server with at most one object, which an apply of the same content does not change. */
function clusterWith(first: KubeObject | undefined): CrdCluster {
  const calls: string[] = [];
  const failures = new Map<string, KubeFailure | undefined>();
  let stored = first;
  const never = () => Promise.reject(new Error('No such right'));
  const meet = (call: 'get' | 'apply') => {
    const failure = failures.get(call);
    if (failure !== undefined) throw new KubeError(failure);
  };
  const client: KubeClient = {
    async get() {
      calls.push('get');
      meet('get');
      if (stored === undefined) throw new KubeError({ kind: 'not-found', message: 'not found' });
      return stored;
    },
    async apply(object, { conflicts, dryRun }) {
      calls.push(`apply by ${conflicts}`);
      meet('apply');
      const next = { ...stored, ...object, metadata: { ...stored?.metadata, ...object.metadata } };
      if (canonicalJson(next) === canonicalJson(stored)) return next;
      if (dryRun) return next;
      const version = String(Number(stored?.metadata.resourceVersion ?? 0) + 1);
      stored = { ...next, metadata: { ...next.metadata, resourceVersion: version } };
      return stored;
    },
    list: never,
    watch: () => {
      throw new Error('No such right');
    },
    create: never,
    replace: never,
    delete: never,
  };
  return {
    client,
    calls,
    stored: () => stored,
    tell(conditions) {
      assert.ok(stored);
      stored = { ...stored, status: { conditions } };
    },
    fail: (call, failure) => void failures.set(call, failure),
  };
}

/** Ours as a cluster has it, but for what is given. */
function live(
  but: {
    /** A field of `spec.failover`. */
    readonly without?: string;
    readonly fields?: Readonly<Record<string, unknown>>;
    readonly spec?: Readonly<Record<string, unknown>>;
    readonly metadata?: Partial<ObjectMeta>;
    readonly served?: readonly string[];
    readonly retired?: readonly string[];
    readonly storedVersions?: readonly string[];
  } = {},
): KubeObject {
  const ours = structuredClone(customResourceDefinition()) as Crd;
  const [version] = ours.spec.versions;
  const { properties } = version.schema.openAPIV3Schema.properties.spec;
  Object.assign(properties, but.fields);
  if (but.without !== undefined) delete properties.failover.properties[but.without];
  const served = (but.served ?? ['v1alpha1']).map((name) => ({ ...version, name }));
  const retired = (but.retired ?? []).map((name) => ({ ...version, name, served: false }));
  const storedVersions = but.storedVersions ?? ['v1alpha1'];
  return {
    ...ours,
    metadata: { ...ours.metadata, resourceVersion: '7', ...but.metadata },
    spec: { ...ours.spec, versions: [...retired, ...served], ...but.spec },
    status: { storedVersions, conditions: [{ type: 'Established', status: 'True' }] },
  };
}

/** The parts that `live` changes. */
type Crd = KubeObject & {
  readonly spec: { readonly versions: readonly [{ readonly schema: CrdSchema }] };
};

interface CrdSchema {
  readonly openAPIV3Schema: {
    readonly properties: {
      readonly spec: {
        readonly properties: {
          readonly failover: { readonly properties: Record<string, unknown> };
        };
      };
    };
  };
}
