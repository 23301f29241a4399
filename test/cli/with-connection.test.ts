/** The connection of a command: closed however its work ends, and its failure printed once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeError } from '../../operator/base/failure.ts';
import type { Connection } from '../../operator/cli/connection.ts';
import { type ConnectionRequest, withConnection } from '../../operator/cli/with-connection.ts';
import { createManualClock } from '../support/manual-clock.ts';

const UNREACHABLE = new KubeError({ kind: 'unreachable', message: 'Cannot reach it\nat once.' });

function aRequest(flags: Partial<ConnectionRequest['flags']> = {}, failure?: Error) {
  const printed: string[] = [];
  const world = { printed, closed: 0 };
  const connection = {
    namespace: 'of-the-context',
    server: 'https://test',
    close: () => {
      world.closed += 1;
    },
  } as Connection;
  const request: ConnectionRequest = {
    flags: { requestTimeout: 1_000, ...flags },
    io: {
      stdout: { write: () => true },
      stderr: { write: (text) => printed.push(text) },
      readText: () => Promise.reject(new Error('It reads no files')),
      interrupted: new AbortController().signal,
      finish() {},
    },
    surroundings: {
      clock: createManualClock(),
      connect: () =>
        failure === undefined ? Promise.resolve(connection) : Promise.reject(failure),
    },
  };
  return { request, world };
}

const namespaces = {
  'that of the flag': { flags: { namespace: 'prod' }, namespace: 'prod' },
  'all, whatever else is named': {
    flags: { namespace: 'prod', allNamespaces: true as const },
    namespace: '',
  },
  'that of the context where no flag names one': { flags: {}, namespace: 'of-the-context' },
};
for (const [sentence, { flags, namespace }] of Object.entries(namespaces)) {
  test(`the namespace is ${sentence}`, async () => {
    const { request, world } = aRequest(flags);
    const seen: string[] = [];

    const work = async (connected: { readonly namespace: string }) => {
      seen.push(connected.namespace);
      return 0 as const;
    };
    const exitCode = await withConnection(request, work, { exitCode: 0 });

    assert.deepEqual([exitCode, seen, world.closed], [0, [namespace], 1]);
  });
}

test('a connection that cannot be made is one line, and nothing is closed', async () => {
  const { request, world } = aRequest({}, UNREACHABLE);

  const exitCode = await withConnection<0 | 2>(request, async () => 0, { exitCode: 2 });

  assert.equal(exitCode, 2);
  assert.match(
    world.printed.join(''),
    /^Cannot reach it\. The API server is unknown: check [^\n]*\n$/,
  );
  assert.equal(world.closed, 0);
});

test('what the work throws is thrown on after the connection is closed', async () => {
  const { request, world } = aRequest();

  const ending = withConnection<0 | 1>(request, () => Promise.reject(UNREACHABLE), { exitCode: 1 });

  await assert.rejects(ending, UNREACHABLE);
  assert.deepEqual([world.closed, world.printed], [1, []]);
});

test('a sentence about a failure is made while the connection is still open', async () => {
  const { request, world } = aRequest();
  let closedBefore = -1;

  const exitCode = await withConnection<0 | 2>(request, () => Promise.reject(UNREACHABLE), {
    exitCode: 2,
    sentence: async (_, connected) => {
      closedBefore = world.closed;
      return `Nothing in "${connected?.namespace}".`;
    },
  });

  assert.deepEqual([exitCode, world.printed], [2, ['Nothing in "of-the-context".\n']]);
  assert.deepEqual([closedBefore, world.closed], [0, 1]);
});
