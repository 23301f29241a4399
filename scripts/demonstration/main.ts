/**
 * `scripts/demo`: one custom resource becomes a running controller, before your eyes. Brings up a
 * Kubernetes of its own (or asks to use one of yours), and takes back everything it made.
 */
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { openTestbed, startTestbed } from '../../test/testbed/testbed.ts';
import { type DemoCluster, ownCluster, testbedCluster } from './cluster.ts';
import { startOperator } from './operator.ts';
import { presentation } from './presentation.ts';
import { tellStory } from './story.ts';

interface Options {
  readonly keep?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly yes?: boolean;
}

/** Kept clusters have a name one can remember; others one of their own, so that runs do not collide. */
const KEPT_TESTBED = 'demo';

const program = new Command('scripts/demo')
  .description('Shows one IngressControllerHA from its creation to its end, on a real Kubernetes.')
  .option('--keep', 'leave cluster, operator and resource running at the end')
  .option('--kubeconfig <file>', 'use a cluster of your own')
  .option('--context <name>', 'use this context of your kubeconfig')
  .option('--yes', 'do not ask before writing to a cluster of your own');
const options = program.parse().opts<Options>();
const show = presentation(process.stdout);

process.exitCode = await demo().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});

async function demo(): Promise<number> {
  const cluster = await chooseCluster();
  if (cluster === undefined) return 1;
  const interrupted = new Promise<never>((_, reject) => {
    process.once('SIGINT', () => reject(new Error('Interrupted: taking everything back.')));
  });
  try {
    await Promise.race([perform(cluster), interrupted]);
    return 0;
  } finally {
    if (!options.keep) await cluster.cleanUp();
  }
}

async function perform(cluster: DemoCluster): Promise<void> {
  await cluster.install();
  const operator = await startOperator(cluster, { detached: options.keep === true });
  show.note(`The operator runs as ServiceAccount ${operator.account}, log: ${operator.logFile}`);
  try {
    await tellStory(cluster, show, { keep: options.keep === true });
    if (!options.keep) return;
    show.note(cluster.howToContinue);
    show.note(`The operator goes on as process ${operator.pid}; end it with: kill ${operator.pid}`);
  } finally {
    if (!options.keep) await operator.stop();
  }
}

/** Undefined when the user does not want this cluster to be written to. */
async function chooseCluster(): Promise<DemoCluster | undefined> {
  const { kubeconfig, context, yes } = options;
  if (kubeconfig !== undefined || context !== undefined) {
    const cluster = await ownCluster({
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(context !== undefined && { context }),
    });
    return yes || (await confirmed(cluster)) ? cluster : undefined;
  }
  show.title('A Kubernetes of our own');
  if (!options.keep) {
    return testbedCluster(await startTestbed({ name: `demo-${process.pid}`, log: show.progress }));
  }
  await (await openTestbed(KEPT_TESTBED))?.stop();
  return testbedCluster(
    await startTestbed({ name: KEPT_TESTBED, log: show.progress, lifetime: 'machine' }),
  );
}

async function confirmed(cluster: DemoCluster): Promise<boolean> {
  const question = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await question.question(
    `This writes to ${cluster.description}: a CRD, cluster roles, and the namespaces ${cluster.namespaces.join(' and ')}, all removed at the end. Go on? [y/N] `,
  );
  question.close();
  return /^y(es)?$/i.test(answer.trim());
}
