/**
 * No option is taken and then ignored: each one of a command that needs no cluster changes what comes of
 * it, and each one of `run` changes the configuration. An option without a row here fails as well.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Command, Option } from 'commander';
import { DEFAULT_LEASE_NAME } from '../../operator/api/lease-name.ts';
import { parseConfig } from '../../operator/app/config.ts';
import { FLAGS, type FlagName, optionKey } from '../../operator/app/flags.ts';
import type { FlagValues } from '../../operator/app/input.ts';
import { createProgram, runProgram } from '../../operator/cli/program.ts';

const RESOURCE = `
apiVersion: ingressha.dev/v1alpha1
kind: IngressControllerHA
metadata: {name: edge}
`;
const PINNED = `sha256:${'a'.repeat(64)}`;

interface Row {
  /** The option and its value. */
  readonly args: readonly string[];
  /** Standard input. */
  readonly text?: string;
  /** What it is given with, and compared to. Default: that of the command. */
  readonly base?: readonly string[];
  /** Taken so that one list of flags serves several commands; the help says that it does nothing here. */
  readonly idle?: true;
}

const FOLDER = await mkdtemp(join(tmpdir(), 'ingress-ha-options-'));
await mkdir(join(FOLDER, 'deeper'));
await writeFile(join(FOLDER, 'a.yaml'), RESOURCE);
await writeFile(join(FOLDER, 'deeper', 'b.yaml'), `${RESOURCE}spec: {replicas: -1}`);
after(() => rm(FOLDER, { recursive: true }));

const POLICY: Readonly<Record<string, Row>> = {
  '--allowed-image-repository': {
    args: ['--allowed-image-repository', 'other.example/controller'],
    text: `${RESOURCE}spec: {controller: {manager: {image: {repository: other.example/controller, digest: "${PINNED}"}}}}`,
  },
  '--require-image-digest': { args: ['--require-image-digest'] },
  '--allow-pod-template-patch': {
    args: ['--allow-pod-template-patch'],
    text: `${RESOURCE}spec: {podTemplatePatch: {spec: {schedulerName: mine}}}`,
  },
  '--allow-env-and-volumes': {
    args: ['--allow-env-and-volumes'],
    text: `${RESOURCE}spec: {controller: {manager: {env: [{name: A, value: b}]}}}`,
  },
  '--allowed-pod-metadata': {
    args: ['--allowed-pod-metadata', 'team'],
    text: `${RESOURCE}spec: {inheritedMetadata: {labels: {team: edge}}}`,
  },
  '--allow-shared-lease': {
    args: ['--allow-shared-lease'],
    text: `${RESOURCE}spec: {leaderElection: {existingLease: Share}}`,
  },
  '--own-lease': {
    args: ['--own-lease', `prod/${DEFAULT_LEASE_NAME}`],
    text: RESOURCE.replace('edge', 'edge, namespace: prod'),
  },
};

interface Case {
  readonly base: readonly string[];
  readonly rows: Readonly<Record<string, Row>>;
}

const COMMANDS: Readonly<Record<string, Case>> = {
  render: {
    base: ['-f', '-'],
    rows: {
      '--filename': { args: ['-f', '-'], base: [] },
      '--namespace': { args: ['-n', 'prod'] },
      '--operand-service-account': { args: ['--operand-service-account', 'mine'] },
      '--image-registry': { args: ['--image-registry', 'mirror.example'] },
      ...POLICY,
    },
  },
  'render operator': {
    base: ['--namespaces', 'prod'],
    rows: {
      '--namespaces': { args: ['--namespaces', 'a,b'] },
      '--operator-namespace': { args: ['--operator-namespace', 'mine'] },
      '--operator-service-account': { args: ['--operator-service-account', 'mine'] },
      '--lease-name': { args: ['--lease-name', 'mine'] },
      '--operand-service-account': { args: ['--operand-service-account', 'mine'] },
    },
  },
  validate: {
    base: ['-f', '-'],
    rows: {
      '--filename': { args: ['-f', '-'], base: [] },
      '--recursive': { args: ['-R'], base: ['-f', FOLDER] },
      '--namespace': {
        args: ['-n', 'prod'],
        text: `${RESOURCE}---\n${RESOURCE.replace('edge', 'edge, namespace: prod')}`,
      },
      '--output': { args: ['-o', 'json'] },
      '--strict': {
        args: ['--strict'],
        text: `${RESOURCE}spec: {controller: {configOverrides: {typo: 1}}}`,
      },
      '--operand-service-account': { args: ['--operand-service-account', 'mine'], idle: true },
      '--image-registry': { args: ['--image-registry', 'mirror.example'], idle: true },
      ...POLICY,
    },
  },
};

