/**
 * `cli`: how soon the command line answers where no cluster is asked. Each command is started as a shell
 * would start it, in turn with a Node that does nothing, since most of the time is that of Node itself.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure, OfflineBench, OfflineContext } from './bench.ts';
import { median, percentile } from './statistics.ts';
import { type Run, runNode } from './support/spawned.ts';

const BARE = 'node -e 0';
const SAMPLES = 'docs/samples';
/** What a person still feels as at once, in ms. */
const START_GOAL_MS = 250;
const FILES = 1_000;
const FILES_GOAL_MS = 2_000;

/** Commands and the exit code that each must have: the samples are alternatives, so they share a name. */
const COMMANDS: readonly { readonly args: readonly string[]; readonly exitCode: number }[] = [
  { args: ['--help'], exitCode: 0 },
  { args: ['render', '-f', `${SAMPLES}/default.yaml`], exitCode: 0 },
  { args: ['validate', '-f', SAMPLES], exitCode: 1 },
];

export const cli: OfflineBench = {
  name: 'cli',
  summary: `start of --help, render and validate; validate of ${FILES} files. Needs no cluster`,
  async *measure(context) {
    yield* starts(context);
    yield* manyFiles(context);
  },
};

async function* starts({
  entry,
  trials,
  progress,
}: OfflineContext): AsyncGenerator<Figure, void, undefined> {
  const walls = new Map<string, number[]>();
  const count = Math.ceil((trials * 2) / 3);
  for (let trial = 1; trial <= count; trial += 1) {
    progress(`start ${trial} of ${count}`);
    note(walls, BARE, ended(await runNode(['-e', '0']), 0));
    for (const { args, exitCode } of COMMANDS) {
      note(walls, args.join(' '), ended(await runNode([entry, ...args]), exitCode));
    }
  }
  for (const [command, samples] of walls) {
    const goal = command === BARE ? {} : { atMost: START_GOAL_MS };
    const figure = { case: command, unit: 'ms', ...goal } as const;
    yield { ...figure, metric: 'start to end p50', value: median(samples) };
    yield { ...figure, metric: 'start to end max', value: percentile(samples, 100) };
  }
}

async function* manyFiles({
  entry,
  trials,
  progress,
}: OfflineContext): AsyncGenerator<Figure, void, undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'ingress-ha-validate-'));
  try {
    await writeResources(folder);
    const args = [entry, 'validate', '-f', folder];
    const walls: number[] = [];
    const count = Math.ceil(trials / 6);
    for (let trial = 1; trial <= count; trial += 1) {
      progress(`${FILES} files, ${trial} of ${count}`);
      walls.push(ended(await runNode(args), 0).wallMs);
    }
    const figure = { case: `validate of ${FILES} files`, unit: 'ms' } as const;
    yield { ...figure, metric: 'all p50', value: median(walls), atMost: FILES_GOAL_MS };
    yield { ...figure, metric: 'all max', value: percentile(walls, 100), atMost: FILES_GOAL_MS };
    yield { ...figure, metric: 'one file p50', value: median(walls) / FILES };
    yield { ...figure, metric: 'RSS max', unit: 'MiB', value: await mostResidentMiB(args) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In a run of its own, since it is the process itself that says it. */
async function mostResidentMiB(args: readonly string[]): Promise<number> {
  const tell = "process.once('exit',()=>console.error(process.resourceUsage().maxRSS))";
  const run = await runNode(['--import', `data:text/javascript,${tell}`, ...args]);
  return Number(ended(run, 0).stderr.trimEnd().split('\n').at(-1)) / 1024;
}

async function writeResources(folder: string): Promise<void> {
  for (let index = 0; index < FILES; index += 1) {
    await writeFile(join(folder, `edge-${index}.yaml`), resource(index));
  }
}

/** As a team writes them: most settings are left alone, some are not, and a comment says why. */
function resource(index: number): string {
  return `# Gateway ${index}.
apiVersion: ingressha.dev/v1alpha1
kind: IngressControllerHA
metadata:
  name: edge
  namespace: team-${index}
  labels:
    app.kubernetes.io/part-of: gateway
spec:
  replicas: ${2 + (index % 3)}
  leaderElection:
    leaseDuration: 15s # faster than the vendor's
    renewDeadline: 10s
    retryPeriod: 2s
  placement:
    nodeFailureTolerationSeconds: 15
    topologySpreadConstraints:
      - topologyKey: topology.kubernetes.io/zone
        whenUnsatisfiable: ScheduleAnyway
        maxSkew: 1
  controller:
    version: 2.2.0
    manager:
      resources:
        requests: {cpu: 100m, memory: 128Mi}
        limits: {memory: 512Mi}
    config:
      execADCTimeout: 10s
      provider:
        syncPeriod: 30s
`;
}

function ended(run: Run, exitCode: number): Run {
  if (run.exitCode === exitCode) return run;
  throw new Error(`A command ended with ${run.exitCode}, not ${exitCode}: ${run.stderr}`);
}

function note(walls: Map<string, number[]>, command: string, { wallMs }: Run): void {
  walls.set(command, [...(walls.get(command) ?? []), wallMs]);
}
