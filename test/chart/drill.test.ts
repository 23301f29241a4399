/** The CronJob of drills: off unless asked for, one at a time, and with no right that it does not use. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { at } from '../e2e/support/an-object.ts';
import { only, refusal, renderObjects } from './support/helm.ts';

const ON = ['--set', 'drill.enabled=true'];
const CONTAINER = 'spec.jobTemplate.spec.template.spec.containers[drill]';

test('there is none unless it is asked for', async () => {
  const kinds = (await renderObjects()).map(({ kind }) => kind);

  assert.ok(!kinds.includes('CronJob'));
});

test('it never runs twice at once, and a failed one is not repeated', async () => {
  const cronJob = only(await renderObjects(ON), 'CronJob');

  assert.equal(at(cronJob, 'spec.concurrencyPolicy'), 'Forbid');
  assert.equal(at(cronJob, 'spec.timeZone'), 'Etc/UTC');
  assert.equal(at(cronJob, 'spec.jobTemplate.spec.backoffLimit'), 0);
  assert.equal(at(cronJob, 'spec.jobTemplate.spec.template.spec.restartPolicy'), 'Never');
});

test('without metrics and without a window it says so, or nothing', async () => {
  const args = at(only(await renderObjects(ON), 'CronJob'), `${CONTAINER}.args`);

  assert.deepEqual(args, [
    ...['drill', 'edge', '--namespace=edge-system', '--yes', '--if-healthy', '--record-event'],
    ...['--method=evict', '--trials=1', '--max-leaderless=5s', '--no-metrics'],
  ]);
});

test('its right to take pods down is that of its method, in the resource’s namespace alone', async () => {
  const evicting = await rightsOf(ON);
  const deleting = await rightsOf([...ON, '--set', 'drill.method=delete']);

  assert.ok(evicting.includes('create pods/eviction') && !evicting.includes('delete pods'));
  assert.ok(deleting.includes('delete pods') && !deleting.includes('create pods/eviction'));
  assert.ok(![...evicting, ...deleting].some((right) => right.includes('proxy')));
});

test('a long name of the release leaves room for the names of its Jobs', async () => {
  const objects = await renderObjects([...ON, '--set', `fullnameOverride=${'a'.repeat(52)}`]);

  assert.ok(only(objects, 'CronJob').metadata.name.length <= 52);
});

test('the lock on the controllers’ account stands in the way of no deletion and no eviction', async () => {
  const objects = await renderObjects([
    ...ON,
    '--set',
    'admissionPolicies.lockServiceAccount.enabled=true',
  ]);
  const policies = objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
  const rules = policies.flatMap(
    (policy) => at(policy, 'spec.matchConstraints.resourceRules') as readonly Rule[],
  );

  assert.ok(rules.length > 0);
  for (const { operations, resources } of rules) {
    assert.ok(!operations.includes('DELETE') && !operations.includes('*'));
    assert.ok(!resources.some((name) => ['pods/eviction', 'pods/*', '*', '*/*'].includes(name)));
  }
});

test('what is misspelt is refused', async () => {
  assert.match(await refusal([...ON, '--set', 'drill.method=crash']), /drill.*method/s);
  assert.match(await refusal([...ON, '--set', 'drill.window=2-4']), /drill.*window/s);
});

interface Rule {
  readonly operations: readonly string[];
  readonly resources: readonly string[];
}

async function rightsOf(args: readonly string[]): Promise<readonly string[]> {
  const roles = (await renderObjects(args)).filter(isOfDrill('Role'));
  assert.deepEqual(
    roles.map(({ metadata }) => metadata.namespace),
    ['edge-system'],
  );
  return roles.flatMap((role) =>
    (at(role, 'rules') as readonly { verbs: string[]; resources: string[] }[]).flatMap(
      ({ verbs, resources }) => resources.flatMap((name) => verbs.map((verb) => `${verb} ${name}`)),
    ),
  );
}

function isOfDrill(kind: string) {
  return (object: KubeObject) => object.kind === kind && object.metadata.name.endsWith('-drill');
}
