/**
 * `neighbours`: 1,000 resources of one `controllerName`, with default settings and no replicas. How soon
 * every status tells of a neighbour that comes, goes or is renamed, and how many writes that costs.
 */
import { IngressControllerHAKind } from '../../operator/base/resource-kinds.ts';
import { systemClock } from '../../operator/base/time.ts';
import { moreText } from '../../operator/decide/observed/shared-name.ts';
import { at, statusOf } from '../e2e/support/an-object.ts';
import { auditLogIn } from '../e2e/support/audit.ts';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { median, percentile } from './statistics.ts';
import { type Installation, install } from './support/installation.ts';
import { Observer, type Sight } from './support/observer.ts';
import { residentMiB } from './support/process-facts.ts';
import { quiet, resourceOf } from './support/scene.ts';

const RESOURCES = 1_000;
/** Longer than every pause after which the operator looks again at what it has just created. */
const REST_MS = 30_000;
const CREATED_AT_A_TIME = 8;
const GOAL_MS = 2_000;
const NAME = 'bench.test/shared';

export const neighbours: Bench = {
  name: 'neighbours',
  summary: '1,000 resources of one controllerName: until each status tells of a change',
  async *measure(context) {
    const installation = await install(context);
    const operator = installation.start();
    await operator.logged('Leadership acquired');
    const observer = await Observer.start(context.testbed.kubeconfig, [installation.served]);
    const told = new Told(installation.served);
    observer.listen((sight) => told.see(sight));
    try {
      const scene: Scene = {
        context,
        installation,
        told,
        audit: auditLogIn(context.testbed.auditLog),
      };
      const names = Array.from({ length: RESOURCES }, (_, place) => nameAt(place));
      const startedAtMs = performance.now();
      await Promise.all(
        Array.from({ length: CREATED_AT_A_TIME }, async (_, first) => {
          for (let place = first; place < names.length; place += CREATED_AT_A_TIME) {
            await create(scene, nameAt(place));
            if (place % 100 === 0) context.progress(`created ${place} of ${RESOURCES}`);
          }
        }),
      );
      await told.current(names);
      yield figure('creation of all', 'ms', performance.now() - startedAtMs);
      context.progress('all are told; waiting until all is quiet');
      await told.rest(REST_MS);
      yield figure('operator RSS', 'MiB', residentMiB(operator.pid));
      yield* changes(scene, names);
    } finally {
      await observer.stop();
      await installation.remove();
    }
  },
};

interface Scene {
  readonly context: BenchContext;
  readonly installation: Installation;
  readonly told: Told;
  readonly audit: ReturnType<typeof auditLogIn>;
}

async function* changes(scene: Scene, names: readonly string[]): AsyncGenerator<Figure> {
  const trials = Math.ceil(scene.context.trials / 3);
  const extra = `${nameAt(500)}-x`;
  const kinds = {
    comes: () => create(scene, extra),
    goes: () => remove(scene, extra),
  };
  yield* measured(scene, 'one comes', trials, async () => {
    const took = await timed(scene, [...names, extra], kinds.comes);
    await timed(scene, names, kinds.goes);
    return took;
  });
  yield* measured(scene, 'one goes', trials, async () => {
    await timed(scene, [...names, extra], kinds.comes);
    return timed(scene, names, kinds.goes);
  });
  yield* measured(scene, 'one is renamed', trials, async () => {
    await timed(scene, [...names, extra], kinds.comes);
    const took = await timed(scene, names, () => rename(scene, extra, 'bench.test/own'));
    await remove(scene, extra);
    return took;
  });
}

interface Cost {
  readonly ms: number;
  readonly writes: number;
}

async function* measured(
  { context }: Scene,
  of: string,
  trials: number,
  trial: () => Promise<Cost>,
): AsyncGenerator<Figure> {
  const costs: Cost[] = [];
  for (let done = 0; done < trials; done += 1) {
    context.progress(`${of}: ${done} of ${trials}`);
    costs.push(await trial());
  }
  const times = costs.map(({ ms }) => ms);
  const row = { case: of, unit: 'ms' } as const;
  yield { ...row, metric: 'until all are current p50', value: median(times) };
  yield {
    ...row,
    metric: 'until all are current max',
    value: percentile(times, 100),
    atMost: GOAL_MS,
  };
  const writes = percentile(
    costs.map((cost) => cost.writes),
    100,
  );
  yield { case: of, metric: 'status writes max', unit: 'count', value: writes };
}

