/**
 * `idle`: what the bundled operator costs when there is nothing to do, and how soon it works after
 * a start. A bare Node process stands beside it in the same run.
 *
 * Start to first work: a Service of an existing resource is deleted while no operator runs. The time
 * from before the process is spawned until a watch of ours has read that the Service is back covers
 * the start of Node, the election, all first lists, the look at every child, and the write.
 */
import {
  CHILD_KINDS,
  IngressControllerHAKind,
  LeaseKind,
  ServiceKind,
} from '../../operator/base/resource-kinds.ts';
import { systemClock } from '../../operator/base/time.ts';
import { childName } from '../../operator/desired/naming.ts';
import type { Address } from '../e2e/support/admin.ts';
import { anObject, uniqueName } from '../e2e/support/an-object.ts';
import { auditLogIn } from '../e2e/support/audit.ts';
import { eventually } from '../e2e/support/eventually.ts';
import type { OperatorProcess } from '../e2e/support/operator-process.ts';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { mean, median, percentile } from './statistics.ts';
import { startBareProcess } from './support/bare-process.ts';
import { type IdleWindow, watchIdling } from './support/idle-window.ts';
import { type Installation, install } from './support/installation.ts';
import { Observer } from './support/observer.ts';
import { residentMiB } from './support/process-facts.ts';

/** Caches are filled and the heap has found its size. */
const SETTLE_MS = 30_000;
/** Longer than the silence after which a watch of a kind that nobody changes is opened anew. */
const WINDOW_MS = 120_000;
/** One for each watch, one for the election, and one that a request beside them may have left. */
const CONNECTIONS = 1 + CHILD_KINDS.length + 1 + 2;

export const idle: Bench = {
  name: 'idle',
  summary:
    'memory, processor time, requests and connections at rest; time from start to first work',
  async *measure(context) {
    const installation = await install(context);
    const { kubeconfig } = context.testbed;
    const observer = await Observer.start(kubeconfig, [installation.served]);
    try {
      const scene = { context, installation, observer };
      yield* starts(scene);
      yield* rest(scene);
    } finally {
      await observer.stop();
      await installation.remove();
    }
  },
};

interface Scene {
  readonly context: BenchContext;
  readonly installation: Installation;
  readonly observer: Observer;
}

async function* starts(scene: Scene): AsyncGenerator<Figure, void, undefined> {
  const { context, installation, observer } = scene;
  const address = { namespace: installation.served, name: uniqueName('start') };
  await context.admin.create(anObject(address));
  let operator = installation.start();
  await observer.once('the first children', () => observer.children(address).length >= 6);
  await operator.logged('Leadership acquired');

  const restarts: number[] = [];
  const bare: number[] = [];
  const count = Math.ceil(context.trials / 3);
  for (let trial = 1; trial <= count; trial += 1) {
    context.progress(`restart ${trial} of ${count}`);
    await stopped(operator);
    bare.push(await bareStartMs());
    const started = await startToFirstWork(scene, address);
    operator = started.operator;
    restarts.push(started.tookMs);
  }
  yield { ...restart('p50'), value: median(restarts), atMost: 1000 };
  yield { ...restart('max'), value: percentile(restarts, 100), atMost: 1000 };

  const firsts: number[] = [];
  for (let trial = 1; trial <= Math.ceil(context.trials / 10); trial += 1) {
    context.progress(`first start ${trial}`);
    await stopped(operator);
    await installation.forgetLeader();
    const started = await startToFirstWork(scene, address);
    operator = started.operator;
    firsts.push(started.tookMs);
  }
  yield {
    case: 'first start, no Lease',
    metric: 'to first work p50',
    unit: 'ms',
    value: median(firsts),
  };
  yield { case: 'bare Node', metric: 'to first output p50', unit: 'ms', value: median(bare) };

  const gone = observer.once('the resource leaves nothing', () => isGone(observer, address));
  await context.admin.remove(IngressControllerHAKind, address);
  await gone;
  await stopped(operator);
}

function restart(metric: string) {
  return {
    case: 'restart, Lease released',
    metric: `to first work ${metric}`,
    unit: 'ms',
  } as const;
}

async function startToFirstWork({ context, installation, observer }: Scene, address: Address) {
  const service = { namespace: installation.served, name: childName(address) };
  const exists = () => observer.children(address).some(({ kind }) => kind === ServiceKind.kind);
  const gone = observer.once('the Service is gone', () => !exists());
  await context.admin.remove(ServiceKind, service);
  await gone;

  const back = observer.until('the Service is back', exists);
  const startedAtMs = performance.now();
  const operator = installation.start();
  const { atMs } = await back;
  return { operator, tookMs: atMs - startedAtMs };
}

async function bareStartMs(): Promise<number> {
  const bare = await startBareProcess();
  await bare.end();
  return bare.startMs;
}

function isGone(observer: Observer, address: Address): boolean {
  return observer.resource(address) === undefined && observer.children(address).length === 0;
}

async function* rest({ context, installation }: Scene): AsyncGenerator<Figure, void, undefined> {
  const { server, auditLog } = context.testbed;
  const audit = auditLogIn(auditLog);
  const operator = installation.start();
  await operator.logged('Leadership acquired');
  const bare = await startBareProcess();
  context.progress(`settling for ${SETTLE_MS / 1000} s, then watching for ${WINDOW_MS / 1000} s`);
  await systemClock.sleep(SETTLE_MS);

  const renewals = { user: installation.user, resource: LeaseKind.plural, verb: 'update' };
  const settledAt = audit.mark();
  // From one renewal on, so that a window of n periods holds n of them.
  await eventually('a renewal', () => audit.since(settledAt, renewals).length > 0);
  const mark = audit.mark();
  const port = Number(new URL(server).port || 443);
  const window = await watchIdling(operator.pid, { durationMs: WINDOW_MS, port });
  const requests = audit.since(mark, { user: installation.user }).length;
  const forElection = audit.since(mark, renewals).length;

  yield* restFigures(window, { forElection, others: requests - forElection });
  yield { case: 'bare Node', metric: 'RSS', unit: 'MiB', value: residentMiB(bare.pid) };
  await bare.end();
  await stopped(operator);
}

function* restFigures(
  window: IdleWindow,
  requests: { readonly forElection: number; readonly others: number },
): Generator<Figure> {
  const at = (metric: string, unit: Figure['unit'], value: number, atMost?: number): Figure => ({
    case: '0 resources',
    metric,
    unit,
    value,
    ...(atMost !== undefined && { atMost }),
  });
  yield at('RSS mean', 'MiB', mean(window.residentMiB), 100);
  yield at('RSS max', 'MiB', percentile(window.residentMiB, 100), 100);
  yield at('share of a core', '%', window.cpuPercent, 0.5);
  yield at('wake-ups of the main thread', '1/s', window.wakeUpsPerSecond);
  yield at('requests for the election', '1/s', requests.forElection / window.seconds, 0.5);
  yield at('other requests', '1/s', requests.others / window.seconds);
  yield at('connections', 'count', window.connections, CONNECTIONS);
  yield at('connections opened meanwhile', 'count', window.connectionsOpened);
}

async function stopped(operator: OperatorProcess): Promise<void> {
  const { code } = await operator.end('SIGTERM');
  if (code !== 0) throw new Error(`The operator ended with code ${code}.`);
}
