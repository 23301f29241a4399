/**
 * `failover`: how long nobody leads when a leader ends, without and with the operator's help, on real
 * pods. The instants come from the candidates' own journals, the machine's monotonic clock beside each
 * line: from the last moment at which the old leader could act (its word that it has stopped, or the
 * instant of the kill) to the new one's word that it leads.
 *
 * An oracle looks at the holder's process whenever its Lease is freed, and the journals of every
 * resource are searched for two leaders, or two writers, at once.
 */
import { join } from 'node:path';
import { PodKind } from '../../operator/base/resource-kinds.ts';
import { auditLogIn } from '../e2e/support/audit.ts';
import type { OperatorProcess } from '../e2e/support/operator-process.ts';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { rowFigures, safetyFigures, shareFigures } from './failover/figures.ts';
import { LOAD_RESOURCES, startLoad } from './failover/load.ts';
import { Oracle } from './failover/oracle.ts';
import { nameOf, ROWS, UNDER_LOAD, type Way } from './failover/rows.ts';
import { type RowResult, runRows } from './failover/run-rows.ts';
import type { FailoverScene } from './failover/subject.ts';
import { type Installation, install } from './support/installation.ts';
import { Journals } from './support/journals.ts';
import { Observer } from './support/observer.ts';
import { goFirst } from './support/priority.ts';

/**
 * Resources side by side. A plain trial waits for half a minute and does nothing. The others restart
 * a pod every few seconds, and what they measure must not be how fast two cores start processes.
 */
const AT_ONCE: Readonly<Record<Way, number>> = { plain: 12, release: 5, assisted: 3 };
/** The load has its share of the machine. */
const AT_ONCE_UNDER_LOAD = 1;
const LOAD_CASE = `with ${LOAD_RESOURCES} resources being reconciled`;

export const failover: Bench = {
  name: 'failover',
  summary: 'time without a leader after deletion, kill, rollout, drain; plain, released, assisted',
  async *measure(context) {
    const flags = ['--allow-pod-template-patch']; // for probes that make a pod Ready in time
    const installation = await install(context, { serves: 2, flags });
    const { served } = installation;
    const observer = await Observer.start(context.testbed.kubeconfig, [served], [PodKind]);
    const journals = new Journals(join(context.testbed.folder, 'pod-logs'), served);
    try {
      const scene = await sceneOf({ context, installation, observer, journals });
      const results: RowResult[] = [];
      for (const way of ['plain', 'release', 'assisted'] as const) {
        yield* part(scene, way, results);
      }
      yield* underLoad(scene, results);
      yield* safetyFigures(scene.oracle.clears, results);
      await scene.operator.end('SIGTERM');
    } finally {
      journals.stop();
      await observer.stop();
      await installation.remove();
    }
  },
};

async function sceneOf(parts: {
  readonly context: BenchContext;
  readonly installation: Installation;
  readonly observer: Observer;
  readonly journals: Journals;
}): Promise<FailoverScene> {
  const operator = parts.installation.start();
  await operator.logged('Leadership acquired');
  await goFirst(parts.context.testbed, operator.pid);
  const audit = auditLogIn(parts.context.testbed.auditLog);
  return { ...parts, operator, audit, oracle: new Oracle(parts.observer, parts.journals) };
}

async function* part(
  scene: FailoverScene,
  way: Way,
  into: RowResult[],
): AsyncGenerator<Figure, void, undefined> {
  const rows = ROWS.filter((row) => row.way === way && isAskedFor(scene, nameOf(row)));
  if (rows.length === 0) return;
  const freed = freedSince(scene.operator);
  const results = await runRows(scene, rows, AT_ONCE[way]);
  into.push(...results);
  for (const result of results) yield* rowFigures(result);
  if (way === 'assisted') yield* shareFigures('pod event to Lease write', freed());
}

async function* underLoad(
  scene: FailoverScene,
  into: RowResult[],
): AsyncGenerator<Figure, void, undefined> {
  const { context, installation, operator } = scene;
  if (!isAskedFor(scene, `${nameOf(UNDER_LOAD)}, ${LOAD_CASE}`)) return;
  const load = await startLoad(context, installation.alsoServed);
  const freed = freedSince(operator);
  const results = await runRows(scene, [UNDER_LOAD], AT_ONCE_UNDER_LOAD);
  const editsPerSecond = await load.stop();
  into.push(...results);
  for (const result of results) {
    for (const figure of rowFigures(result)) yield listed(figure);
  }
  const of = `pod event to Lease write, ${LOAD_CASE}`;
  yield { case: of, metric: 'edits of resources', unit: '1/s', value: editsPerSecond };
  yield* shareFigures(of, freed());
}

function isAskedFor({ context }: FailoverScene, name: string): boolean {
  return context.only === undefined || name.includes(context.only);
}

/** Under load the goal is the operator's own share; how soon pods start is the machine's. */
function listed({ case: of, metric, unit, value }: Figure): Figure {
  return { case: `${of}, ${LOAD_CASE}`, metric, unit, value };
}

/** What the operator itself has measured from now on, for each Lease that it freed. */
function freedSince(operator: OperatorProcess): () => readonly number[] {
  const before = operator.log('Lease freed').length;
  return () => {
    const lines = operator.log('Lease freed').slice(before);
    return lines.map(({ tookMs }) => Number(tookMs));
  };
}
