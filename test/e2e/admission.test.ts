/**
 * Our parser and a real API server must agree: on every case of test/api, on what they say about
 * it, and on the defaults. Needs the KUBECONFIG of a testbed that may be written to.
 */
import assert from 'node:assert/strict';
import { Agent, request } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import { CRD_NAME, customResourceDefinition } from '../../operator/api/crd.ts';
import { parseResource } from '../../operator/api/parse.ts';
import type { Json } from '../../operator/api/schema/build.ts';
import { podTemplatePatch } from '../../operator/api/schema/pod/template.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { API_VERSION, IngressControllerHAKind } from '../../operator/base/resource-kinds.ts';
import { type Case, resourceOf } from '../api/case.ts';
import { ALL_CASES } from '../api/cases.ts';
import { type Definitions, fieldsThatWeDrop } from '../api/kubernetes-shapes.ts';

interface Answer {
  readonly status: number;
  readonly body: KubeObject & { readonly message?: string };
}

const NAMESPACE = `admission-${process.pid}`;
const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const COLLECTION = `/apis/${API_VERSION}/namespaces/${NAMESPACE}/${IngressControllerHAKind.plural}`;

const config = new KubeConfig();
config.loadFromDefault();
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** One request with the credentials of the kubeconfig. */
async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const url = new URL(`${config.getCurrentCluster()?.server}${path}`);
  const options = { method, agent, headers: { 'Content-Type': contentType(method) } };
  await config.applyToHTTPSOptions(options);
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        // "404 page not found", as long as the CRD is not served, is no JSON.
        const isJson = response.headers['content-type']?.includes('json') === true;
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(isJson ? text : '{}') });
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function contentType(method: string): string {
  return method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json';
}

async function created(path: string, body: unknown): Promise<KubeObject> {
  const answer = await call('POST', path, body);
  assert.equal(answer.status, 201, answer.body.message);
  return answer.body;
}

/** The resource of a case, in the namespace of this test. */
function ours(example: Pick<Case, 'spec' | 'name'>): KubeObject {
  const resource = resourceOf(example);
  return { ...resource, metadata: { ...resource.metadata, namespace: NAMESPACE } };
}

before(async () => {
  await installCrd();
  await created('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE },
  });
});

after(async () => {
  await call('DELETE', `/api/v1/namespaces/${NAMESPACE}`);
  agent.destroy();
});

/** Applies the CRD of this checkout and waits until the API server serves it. */
async function installCrd(): Promise<void> {
  const path = `${CRDS}/${CRD_NAME}?fieldManager=admission-test&force=true&fieldValidation=Strict`;
  const answer = await call('PATCH', path, customResourceDefinition());
  assert.ok(answer.status < 300, answer.body.message);
  for (let left = 100; left > 0; left -= 1) {
    const served = await call('GET', `/apis/${API_VERSION}`);
    if (served.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('The API server does not serve the CRD after 10 s');
}

describe('the API server and the parser agree', () => {
  for (const example of ALL_CASES) {
    test(example.sentence, async () => {
      const resource = ours(example);
      const parsed = parseResource(resource);

      const answer = await call('POST', `${COLLECTION}?dryRun=All`, resource);

      const said = answer.body.message ?? '';
      assert.equal(answer.status, example.accepted ? 201 : 422, said);
      if (parsed.kind === 'valid') {
        assert.deepEqual(settingsOf(answer.body), settingsOf(resource));
        return;
      }
      if (example.message !== undefined) assert.match(said, example.message);
      if (example.breaks === undefined) return;
      for (const { message } of parsed.problems) {
        assert.ok(said.includes(message), `${message}\nis not in\n${said}`);
      }
    });
  }
});

/** What the parser makes of a resource, without what only a stored one has. */
function settingsOf(resource: KubeObject): unknown {
  const parsed = parseResource(resource);
  assert.equal(parsed.kind, 'valid', JSON.stringify(parsed));
  return parsed.kind === 'valid' && { ...parsed.ha, uid: '', generation: 0 };
}

describe('a stored resource', () => {
  test('starts with observedGeneration -1, so that nobody takes it for finished', async () => {
    const stored = await created(COLLECTION, ours({ name: 'fresh' }));

    assert.deepEqual(stored.status, { observedGeneration: -1 });
  });

  for (const [name, from, to, field] of [
    [
      'lease',
      { leaderElection: { leaseName: 'a' } },
      { leaderElection: { leaseName: 'b' } },
      'leaseName',
    ],
    ['lease-default', { leaderElection: { leaseName: 'a' } }, {}, 'leaseName'],
    ['distribution', {}, { controller: { distribution: 'API7' } }, 'distribution'],
  ] as const) {
    test(`refuses another ${field} (${name})`, async () => {
      const stored = await created(COLLECTION, ours({ name, spec: from }));

      const answer = await call('PUT', `${COLLECTION}/${name}`, { ...stored, spec: to });

      assert.equal(answer.status, 422);
      assert.match(answer.body.message ?? '', new RegExp(`\`${field}\` must not change`));
    });
  }

  test('is scaled through /scale, within the rules', async () => {
    await created(COLLECTION, ours({ name: 'scaled' }));
    const spec = { replicas: 1, leaderElection: { mode: 'Disabled' } };
    await created(COLLECTION, ours({ name: 'alone', spec }));

    const scaled = await scale('scaled', 5);
    const alone = await scale('alone', 2);

    assert.deepEqual([scaled.status, scaled.body.spec], [200, { replicas: 5 }]);
    assert.equal(alone.status, 422, 'an election that is disabled allows one replica only');
  });
});

describe('what a resource may hold of Kubernetes', () => {
  test('is every field that the pod template of this API server has', async () => {
    const { body } = await call('GET', '/openapi/v3/api/v1');

    const { schemas } = (body as unknown as { components: { schemas: Definitions } }).components;
    const template = schemas['io.k8s.api.core.v1.PodTemplateSpec'] ?? {};
    assert.deepEqual(fieldsThatWeDrop(podTemplatePatch, template, schemas), []);
  });

  test('has one owner for each free-form field, however much is in it', async () => {
    const podTemplatePatch = { spec: { containers: [{ name: 'manager', tty: false }] } };
    const spec = { podTemplatePatch, controller: { configOverrides: { a: { b: { c: 1 } } } } };
    const path = `${COLLECTION}/owned?fieldManager=admission-test`;

    const { body } = await call('PATCH', path, ours({ name: 'owned', spec }));

    const [entry] = (body.metadata as { managedFields?: { fieldsV1: Json }[] }).managedFields ?? [];
    assert.deepEqual(entry?.fieldsV1, {
      'f:spec': { 'f:podTemplatePatch': {}, 'f:controller': { 'f:configOverrides': {} } },
    });
  });
});

async function scale(name: string, replicas: number): Promise<Answer> {
  const { body } = await call('GET', `${COLLECTION}/${name}/scale`);
  return call('PUT', `${COLLECTION}/${name}/scale`, { ...body, spec: { replicas } });
}
