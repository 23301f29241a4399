/** The chart as part of another one, under the alias that the vendor's parent chart uses. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { stringify } from 'yaml';
import { CHART, HELM_VERSIONS, type HelmVersion, helm, objectsOf, only } from './support/helm.ts';

const parent = await mkdtemp(join(tmpdir(), 'ingress-ha-parent-'));
after(() => rm(parent, { recursive: true, force: true }));

await mkdir(join(parent, 'charts'));
await cp(CHART, join(parent, 'charts', 'ingress-controller-ha'), { recursive: true });
await writeFile(
  join(parent, 'Chart.yaml'),
  stringify({
    apiVersion: 'v2',
    name: 'gateway',
    version: '1.0.0',
    dependencies: [
      {
        name: 'ingress-controller-ha',
        version: '0.1.0',
        alias: 'ingress-controller',
        condition: 'ingress-controller.enabled',
      },
    ],
  }),
);
await writeFile(
  join(parent, 'values.yaml'),
  stringify({
    global: { imageRegistry: 'registry.example' },
    'ingress-controller': { enabled: true, image: { repository: 'operator' } },
  }),
);

async function template(sets: readonly string[], version: HelmVersion) {
  const args = sets.flatMap((set) => ['--set', set]);
  return helm(['template', 'apisix', parent, '--namespace', 'ingress-apisix', ...args], {
    version,
  });
}

async function objects(sets: readonly string[], version: HelmVersion) {
  const answer = await template(sets, version);
  if (answer.kind === 'refused') throw new Error(answer.message);
  return objectsOf(answer.text);
}

for (const version of HELM_VERSIONS) {
  describe(`under a parent chart, ${version}`, () => {
    test('the vendor’s --set ingress-controller.deployment.replicas=2 sets the replicas', async () => {
      const rendered = await objects(['ingress-controller.deployment.replicas=2'], version);
      const resource = only(rendered, 'IngressControllerHA');

      assert.deepEqual(resource.spec, { replicas: 2 });
      assert.equal(resource.metadata.name, 'apisix');
    });

    test('names do not follow the alias, so that they never meet those of the vendor’s chart', async () => {
      const names = (await objects([], version)).map(({ metadata }) => metadata.name);

      assert.ok(names.includes('apisix-ingress-controller-ha'));
      assert.ok(!names.includes('apisix-ingress-controller'));
    });

    test('the registry of all charts counts for the operator’s image and for the controllers’', async () => {
      const operator = JSON.stringify(only(await objects([], version), 'Deployment'));

      assert.match(operator, /"image":"registry\.example\/operator:0\.1\.0"/);
      assert.match(operator, /"--image-registry=registry\.example"/);
    });

    test('its condition switches all of it off', async () => {
      assert.deepEqual(await objects(['ingress-controller.enabled=false'], version), []);
    });

    test('a refusal names values as the parent chart knows them', async () => {
      const sets = ['ingress-controller.replicas=3', 'ingress-controller.deployment.replicas=2'];
      const answer = await template(sets, version);

      assert.ok(answer.kind === 'refused');
      assert.match(
        answer.message,
        /ingress-controller\.replicas=3 and ingress-controller\.deployment\.replicas=2.* --set ingress-controller\.deployment\.replicas=null/,
      );
    });

    test('a misspelt key is refused there too', async () => {
      const answer = await template(['ingress-controller.deployment.replica=2'], version);

      assert.ok(answer.kind === 'refused');
      assert.match(answer.message, /additional properties 'replica' not allowed/);
    });
  });
}
