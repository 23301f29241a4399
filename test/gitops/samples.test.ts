/** The samples in docs/argocd and docs/flux are what they say, and their values are the chart's. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { parse, parseAllDocuments } from 'yaml';
import type { PassThrough } from '../../operator/api/ha.ts';
import { API_VERSION, RESOURCE_KIND } from '../../operator/base/resource-kinds.ts';
import { mergeMaps } from '../../operator/desired/merge.ts';
import { at } from '../e2e/support/an-object.ts';
import { ACTIONS, source } from './argocd.ts';
import { argocdConfigMap } from './argocd-cm.ts';

const CHART = 'chart';

test('argocd-cm.yaml carries the very scripts of the customization', () => {
  const path = 'docs/argocd/argocd-cm.yaml';
  if (process.env.UPDATE_GOLDEN) writeFileSync(path, argocdConfigMap());

  const written = read(path);

  assert.equal(written, argocdConfigMap(), 'run it with UPDATE_GOLDEN=1, and read the diff');
  const { kind, metadata, data } = parse(written);
  assert.deepEqual([kind, metadata.name], ['ConfigMap', 'argocd-cm']);
  const health = data['resource.customizations.health.ingressha.dev_IngressControllerHA'];
  const actions = parse(data['resource.customizations.actions.ingressha.dev_IngressControllerHA']);
  assert.equal(health, source('health.lua'));
  assert.equal(actions['discovery.lua'], source('actions/discovery.lua'));
  assert.deepEqual(
    actions.definitions,
    ACTIONS.map((name) => ({ name, 'action.lua': source(`actions/${name}/action.lua`) })),
  );
});

describe('application.yaml', () => {
  const [application] = documents('docs/argocd/application.yaml');

  test('installs the chart of this version from a registry that is plainly a placeholder', () => {
    assert.equal(at(application, 'kind'), 'Application');
    assert.equal(
      at(application, 'spec.source.repoURL'),
      `oci://registry.example/charts/${chart().name}`,
    );
    assert.equal(at(application, 'spec.source.targetRevision'), chart().version);
  });

  test('has values that the chart takes', () => {
    assertValues(at(application, 'spec.source.helm.valuesObject'));
  });

  test('ignores, where it is told to, the field that an autoscaler sets', () => {
    const commented = read('docs/argocd/application.yaml').replace(
      /^( *)# (?=( *)(ignore|- |kind|json))/gm,
      '$1',
    );
    const ignored = at(parse(commented), 'spec.ignoreDifferences') as readonly unknown[];

    const [group] = API_VERSION.split('/');
    assert.deepEqual(ignored, [{ group, kind: RESOURCE_KIND, jsonPointers: ['/spec/replicas'] }]);
  });
});

describe('helmrelease.yaml', () => {
  const [repository, release] = documents('docs/flux/helmrelease.yaml');

  test('installs the chart of this version from a registry that is plainly a placeholder', () => {
    assert.deepEqual(
      [at(repository, 'kind'), at(release, 'kind')],
      ['OCIRepository', 'HelmRelease'],
    );
    assert.equal(at(repository, 'spec.url'), `oci://registry.example/charts/${chart().name}`);
    assert.equal(at(repository, 'spec.ref.tag'), chart().version);
    assert.equal(at(release, 'spec.chartRef.name'), at(repository, 'metadata.name'));
  });

  test('has values that the chart takes', () => {
    assertValues(at(release, 'spec.values'));
  });

  test('upgrades the CRD, and never uninstalls what is slow', () => {
    assert.equal(at(release, 'spec.upgrade.crds'), 'CreateReplace');
    assert.equal(at(release, 'spec.install.strategy.name'), 'RetryOnFailure');
  });
});

test('kustomization.yaml checks our kind', () => {
  const [kustomization] = documents('docs/flux/kustomization.yaml');

  const [check] = at(kustomization, 'spec.healthCheckExprs') as readonly Record<string, string>[];
  assert.equal(check?.apiVersion, API_VERSION);
  assert.equal(check?.kind, RESOURCE_KIND);
  const expressions = ['inProgress', 'failed', 'current'];
  assert.deepEqual(Object.keys(check ?? {}).slice(2), expressions);
});

/** As Helm checks them before it renders anything: laid over the chart's own. */
function assertValues(given: unknown): void {
  const values = mergeMaps(parse(read(`${CHART}/values.yaml`)), given as PassThrough);
  const validate = new Ajv({ strict: false, allErrors: true }).compile(
    JSON.parse(read(`${CHART}/values.schema.json`)),
  );
  assert.ok(validate(values), JSON.stringify(validate.errors, null, 1));
}

function chart(): { readonly name: string; readonly version: string } {
  return parse(read(`${CHART}/Chart.yaml`));
}

function documents(path: string): readonly unknown[] {
  return parseAllDocuments(read(path)).map((document) => {
    assert.deepEqual(document.errors, [], path);
    return document.toJS();
  });
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}
