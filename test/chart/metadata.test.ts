/** What catalogues of charts read in Chart.yaml. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { CRD_NAME } from '../../operator/api/crd.ts';
import { parseResource, unknownFields } from '../../operator/api/parse.ts';
import { CHART } from './support/helm.ts';

const chart = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8'));

function annotation(name: string) {
  return parse(chart.annotations[`artifacthub.io/${name}`]);
}

test('names the definition', () => {
  const [crd] = annotation('crds');

  assert.equal(crd.name, CRD_NAME);
  assert.equal(crd.version, 'v1alpha1');
});

test('shows a resource that the API server would take', () => {
  const [example] = annotation('crdsExamples');

  assert.equal(parseResource(example).kind, 'valid');
  assert.deepEqual(unknownFields(example), []);
});

test('lists changes as Artifact Hub knows them', () => {
  for (const { kind, description } of annotation('changes')) {
    assert.match(kind, /^(added|changed|deprecated|removed|fixed|security)$/);
    assert.match(description, /^[A-Z].*\.$/);
  }
});