for (const [name, { base, rows }] of Object.entries(COMMANDS)) {
  describe(`${name} obeys`, () => {
    const words = name.split(' ');

    test('no option without a row in this table', () => {
      const options = commandOf(words).options.map(({ long }) => long ?? '');

      assert.deepEqual(options.toSorted(), Object.keys(rows).toSorted());
    });

    for (const [option, row] of Object.entries(rows)) {
      test(row.idle ? `${option} as its help says: not at all` : option, async () => {
        const given = [...words, ...(row.base ?? base)];

        const without = await run(given, row.text ?? RESOURCE);
        const withIt = await run([...given, ...row.args], row.text ?? RESOURCE);

        if (!row.idle) return assert.notDeepEqual(withIt, without);
        const { description } = optionOf(commandOf(words), option);
        assert.match(description, /it changes no finding$/);
        assert.deepEqual(withIt, without);
      });
    }
  });
}

test('render operator gives the rights on the very Lease that it is told', async () => {
  const { stdout } = await run(['render', 'operator', '--namespaces', 'a', '--lease-name', 'mine']);

  assert.match(stdout, /resourceNames:\n\s+- mine\n/);
  assert.doesNotMatch(stdout, /resourceNames:\n\s+- ingress-controller-ha\n/);
});

const wrong: Record<string, { args: readonly string[]; says: RegExp }> = {
  'a flag of render behind it': {
    args: ['operator', '--namespaces', 'a', '--image-registry', 'mirror'],
    says: /--image-registry is for rendering a resource and changes no right/,
  },
  'a flag of render before it': {
    args: ['--image-registry', 'mirror', 'operator', '--namespaces', 'a'],
    says: /--image-registry is for rendering a resource and changes no right/,
  },
  'a Lease that cannot have that name': {
    args: ['operator', '--namespaces', 'a', '--lease-name', 'My Lease'],
    says: /--lease-name <name>' argument 'My Lease' is invalid. It must be a name of a Lease/,
  },
  'an empty name of an account': {
    args: ['operator', '--namespaces', 'a', '--operator-service-account', ''],
    says: /It must be a name\./,
  },
};
for (const [what, { args, says }] of Object.entries(wrong)) {
  test(`render operator refuses ${what}`, async () => {
    const { exitCode, stdout, stderr } = await run(['render', ...args]);

    assert.match(stderr, says);
    assert.deepEqual([exitCode, stdout], [2, '']);
  });
}

/** For each flag of `run` a value that is not its default. */
const SET: Readonly<Record<FlagName, FlagValues[string]>> = {
  namespaces: 'other',
  'operator-namespace': 'mine',
  kubeconfig: '/elsewhere',
  context: 'mine',
  'operand-service-account': 'mine',
  'image-registry': 'mirror.example',
  'allowed-image-repository': 'other.example/controller',
  'require-image-digest': true,
  'allow-pod-template-patch': true,
  'allow-env-and-volumes': true,
  'allow-shared-lease': true,
  'allowed-pod-metadata': 'team.example/*',
  workers: '5',
  'max-concurrent-rollouts': '2',
  'metrics-address': ':1',
  'probe-address': ':2',
  'leader-elect': false,
  'lease-name': 'mine',
  'lease-duration': '16s',
  'renew-deadline': '11s',
  'retry-period': '3s',
  'log-level': 'debug',
};
describe('run obeys', () => {
  const config = (values: FlagValues) =>
    parseConfig({ namespaces: 'served', ...values }, {}, { home: '/home/us' });

  for (const { name } of FLAGS) {
    test(`--${name}`, () => {
      const changed = config({ [optionKey(name)]: SET[name] });

      assert.equal(changed.kind, 'valid');
      assert.notDeepEqual(changed, config({}));
    });
  }
});

function commandOf(words: readonly string[]): Command {
  const program = createProgram({ ...io(''), finish() {} });
  return words.reduce((command: Command, word) => {
    const child = command.commands.find((one) => one.name() === word);
    if (child === undefined) throw new Error(`There is no command ${words.join(' ')}`);
    return child;
  }, program);
}

function optionOf({ options }: Command, long: string): Option {
  const option = options.find((one) => one.long === long);
  if (option === undefined) throw new Error(`There is no option ${long}`);
  return option;
}

async function run(args: readonly string[], text = '') {
  const printed = { stdout: '', stderr: '' };
  const exitCode = await runProgram(args, {
    ...io(text),
    stdout: { write: (written) => (printed.stdout += written) },
    stderr: { write: (written) => (printed.stderr += written) },
  });
  return { ...printed, exitCode };
}

function io(text: string) {
  return {
    stdout: { write: () => true },
    stderr: { write: () => true },
    readText: async () => text,
    interrupted: new AbortController().signal,
  };
}
