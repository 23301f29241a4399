/** The chart as part of another one, under the alias that the vendor's parent chart uses. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { stringify } from 'yaml';
import { at } from '../e2e/support/an-object.ts';
import { CHART, HELM_VERSIONS, type HelmVersion, helm, objectsOf, only } from './support/helm.ts';

const ALIAS = 'ingress-controller';
const ALIASES = ['public', 'internal'];
const image = { repository: 'operator' };
const folder = await mkdtemp(join(tmpdir(), 'ingress-ha-parent-'));
after(() => rm(folder, { recursive: true, force: true }));
const parent = await parentOf([ALIAS], {
  global: { imageRegistry: 'registry.example' },
  [ALIAS]: { enabled: true, image },
});
const parentOfTwo = await parentOf(
  ALIASES,
  Object.fromEntries(
    ALIASES.map((alias) => [
      alias,
      {
        enabled: true,
        image,
        fullnameOverride: `${alias}-operator`,
        servedNamespaces: [`${alias}-ingress`],
        instance: { name: alias },
        ingressClass: { name: alias },
        podMonitor: { enabled: true },
        admissionPolicies: { lockServiceAccount: { enabled: true } },
      },
    ]),
  ),
);

/** A chart that has ours under each of the aliases. */
async function parentOf(aliases: readonly string[], values: object): Promise<string> {
  const chart = join(folder, aliases.join('-'));
  await mkdir(join(chart, 'charts'), { recursive: true });
  await cp(CHART, join(chart, 'charts', 'ingress-controller-ha'), { recursive: true });
  const dependencies = aliases.map((alias) => ({
    name: 'ingress-controller-ha',
    version: '0.1.0',
    alias,
    condition: `${alias}.enabled`,
  }));
  const about = { apiVersion: 'v2', name: 'gateway', version: '1.0.0', dependencies };
  await writeFile(join(chart, 'Chart.yaml'), stringify(about));
  await writeFile(join(chart, 'values.yaml'), stringify(values, { aliasDuplicateObjects: false }));
  return chart;
}

async function template(sets: readonly string[], version: HelmVersion, chart = parent) {
  const args = sets.flatMap((set) => ['--set', set]);
  return helm(['template', 'apisix', chart, '--namespace', 'ingress-apisix', ...args], {
    version,
  });
}

async function objects(sets: readonly string[], version: HelmVersion, chart = parent) {
  const answer = await template(sets, version, chart);
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

    test('twice, with names of its own each, nothing is there twice', async () => {
      const rendered = await objects([], version, parentOfTwo);
      const names = rendered.map(
        ({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`,
      );

      assert.equal(rendered.filter(({ kind }) => kind === 'Deployment').length, 2);
      assert.deepEqual(names, [...new Set(names)]);
    });

    test('twice, no selector of one operator finds pods of the other', async () => {
      const rendered = await objects([], version, parentOfTwo);
      const deployments = rendered.filter(({ kind }) => kind === 'Deployment');
      const pods = deployments.map((one) => at(one, 'spec.template.metadata.labels') as Labels);

      const selecting = [
        ...deployments.map((one) => at(one, 'spec.selector.matchLabels') as Labels),
        ...rendered
          .filter(({ kind }) => kind === 'PodDisruptionBudget' || kind === 'PodMonitor')
          .filter(({ metadata }) => !metadata.name.endsWith('.controllers'))
          .map((one) => at(one, 'spec.selector.matchLabels') as Labels),
      ];
      assert.equal(selecting.length, 6);
      for (const selector of selecting) {
        const found = pods.filter((labels) =>
          Object.entries(selector).every(([key, value]) => labels[key] === value),
        );
        assert.equal(found.length, 1, JSON.stringify(selector));
      }
    });
  });
}

type Labels = Readonly<Record<string, string>>;
