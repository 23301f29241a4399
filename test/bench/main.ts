/**
 * `npm run bench -- idle reconcile`: measures the bundled operator on a testbed of its own and
 * exits with 1 when a goal is missed. With TESTBED_NAME set it uses that testbed and leaves it up;
 * what asks no cluster is measured first, before there is one.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { CRD_NAME, customResourceDefinition } from '../../operator/api/crd.ts';
import { adminOf } from '../e2e/support/admin.ts';
import { eventually } from '../e2e/support/eventually.ts';
import { run } from '../testbed/run.ts';
import { openTestbed, startTestbed, type Testbed } from '../testbed/testbed.ts';
import {
  type Bench,
  type BenchContext,
  type Figure,
  isMet,
  type OfflineBench,
  type OfflineContext,
} from './bench.ts';
import { cli } from './cli.ts';
import { dashboard } from './dashboard.ts';
import { failover } from './failover.ts';
import { idle } from './idle.ts';
import { neighbours } from './neighbours.ts';
import { jsonLine, table } from './output.ts';
import { reconcile } from './reconcile.ts';

const OFFLINE: readonly OfflineBench[] = [cli];
const BENCHES: readonly Bench[] = [idle, reconcile, neighbours, failover, dashboard];
const ALL = [...OFFLINE, ...BENCHES];

interface Options {
  readonly trials: number;
  readonly json?: boolean;
  readonly case?: string;
  readonly image?: string;
  readonly bundle?: string;
}

const startedAtMs = performance.now();
const program = new Command('npm run bench --')
  .description('Measures the bundled operator on a real Kubernetes, and its command line.')
  .addArgument(
    new Argument('<name...>', 'what to measure, in this order').choices(
      ALL.map(({ name }) => name),
    ),
  )
  .option('--trials <n>', 'repeats of a case; slow cases are repeated less often', wholeNumber, 30)
  .option('--json', 'one JSON object a line: bench, case, metric, value, unit, goal, ok')
  .option('--case <text>', 'failover: only the cases whose name holds this text')
  .option(
    '--image <reference>',
    'image of the controller, where it can be pulled or is loaded, instead of the stand-in',
  )
  .option('--bundle <folder>', 'measure this bundle instead of building one')
  .addHelpText(
    'after',
    `\nBenchmarks:\n${ALL.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`).join('\n')}`,
  )
  .action(async (names: readonly string[], options: Options) => {
    process.exitCode = (await measure(names, options)) ? 0 : 1;
  });

try {
  await program.parseAsync();
} catch (error) {
  for (let each: unknown = error; each instanceof Error; each = each.cause) progress(each.message);
  process.exitCode = 1;
}

/** True when every goal was met. */
async function measure(names: readonly string[], options: Options): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'ingress-ha-bench-'));
  const named = <T extends { readonly name: string }>(benches: readonly T[]) =>
    names.flatMap((name) => benches.filter((one) => one.name === name));
  try {
    const context = contextOf(join(await bundle(folder, options), 'ingress-ha.js'), options);
    let met = true;
    for (const bench of named(OFFLINE)) {
      met = (await meetsGoals(bench.name, bench.measure(context), options)) && met;
    }
    const benches = named(BENCHES);
    return (benches.length === 0 || (await onTestbed(benches, context, options))) && met;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onTestbed(
  benches: readonly Bench[],
  context: OfflineContext,
  options: Options,
): Promise<boolean> {
  const given = await givenTestbed();
  const testbed = given ?? (await startTestbed({ name: 'bench', log: progress }));
  const admin = adminOf(testbed.kubeconfig);
  process.once('SIGINT', () => process.exit(130)); // testbed and operators end with this process
  try {
    await installCrd(testbed);
    const there: BenchContext = { ...context, testbed, admin };
    let met = true;
    for (const bench of benches) {
      met = (await meetsGoals(bench.name, bench.measure(there), options)) && met;
    }
    return met;
  } finally {
    admin.close();
    if (given === undefined) await testbed.stop();
  }
}

async function meetsGoals(
  name: string,
  measured: AsyncIterable<Figure>,
  { json }: Options,
): Promise<boolean> {
  const figures: Figure[] = [];
  for await (const figure of withLoad(measured)) {
    figures.push(figure);
    if (json) process.stdout.write(jsonLine(name, figure));
  }
  if (!json) process.stdout.write(table(name, figures));
  return figures.every(isMet);
}

/** Figures mean little without what else the machine had to do; above its number of cores, nothing. */
async function* withLoad(figures: AsyncIterable<Figure>): AsyncGenerator<Figure, void, undefined> {
  yield loadFigure('before');
  yield* figures;
  yield loadFigure('after');
}

function loadFigure(when: string): Figure {
  const [lastMinute = 0] = loadavg();
  return { case: 'machine', metric: `load average ${when}`, unit: 'count', value: lastMinute };
}

function contextOf(entry: string, { trials, image, case: only }: Options): OfflineContext {
  return {
    entry,
    trials,
    progress,
    ...(only !== undefined && { only }),
    ...(image !== undefined && { image }),
  };
}

/** Built anew and copied, since whoever works in the checkout meanwhile may build another one. */
async function bundle(folder: string, { bundle: given }: Options): Promise<string> {
  if (given !== undefined) return given;
  await run(process.execPath, ['scripts/bundle.ts']);
  await cp('dist', folder, { recursive: true });
  return folder;
}

async function givenTestbed(): Promise<Testbed | undefined> {
  const name = process.env.TESTBED_NAME;
  if (!name) return undefined;
  const testbed = await openTestbed(name);
  if (testbed === undefined) throw new Error(`TESTBED_NAME is "${name}", which is not up.`);
  return testbed;
}

async function installCrd({ kubectl }: Testbed): Promise<void> {
  const apply = ['apply', '--server-side', '--force-conflicts', '--field-manager=bench', '-f', '-'];
  await kubectl(apply, JSON.stringify(customResourceDefinition()));
  // kubectl gives up over a definition that has no conditions yet, instead of waiting for them.
  const wait = ['wait', '--for=condition=Established', '--timeout=30s', `crd/${CRD_NAME}`];
  await eventually('the definition is established', () => kubectl(wait));
}

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw new InvalidArgumentError('Use a number from 1 on.');
  return Number(text);
}

/** On standard error: standard output is for figures. */
function progress(line: string): void {
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0).padStart(5);
  process.stderr.write(`${seconds} s  ${line}\n`);
}
