/**
 * `dashboard`: how soon the page shows that another leads. Real leaders are deleted; the clock runs from
 * just before the new leader writes its name into the Lease, by the time that it writes there, until a
 * MutationObserver in Chromium sees the name change. All run on one machine, by one calendar.
 */
import { LeaseKind, PodKind } from '../../operator/base/resource-kinds.ts';
import { recordOf } from '../../operator/decide/observed/lease-record.ts';
import { at, running, uniqueName } from '../e2e/support/an-object.ts';
import { startDashboard } from '../e2e/support/dashboard.ts';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { median, percentile } from './statistics.ts';
import { startScreen } from './support/dashboard-screen.ts';
import { install } from './support/installation.ts';
import { Observer } from './support/observer.ts';
import { resourceOf } from './support/scene.ts';

/** What the page promises, in ms. */
const FOLLOWS_WITHIN_MS = 500;
/** A trial restarts a pod. */
const MOST_TRIALS = 20;

export const dashboard: Bench = {
  name: 'dashboard',
  summary: 'from the write of a new leader into its Lease to the change on the page in Chromium',
  async *measure(context) {
    const installation = await install(context);
    const { served: namespace } = installation;
    const { kubeconfig } = context.testbed;
    const observer = await Observer.start(kubeconfig, [namespace], [PodKind]);
    try {
      await installation.start().logged('Leadership acquired');
      const address = { namespace, name: uniqueName('page') };
      await context.admin.create(resourceOf(address, context, running({ replicas: 3 })));
      const page = await startDashboard(['-n', namespace, '--kubeconfig', kubeconfig], {
        entry: context.entry,
      });
      const screen = await startScreen(page.address, address);
      try {
        yield* figuresOf(await trials({ context, observer, address, screen }));
      } finally {
        await screen.close();
        await page.stop();
      }
    } finally {
      await observer.stop();
      await installation.remove();
    }
  },
};

interface Stage {
  readonly context: BenchContext;
  readonly observer: Observer;
  readonly address: { readonly namespace: string; readonly name: string };
  readonly screen: Awaited<ReturnType<typeof startScreen>>;
}

async function trials(stage: Stage): Promise<readonly number[]> {
  const { context, observer, address, screen } = stage;
  const delaysMs: number[] = [];
  const wanted = Math.min(context.trials, MOST_TRIALS);
  while (delaysMs.length < wanted) {
    await observer.once('three pods are ready and one leads', () => isReady(stage));
    const { holder } = leaseOf(stage);
    const pod = holder.split('_')[0] ?? '';
    const taken = observer.until(
      'another leads',
      () => ![holder, ''].includes(leaseOf(stage).holder),
    );
    await context.admin.remove(PodKind, { namespace: address.namespace, name: pod });
    await taken;
    const { holder: next, takenAtMs } = leaseOf(stage);
    const shownAtMs = await screen.shown(next.split('_')[0] ?? '');
    delaysMs.push(shownAtMs - takenAtMs);
    context.progress(
      `dashboard: ${delaysMs.length} of ${wanted}, ${(shownAtMs - takenAtMs).toFixed(0)} ms`,
    );
  }
  return delaysMs;
}

function* figuresOf(delaysMs: readonly number[]): Generator<Figure, void, undefined> {
  const shared = { case: 'a leader is deleted', unit: 'ms' } as const;
  yield { ...shared, metric: 'Lease write to page, p50', value: median(delaysMs) };
  const worst = { value: percentile(delaysMs, 100), atMost: FOLLOWS_WITHIN_MS };
  yield { ...shared, metric: 'Lease write to page, worst', ...worst };
}

function isReady({ observer, address }: Stage): boolean {
  const pods = observer.children(address).filter(({ kind }) => kind === PodKind.kind);
  const ready = pods.filter(({ status, metadata }) => {
    const conditions = (at(status, 'conditions') ?? []) as readonly Record<string, unknown>[];
    const isUp = conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
    return isUp && metadata.deletionTimestamp === undefined;
  });
  const { holder } = leaseOf({ observer, address });
  return ready.length === 3 && pods.length === 3 && holder !== '';
}

function leaseOf({ observer, address }: Pick<Stage, 'observer' | 'address'>) {
  const lease = observer.children(address).find(({ kind }) => kind === LeaseKind.kind);
  const { holderIdentity, acquireTime = '' } = recordOf(lease?.spec);
  return { holder: holderIdentity, takenAtMs: Date.parse(acquireTime) };
}
