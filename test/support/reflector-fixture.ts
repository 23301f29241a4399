/** A reflector on a scripted server, and words for what it asks and tells. */
import type { TestContext } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { PodKind } from '../../operator/base/resource-kinds.ts';
import type { Change } from '../../operator/kube/watch/changes.ts';
import { createReflector } from '../../operator/kube/watch/reflector.ts';
import type { Reflector } from '../../operator/kube/watch/reflector-types.ts';
import { silentLog } from '../../operator/telemetry/log.ts';
import { createMetrics, type MetricsSetup } from '../../operator/telemetry/metrics.ts';
import { type HttpFixture, httpFixture } from './http-fixture.ts';
import { until } from './manual-clock.ts';
import {
  type Answer,
  json,
  type ScriptedServer,
  type SeenRequest,
  type Stream,
  stream,
} from './scripted-server.ts';

export interface ReflectorFixture extends HttpFixture {
  readonly reflector: Reflector;
  readonly metrics: MetricsSetup['metrics'];
  readonly registry: MetricsSetup['registry'];
  /** `+p1@5` new, `~p1@6` changed, `-p1@6` gone. */
  readonly told: readonly string[];
  /** How many watches ended before their time. */
  readonly cutShort: () => number;
}

/** A reflector of the pods with app=edge in "prod", not started yet. */
export async function reflectorFixture(
  t: TestContext,
  onChange?: (change: Change) => void,
): Promise<ReflectorFixture> {
  const http = await httpFixture(t);
  const told: string[] = [];
  const { metrics, registry } = createMetrics();
  let cuts = 0;
  const reflector = createReflector({
    client: http.client,
    kind: PodKind,
    namespace: 'prod',
    labelSelector: 'app=edge',
    clock: http.clock,
    random: () => 0.5, // pauses are 1.5 times their base: 1.2 s, 2.4 s, …
    log: silentLog,
    metrics,
    onCutShort: () => {
      cuts += 1;
    },
    onChange(change) {
      told.push(textOf(change));
      onChange?.(change);
    },
  });
  t.after(() => reflector.stop());
  return { ...http, reflector, metrics, registry, told, cutShort: () => cuts };
}

function textOf(change: Change): string {
  const { name, resourceVersion } =
    change.kind === 'delete' ? change.last.metadata : change.object.metadata;
  const sign = { add: '+', update: '~', delete: '-' }[change.kind];
  return `${sign}${name}@${resourceVersion}`;
}

/** As short as it can be. */
export function pod(name: string, resourceVersion: string, uid = `uid-${name}`): KubeObject {
  const metadata = { name, namespace: 'prod', uid, resourceVersion };
  return { apiVersion: 'v1', kind: 'Pod', metadata };
}

/** One complete page. */
export function list(resourceVersion: string, ...items: readonly KubeObject[]): Answer {
  return json({ kind: 'PodList', metadata: { resourceVersion }, items });
}

const isWatch = (request: SeenRequest) => request.query.watch === 'true';

/** `list@0 watch@5 …`: what the server was asked. */
export function asked(server: ScriptedServer): string {
  return server.requests
    .map((one) => `${isWatch(one) ? 'watch' : 'list'}@${one.query.resourceVersion ?? ''}`)
    .join(' ');
}

/** Lists `items` at version 5 and opens a watch. */
export async function watching(
  fix: ReflectorFixture,
  ...items: readonly KubeObject[]
): Promise<Stream> {
  const live = stream();
  fix.server.answer(list('5', ...items), live.answer);
  fix.reflector.start();
  await live.opened;
  return live;
}

/** Waits until the reflector backs off, and gives the length of its pause. */
export async function pauseOf({ reflector, clock }: ReflectorFixture): Promise<number | undefined> {
  await until(() => reflector.state() === 'backing-off' && clock.pendingTimers() === 1, 'a pause');
  return clock.nextTimerInMs();
}
