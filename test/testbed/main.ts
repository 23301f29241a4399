// The command line of the testbed: scripts/cluster up, down, env.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { remove } from './lifecycle.ts';
import { checkedName, findRecord, firstChild, isAlive, testbedsFolder } from './record.ts';
import { withLock } from './run.ts';
import { openTestbed, prepareTestbed, startTestbed, type Testbed } from './testbed.ts';

const startedAtMs = performance.now();

/** One line with the seconds since the start, on standard error: standard output is for `env`. */
function log(line: string): void {
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1).padStart(6);
  process.stderr.write(`${seconds} s  ${line}\n`);
}

async function up(options: { readonly name: string }): Promise<void> {
  const { name } = options;
  await prepareTestbed(log);
  await mkdir(testbedsFolder(), { recursive: true });
  // Whoever comes second waits, and then finds it up.
  await withLock(join(testbedsFolder(), `.up-${name}.lock`), log, async () => {
    if (await openTestbed(name)) return log(`testbed "${name}" is up already`);
    const testbed = await startTestbed({ name, log, lifetime: 'machine' });
    log(
      `testbed "${name}" is up at ${testbed.server}; to use it: eval "$(scripts/cluster env --name ${name})"`,
    );
  });
}

async function down(options: { readonly name: string }): Promise<void> {
  const record = findRecord(options.name);
  if (!record) return log(`testbed "${options.name}" is down already`);
  await remove(record);
  log(`testbed "${options.name}" is down`);
}

async function env(options: { readonly name: string }): Promise<void> {
  const testbed = await openTestbed(options.name);
  if (!testbed) {
    throw new Error(
      `Testbed "${options.name}" is not up: run scripts/cluster up --name ${options.name}`,
    );
  }
  const lines = Object.entries(environment(testbed)).map(
    ([name, value]) => `export ${name}='${value}'\n`,
  );
  process.stdout.write(lines.join(''));
}

function environment(testbed: Testbed): Readonly<Record<string, string>> {
  const record = findRecord(testbed.name);
  const pid = record && isAlive(record) && record.root ? firstChild(record.root.pid) : undefined;
  return {
    KUBECONFIG: testbed.kubeconfig,
    PATH: [...new Set([testbed.binDir, ...(process.env.PATH ?? '').split(':')])].join(':'),
    TESTBED_NAME: testbed.name,
    TESTBED_FOLDER: testbed.folder,
    TESTBED_SERVER: testbed.server,
    TESTBED_CA_FILE: testbed.caFile,
    TESTBED_HOST_ADDRESS: testbed.hostAddress,
    TESTBED_AUDIT_LOG: testbed.auditLog,
    TESTBED_BIN: testbed.binDir,
    TESTBED_INSIDE: `nsenter --target ${pid} --pid --mount --net --`,
  };
}

const program = new Command('scripts/cluster').description(
  'A real one-node Kubernetes on this machine, in namespaces of its own, for development and tests.\n' +
    'Needs Linux, root and Go; the first time it builds Kubernetes from source, 7 to 10 minutes.',
);
const withName = (name: string, description: string) =>
  program
    .command(name)
    .description(description)
    .option('--name <name>', 'which testbed; several can be up at once', checkedName, 'dev');
withName('up', 'start it in the background and wait until it takes pods').action(up);
withName('down', 'end it and leave nothing of it').action(down);
withName('env', 'print KUBECONFIG, PATH and TESTBED_… as shell exports').action(env);
program
  .command('prepare')
  .description('install and build everything that `up` needs, and start nothing')
  .action(async () => {
    await prepareTestbed(log);
    log('everything is prepared');
  });

try {
  await program.parseAsync();
} catch (error) {
  for (let each: unknown = error; each instanceof Error; each = each.cause) log(each.message);
  process.exitCode = 1;
}
