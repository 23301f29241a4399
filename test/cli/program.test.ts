/** The command tree as a whole: what every command promises, and under which name it speaks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import { startedAs } from '../../operator/cli/io.ts';
import { createProgram } from '../../operator/cli/program.ts';
import { runCommand } from '../support/run-command.ts';
import { terminal } from './golden.ts';

const silent = {
  stdout: { write: () => true },
  stderr: { write: () => true },
  readText: () => Promise.reject(new Error('not read')),
  interrupted: new AbortController().signal,
  finish: () => {},
};
const commands = leaves(createProgram(silent));
/** kubectl's flags, which every command about a cluster takes. */
const CONNECTION = ['--kubeconfig', '--context', '--as', '--request-timeout'];

for (const words of commands.map(wordsOf)) {
  test(`${words.join(' ')} --help tells how it can end`, async () => {
    const end = await runCommand([...words, '--help']);

    assert.match(end.stdout, /\nExit codes: 0 /);
    assert.deepEqual([end.exitCode, end.stderr], [0, '']);
  });
}

for (const command of commands.filter((one) => flagsOf(one).includes('--request-timeout'))) {
  test(`${wordsOf(command).join(' ')} takes kubectl's flags`, () => {
    for (const flag of CONNECTION) assert.ok(flagsOf(command).includes(flag), flag);
  });
}

test('help fits a terminal of 80 columns', async () => {
  const { stdout } = await runCommand(['--help'], undefined, { terminal: terminal(80) });

  assert.deepEqual(
    stdout.split('\n').filter((line) => line.length > 80),
    [],
  );
});

for (const words of commands.map(wordsOf)) {
  test(`what ${words.join(' ')} --help ends with fits 40 columns where words allow`, async () => {
    const { stdout } = await runCommand([...words, '--help'], undefined, {
      terminal: terminal(40),
    });

    const ending = stdout.slice(stdout.indexOf('\nExit codes: ')).split('\n');
    const wide = ending.filter((line) => line.length > 40 && line.includes(' '));
    assert.deepEqual(wide, []);
  });
}

test('the usage names the program as it was started', async () => {
  const plugin = await runCommand(['status', '--help'], undefined, {
    programName: 'kubectl ingress-ha',
  });
  const itself = await runCommand(['status', '--help']);

  assert.match(plugin.stdout, /^Usage: kubectl ingress-ha status \[options\] \[name\]\n/);
  assert.match(itself.stdout, /^Usage: ingress-ha status /);
});

const started: Record<string, ReturnType<typeof startedAs>> = {
  '/usr/local/bin/ingress-ha': { programName: 'ingress-ha', args: [] },
  '/usr/local/bin/kubectl-ingress_ha': { programName: 'kubectl ingress-ha', args: [] },
  '/home/jane/.krew/bin/kubectl-ingress_ha.js': { programName: 'kubectl ingress-ha', args: [] },
  '/usr/local/bin/kubectl_complete-ingress_ha': {
    programName: 'kubectl ingress-ha',
    args: ['__complete'],
  },
  '/app/ingress-ha.js': { programName: 'ingress-ha', args: [] },
};

for (const [script, expected] of Object.entries(started)) {
  test(`${script} is ${[expected.programName, ...expected.args].join(' ')}`, () => {
    assert.deepEqual(startedAs(script), expected);
  });
}

function leaves(command: Command): readonly Command[] {
  return command.commands.flatMap((one) => [
    ...(one.commands.length === 0 || one.registeredArguments.length > 0 ? [one] : []),
    ...leaves(one),
  ]);
}

function wordsOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...wordsOf(command.parent), command.name()];
}

function flagsOf(command: Command): readonly string[] {
  return command.options.map(({ long }) => long ?? '');
}
