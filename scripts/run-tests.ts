/**
 * `npm test`: every test, unit and e2e, against one real Kubernetes that lives as long as the run.
 *
 *   npm test                                                       everything
 *   npm test -- test/e2e/drift.test.ts                             some files
 *   npm test -- --test-name-pattern=leader 'test/e2e/**'           some tests of some files
 *   eval "$(scripts/cluster env)"; npm test                        on the testbed that is up already
 *
 * Prints a line a file, failures in full, and the summary last. After a failure the logs of cluster
 * and operators are in .tmp/test-logs.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { run as runTests } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { FILE_HANG_MS } from '../test/support/hang-limits.ts';
import { run } from '../test/testbed/run.ts';
import { openTestbed, startTestbed, type Testbed } from '../test/testbed/testbed.ts';

/** Files at a time: one for each core of a small machine, and the cluster needs some too. */
const CONCURRENCY = 2;
/** Ends a file that hangs. E2E_QUIET_MS lengthens one. */
const FILE_LIMIT_MS = FILE_HANG_MS + 2 * Number(process.env.E2E_QUIET_MS || 0);
/** While nothing else is printed, what runs is told this often. */
const PROGRESS_EVERY_MS = 20_000;

/** Ignored by git; only after a failure. */
const KEPT_LOGS = '.tmp/test-logs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'test-name-pattern': { type: 'string', multiple: true },
    'test-concurrency': { type: 'string', default: String(CONCURRENCY) },
  },
});

const startedAtMs = performance.now();
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    process.exitCode = 130;
    stopping.abort();
  });
}

/** What tests make of the bundle, such as its image, lies beside it and goes with it. */
const folder = await mkdtemp(join(tmpdir(), 'ingress-ha-test-'));
const bundleFolder = join(folder, 'bundle');
try {
  // A copy of our own, since whoever works in the checkout meanwhile may build another one.
  await run(process.execPath, ['scripts/bundle.ts', bundleFolder]);
  const given = await givenTestbed();
  const testbed = given ?? (await newTestbed());
  try {
    await runAll(testbed);
  } finally {
    if (process.exitCode === 1) await keepLogs(testbed);
    if (given === undefined) await testbed.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function givenTestbed(): Promise<Testbed | undefined> {
  const name = process.env.TESTBED_NAME;
  if (!name) return undefined;
  const testbed = await openTestbed(name);
  if (testbed === undefined) throw new Error(`TESTBED_NAME is "${name}", which is not up.`);
  return testbed;
}

function newTestbed(): Promise<Testbed> {
  return startTestbed({
    name: `test-${process.pid}`,
    log: (line) => console.log(`${clock()}  ${line}`),
  });
}

/** What the cluster and the operators of the tests have logged, for whoever looks for the cause. */
async function keepLogs(testbed: Testbed): Promise<void> {
  await rm(KEPT_LOGS, { recursive: true, force: true });
  await cp(join(testbed.folder, 'logs'), KEPT_LOGS, { recursive: true });
}

async function runAll(testbed: Testbed): Promise<void> {
  if (stopping.signal.aborted) return;
  Object.assign(process.env, {
    TESTBED_NAME: testbed.name,
    KUBECONFIG: testbed.kubeconfig,
    E2E_BUNDLE: bundleFolder,
  });
  const events = runTests({
    globPatterns: positionals.length > 0 ? positionals : ['test/**/*.test.ts'],
    concurrency: Number(values['test-concurrency']),
    timeout: FILE_LIMIT_MS,
    signal: stopping.signal,
    ...(values['test-name-pattern'] && { testNamePatterns: values['test-name-pattern'] }),
  });
  await pipeline(Readable.from(worthTelling(events)), new spec(), process.stdout, { end: false });
}

type TestEvent = { readonly type: string; readonly data: unknown };

/** Failures and the summary go to the reporter; of the rest there is a line a file. */
async function* worthTelling(events: AsyncIterable<TestEvent>): AsyncGenerator<TestEvent> {
  const running = new Set<string>();
  const progress = setInterval(() => say(`running ${[...running].join(', ')}`), PROGRESS_EVERY_MS);
  try {
    for await (const event of events) {
      const data = event.data as EventData;
      const file = data.file === undefined ? '' : relative(process.cwd(), data.file);
      const isFile = data.name !== undefined && resolve(data.name) === data.file;
      if (event.type === 'test:dequeue' && isFile) running.add(file);
      if (event.type === 'test:complete' && isFile) running.delete(file);
      if (event.type === 'test:stderr') process.stderr.write(data.message ?? '');
      if (event.type === 'test:diagnostic' && file !== '') say(`${file}: ${data.message}`);
      if (event.type === 'test:summary' && file !== '') {
        say(`${fileResult(data)}  ${file}`);
      }
      if (event.type === 'test:summary' && data.success === false) process.exitCode ||= 1;
      if (event.type === 'test:fail') yield event;
      if (event.type === 'test:diagnostic' && file === '') yield event;
    }
  } finally {
    clearInterval(progress);
  }
}

/** What is read of the events of node:test. */
interface EventData {
  readonly name?: string;
  readonly file?: string;
  readonly message?: string;
  readonly success?: boolean;
  readonly duration_ms?: number;
  readonly counts?: { readonly passed: number; readonly tests: number };
}

function fileResult({ counts, success, duration_ms: tookMs = 0 }: EventData): string {
  const seconds = `${(tookMs / 1000).toFixed(1)} s`.padStart(8);
  return `${success ? 'ok    ' : 'FAILED'} ${counts?.passed}/${counts?.tests} in ${seconds}`;
}

function say(line: string): void {
  process.stdout.write(`${clock()}  ${line}\n`);
}

function clock(): string {
  return `${((performance.now() - startedAtMs) / 1000).toFixed(0).padStart(5)} s`;
}
