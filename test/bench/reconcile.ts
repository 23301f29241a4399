/**
 * `reconcile`: how soon a resource has all its children, how soon drift is repaired, and what either
 * costs. A duration begins before the request that causes it is sent and ends when a watch of ours
 * has read the last effect, on one monotonic clock. Operator and bare client take turns, so that both
 * meet the same machine.
 */

import { LeaseKind } from '../../operator/base/resource-kinds.ts';
import { systemClock } from '../../operator/base/time.ts';
import { running, uniqueName } from '../e2e/support/an-object.ts';
import { auditLogIn, writes } from '../e2e/support/audit.ts';
import type { Bench, Figure } from './bench.ts';
import { drift } from './drift.ts';
import { mean, median, percentile } from './statistics.ts';
import { createChildren } from './support/bare-client.ts';
import { install } from './support/installation.ts';
import { clientOf, Observer } from './support/observer.ts';
import { cpuMs } from './support/process-facts.ts';
import { applyToChildren, quiet, removed, resourceOf, type Scene, shows } from './support/scene.ts';

const WARM_UPS = 5;
/** Without a PodDisruptionBudget, which comes with the second replica. */
const CHILDREN_WITHOUT_PODS = 6;
const CHILDREN_WITH_PODS = 7;

export const reconcile: Bench = {
  name: 'reconcile',
  summary: 'apply until all children exist, repair of drift; writes and processor time for each',
  async *measure(context) {
    const installation = await install(context);
    const { served, unserved } = installation;
    const observer = await Observer.start(context.testbed.kubeconfig, [served, unserved]);
    try {
      const operator = installation.start();
      await operator.logged('Leadership acquired');
      const audit = auditLogIn(context.testbed.auditLog);
      const scene = { context, installation, observer, operator, audit };
      yield* creation(scene);
      yield* drift(scene);
      yield* creationWithPods(scene);
      await operator.end('SIGTERM');
    } finally {
      await observer.stop();
      await installation.remove();
    }
  },
};

interface Creation {
  readonly childrenMs: number;
  readonly cpuMs: number;
  readonly childWrites: number;
  readonly statusWrites: number;
  readonly looks: number;
  readonly otherReads: number;
}

async function* creation(scene: Scene): AsyncGenerator<Figure, void, undefined> {
  const { context, installation } = scene;
  const bare = clientOf(installation.kubeconfig);
  for (let trial = 1; trial <= WARM_UPS; trial += 1) {
    await createOnce(scene);
    await createBare(scene, bare);
  }
  const ours: Creation[] = [];
  const bound: number[] = [];
  for (let trial = 1; trial <= context.trials; trial += 1) {
    if (trial % 10 === 0) context.progress(`creation ${trial} of ${context.trials}`);
    ours.push(await createOnce(scene));
    bound.push(await createBare(scene, bare));
  }
  bare.close();

  const times = ours.map(({ childrenMs }) => childrenMs);
  const at = figureOf('apply to 6 children');
  yield { ...at('p50', 'ms', median(times)), atMost: 150 };
  yield { ...at('p99', 'ms', percentile(times, 99)), atMost: 400 };
  yield at('min', 'ms', percentile(times, 0));
  yield at('bare client p50', 'ms', median(bound));
  yield at('bare client p99', 'ms', percentile(bound, 99));
  yield at('p50 / bare client p50', 'x', median(times) / median(bound));
  yield* costs(ours, CHILDREN_WITHOUT_PODS);
}

function* costs(ours: readonly Creation[], children: number): Generator<Figure> {
  const most = (count: (one: Creation) => number) => percentile(ours.map(count), 100);
  const at = figureOf('one creation costs');
  yield {
    ...at(
      'child writes max',
      'count',
      most((one) => one.childWrites),
    ),
    atMost: children,
  };
  yield {
    ...at(
      'status writes max',
      'count',
      most((one) => one.statusWrites),
    ),
    atMost: 2,
  };
  yield {
    ...at(
      'GET before a create max',
      'count',
      most((one) => one.looks),
    ),
    atMost: children,
  };
  yield {
    ...at(
      'other GET and LIST max',
      'count',
      most((one) => one.otherReads),
    ),
    atMost: 0,
  };
  yield at('CPU of the operator, mean', 'ms', mean(ours.map((one) => one.cpuMs)));
}

