/** A drill that meets another one, or does not learn what came of it: what it takes back, and what it tells. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeFailure } from '../../../operator/base/failure.ts';
import { CAUSE_ANNOTATION } from '../../../operator/decide/observed/pod.ts';
import type { DrillCluster } from '../../support/drill-cluster.ts';
import { runDrill } from '../../support/run-drill.ts';

const SURE = ['drill', 'apisix', '--yes'];
const CRASH = [...SURE, '--method', 'crash', '--allow-ephemeral-container'];
const STAYS = /ephemeral container stays in the spec of Pod "apisix-icha-7d9f-a" until that pod/;
const LOST: KubeFailure = { kind: 'unreachable', message: 'Cannot reach it: timeout' };
const NEVER: KubeFailure = { kind: 'forbidden', cause: 'rights', message: 'Cannot do it: no' };

describe('the announcement', () => {
  test('of another drill that was sooner stays', async () => {
    const end = await runDrill(SURE, {
      prepare: ({ instance, after }) =>
        after('page', () => instance.annotate('a', { [CAUSE_ANNOTATION]: 'Drill' })),
    });

    assert.match(end.stderr, /Pod "apisix-icha-7d9f-a" has changed meanwhile: look again\.\n$/);
    assert.deepEqual([end.exitCode, end.cluster.writes], [2, []]);
    const { annotations } = end.cluster.instance.pod('a').metadata;
    assert.deepEqual(annotations, { [CAUSE_ANNOTATION]: 'Drill' });
  });

  test('that was perhaps written is taken back', async () => {
    const end = await runDrill(SURE, { prepare: ({ failNext }) => failNext('announce', LOST) });

    assert.deepEqual([end.exitCode, end.cluster.writes], [2, ['withdraw a']]);
  });

  test('is taken back, and no pod is touched, when another one leads before the strike', async () => {
    const end = await runDrill(SURE, {
      prepare: ({ instance, after }) =>
        after('page', () => after('get Pod', () => instance.handOver('b'))),
    });

    assert.match(end.stderr, /Pod "apisix-icha-7d9f-a" does not lead any more, so it was not/);
    assert.deepEqual([end.exitCode, end.cluster.writes], [2, ['announce a Drill', 'withdraw a']]);
  });
});

describe('a crash that was not seen to its end tells what stays', () => {
  test('when it is interrupted', async () => {
    const end = await runDrill(CRASH, {
      prepare: ({ after }, interrupt) => after('crash', interrupt),
    });

    assert.match(end.stderr, STAYS);
    assert.equal(end.exitCode, 2);
    assert.equal(end.cluster.writes.at(-1), 'withdraw a');
  });

  test('when no answer came', async () => {
    const end = await runDrill(CRASH, { prepare: ({ failNext }) => failNext('crash', LOST) });

    assert.match(
      end.stderr,
      /not known whether it was done\. Perhaps an ephemeral container stays/,
    );
    assert.deepEqual([end.exitCode, end.cluster.writes], [2, ['announce a Drill', 'withdraw a']]);
  });
});

describe('while it settles', () => {
  const TWO = [...SURE, '--trials', '2', '--settle-timeout', '20s'];

  function failing(failure: KubeFailure, times: number) {
    return ({ after, failNext }: DrillCluster) =>
      after('delete a', () => {
        for (let look = 0; look < times; look += 1) failNext('get Deployment', failure);
      });
  }

  test('a look that fails to the end is not known, which is no failure', async () => {
    const end = await runDrill(TWO, { prepare: failing(LOST, 100) });

    assert.equal(end.exitCode, 2);
    assert.match(
      end.stdout,
      /Undecided: 1 of 2 trials done\. Not known after 20 s whether all is as before: deployments/,
    );
    assert.ok(end.tookMs > 20_000, `${end.tookMs} ms`);
  });

  test('looks that fail for a moment are waited for', async () => {
    const end = await runDrill(TWO, { prepare: failing(LOST, 3) });

    assert.equal(end.exitCode, 0, end.stderr);
  });

  test('a right that is missing ends it at once', async () => {
    const end = await runDrill(TWO, { prepare: failing(NEVER, 1) });

    assert.equal(end.exitCode, 2);
    assert.match(end.stdout, /Undecided: 1 of 2 trials done\. deployments .* Cannot do it: no/);
    assert.ok(end.tookMs < 10_000, `${end.tookMs} ms`);
  });
});