/** From before the request that changes something until the last status that it concerns was read. */
async function timed(
  { told, audit, installation }: Scene,
  names: readonly string[],
  change: () => Promise<unknown>,
): Promise<Cost> {
  const mark = audit.mark();
  const startedAtMs = performance.now();
  const current = told.current(names);
  await change();
  const ms = (await current) - startedAtMs;
  await quiet();
  const writes = audit
    .since(mark, { user: installation.user })
    .filter(({ subresource }) => subresource === 'status').length;
  return { ms: Math.max(0, ms), writes };
}

function nameAt(place: number): string {
  return `n${String(place).padStart(4, '0')}`;
}

function create({ context, installation }: Scene, name: string) {
  const spec = { controller: { config: { controllerName: NAME } } };
  return context.admin.create(resourceOf({ namespace: installation.served, name }, context, spec));
}

function remove({ context, installation }: Scene, name: string) {
  return context.admin.remove(IngressControllerHAKind, { namespace: installation.served, name });
}

function rename({ context, installation }: Scene, name: string, controllerName: string) {
  const change = { spec: { controller: { config: { controllerName } } } };
  return context.admin.patch(
    IngressControllerHAKind,
    { namespace: installation.served, name },
    change,
  );
}

/** What each resource was last told of its neighbours, and whether that is what holds. */
class Told {
  readonly #namespace: string;
  readonly #messages = new Map<string, string>();
  #expected: ReadonlyMap<string, string> = new Map();
  #wrong = new Set<string>();
  #lastAtMs = 0;
  #resolve: ((atMs: number) => void) | undefined;

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  see({ kind, object, atMs }: Sight): void {
    this.#lastAtMs = atMs;
    if (object.kind !== IngressControllerHAKind.kind) return;
    const { name } = object.metadata;
    const found = statusOf(object).conditions?.find(({ type }) => type === 'SettingsSound');
    if (kind === 'delete' || at(object, 'spec.controller.config.controllerName') !== NAME) {
      this.#messages.delete(name);
    } else {
      this.#messages.set(name, found?.message ?? '');
    }
    this.#judge(name);
    if (this.#wrong.size === 0) this.#resolve?.(atMs);
  }

  /** Resolves once no resource has changed for so long. */
  async rest(forMs: number): Promise<void> {
    while (performance.now() - this.#lastAtMs < forMs) await systemClock.sleep(forMs / 10);
  }

  /** Resolves with the instant at which each of `names`, and nobody else, was told what holds. */
  current(names: readonly string[]): Promise<number> {
    const sorted = names.toSorted();
    this.#expected = new Map(
      sorted.map((name, place) => {
        const next = [1, 2, 3].map((step) => sorted[(place + step) % sorted.length]).toSorted();
        const others = next.map((it) => `"${this.#namespace}/${it}"`).join(', ');
        return [name, `also used by ${others}${moreText(sorted.length - 4)}:`];
      }),
    );
    this.#wrong = new Set();
    for (const name of new Set([...this.#expected.keys(), ...this.#messages.keys()])) {
      this.#judge(name);
    }
    if (this.#wrong.size === 0) return Promise.resolve(performance.now());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`Told wrong: ${[...this.#wrong].slice(0, 5).join(', ')}`)),
        600_000,
      );
      this.#resolve = (atMs) => {
        clearTimeout(timer);
        this.#resolve = undefined;
        resolve(atMs);
      };
    });
  }

  #judge(name: string): void {
    const [expected, message] = [this.#expected.get(name), this.#messages.get(name)];
    const right = expected === undefined ? message === undefined : message?.includes(expected);
    if (right === true) this.#wrong.delete(name);
    else this.#wrong.add(name);
  }
}

function figure(metric: string, unit: Figure['unit'], value: number): Figure {
  return { case: `${RESOURCES} resources of one controllerName`, metric, unit, value };
}