async function createOnce(scene: Scene): Promise<Creation> {
  const { context, installation, operator, audit } = scene;
  const address = { namespace: installation.served, name: uniqueName('ours') };
  const mark = audit.mark();
  const cpuBefore = cpuMs(operator.pid);
  const { childrenMs } = await applyToChildren(
    scene,
    resourceOf(address, context),
    CHILDREN_WITHOUT_PODS,
  );
  const took = await childrenMs;
  await shows(scene, address, 'Ready=True/ScaledToZero');
  await quiet();
  const spentMs = cpuMs(operator.pid) - cpuBefore;
  const entries = audit
    .since(mark, { user: installation.user })
    .filter(({ namespace }) => namespace === installation.served);
  await removed(scene, address);

  const written = writes(entries);
  const reads = entries.filter(({ verb }) => verb === 'get' || verb === 'list');
  const looks = reads.filter(({ verb, code }) => verb === 'get' && code === 404);
  return {
    childrenMs: took,
    cpuMs: spentMs,
    childWrites: written.filter(({ subresource }) => subresource === '').length,
    statusWrites: written.filter(({ subresource }) => subresource === 'status').length,
    looks: looks.length,
    otherReads: reads.length - looks.length,
  };
}

async function createBare(scene: Scene, client: ReturnType<typeof clientOf>): Promise<number> {
  const { context, installation } = scene;
  const address = { namespace: installation.unserved, name: uniqueName('bare') };
  const { created, childrenMs } = await applyToChildren(
    scene,
    resourceOf(address, context),
    CHILDREN_WITHOUT_PODS,
  );
  await createChildren(client, created);
  const took = await childrenMs;
  // The Lease has no owner, and nobody else takes it away here.
  await context.admin.remove(LeaseKind, { ...address, name: `${address.name}-leader` });
  await removed(scene, address);
  return took;
}

async function* creationWithPods(scene: Scene): AsyncGenerator<Figure, void, undefined> {
  const { context, installation } = scene;
  const children: number[] = [];
  const ready: number[] = [];
  const count = Math.ceil(context.trials / 6);
  for (let trial = 1; trial <= count; trial += 1) {
    context.progress(`creation with 2 replicas ${trial} of ${count}`);
    const address = { namespace: installation.served, name: uniqueName('pods') };
    const resource = resourceOf(address, context, running());
    const startedAtMs = performance.now();
    const { childrenMs } = await applyToChildren(scene, resource, CHILDREN_WITH_PODS);
    children.push(await childrenMs);
    await shows(scene, address, 'Ready=True/AsSpecified');
    ready.push(performance.now() - startedAtMs);
    await removed(scene, address);
    await podsGone(scene);
  }
  const at = figureOf('apply, 2 replicas');
  yield { ...at('to 7 children p50', 'ms', median(children)), atMost: 150 };
  yield { ...at('to 7 children max', 'ms', percentile(children, 100)), atMost: 400 };
  yield at('to Ready=True p50', 'ms', median(ready));
}

async function podsGone({ context, installation }: Scene): Promise<void> {
  const { kubectl } = context.testbed;
  await kubectl([
    'wait',
    '-n',
    installation.served,
    '--for=delete',
    'pods',
    '--all',
    '--timeout=90s',
  ]);
  await systemClock.sleep(1_000);
}

function figureOf(of: string) {
  return (metric: string, unit: Figure['unit'], value: number): Figure => ({
    case: of,
    metric,
    unit,
    value,
  });
}
