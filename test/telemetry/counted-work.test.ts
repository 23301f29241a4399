/** What is counted of writes, keys and the process itself, and in which units. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { ServiceKind } from '../../operator/base/resource-kinds.ts';
import type { Step } from '../../operator/decide/plan/step.ts';
import { aScrapedWorld } from '../support/a-scraped-world.ts';

const object: KubeObject = {
  apiVersion: ServiceKind.apiVersion,
  kind: ServiceKind.kind,
  metadata: { namespace: 'edge', name: 'apisix' },
};
const create: Step = { kind: 'create', object, reason: 'missing' };
const ref = { apiVersion: object.apiVersion, kind: object.kind, namespace: 'edge', name: 'apisix' };

test('a write that was sent is counted by kind, verb and what came of it', () => {
  const { instruments, lines } = aScrapedWorld();

  instruments.countStep({ kind: 'done', step: create });
  instruments.countStep({ kind: 'done', step: create });
  const failure = { kind: 'conflict', message: 'M' } as const;
  instruments.countStep({ kind: 'failed', step: create, failure });

  assert.deepEqual(lines('ingressha_applies'), [
    'ingressha_applies_total{kind="Service",verb="create",result="success"} 2',
    'ingressha_applies_total{kind="Service",verb="create",result="conflict"} 1',
  ]);
});

test('what was not sent is no write', () => {
  const { instruments, lines } = aScrapedWorld();
  const refuse: Step = { kind: 'refuse', ref, owner: 'Deployment "other"' };
  const wait: Step = { kind: 'await', ref, what: 'its deletion' };

  instruments.countStep({ kind: 'unchanged', step: create });
  instruments.countStep({ kind: 'refused', step: refuse, owner: 'Deployment "other"' });
  instruments.countStep({ kind: 'awaiting', step: wait, what: 'its deletion' });

  assert.deepEqual(lines('ingressha_applies'), []);
});

test('the queue measures in milliseconds, and its metrics in seconds', () => {
  const { instruments, lines } = aScrapedWorld();
  const { queueObserver } = instruments;

  queueObserver.depthChanged(3);
  queueObserver.added();
  queueObserver.taken(250);
  queueObserver.finished(1_500);
  queueObserver.retried();

  const values = lines('workqueue_').filter((line) => /_(depth|total|sum)\{/.test(line));
  assert.deepEqual(
    values.map((line) => line.replace(/\{.*\}/, '')),
    [
      'workqueue_depth 3',
      'workqueue_adds_total 1',
      'workqueue_queue_duration_seconds_sum 0.25',
      'workqueue_work_duration_seconds_sum 1.5',
      'workqueue_retries_total 1',
    ],
  );
});

test('an answer of the API server is counted by code, method and host', () => {
  const { instruments, lines } = aScrapedWorld();
  const request = { method: 'GET', verb: 'list', resource: 'pods', host: 'h:6443', durationMs: 1 };

  instruments.onRequest({ ...request, code: '200' });
  instruments.onRequest({ ...request, code: '<error>' });

  assert.deepEqual(lines('rest_client'), [
    'rest_client_requests_total{code="200",method="GET",host="h:6443"} 1',
    'rest_client_requests_total{code="<error>",method="GET",host="h:6443"} 1',
  ]);
});

test('memory, processor time, files and heap of the process are those of the moment', () => {
  const { lines } = aScrapedWorld();
  const read = (name: string) => Number(lines(`${name} `)[0]?.split(' ')[1]);

  assert.ok(read('process_resident_memory_bytes') > 2 ** 20);
  assert.ok(read('nodejs_heap_size_used_bytes') > 2 ** 20);
  assert.ok(read('process_cpu_seconds_total') > 0);
  assert.ok(read('process_open_fds') > 2);
  assert.deepEqual(lines('nodejs_version'), [
    `nodejs_version_info{version="${process.version}"} 1`,
  ]);
});
