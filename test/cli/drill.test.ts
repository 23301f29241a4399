/** `ingress-ha drill`: what it asks for, what it does and leaves, and how it ends, whatever happens. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeFailure } from '../../operator/base/failure.ts';
import { START_MS } from '../../operator/cli/drill/decide/measure.ts';
import type { Trial } from '../../operator/cli/drill/decide/verdict.ts';
import { aBudget, aDeployment, aLedResource } from '../support/a-led-instance.ts';
import type { DrillCluster } from '../support/drill-cluster.ts';
import { REPORTED_MS, TAKEN_MS } from '../support/drilled-instance.ts';
import { runDrill } from '../support/run-drill.ts';

const DRILL = ['drill', 'apisix'];
const SURE = [...DRILL, '--yes'];
const NEVER: KubeFailure = { kind: 'forbidden', cause: 'rights', message: 'Cannot do it: no' };

describe('a drill that goes well', () => {
  test('announces, deletes, measures, and ends with 0', async () => {
    const end = await runDrill(SURE);

    assert.equal(end.exitCode, 0, end.stderr);
    assert.deepEqual(end.cluster.writes, ['announce a Drill', 'delete a']);
    const [head, row, , verdict] = end.stdout.split('\n');
    assert.match(head ?? '', /^TRIAL {2}METHOD {2}FROM {2}TO {2}LEADERLESS/);
    assert.match(row ?? '', /^1 {6}delete {2}a {5}b {3}0\.\d\d-0\.95 s .* Standby +Cleared$/);
    assert.match(verdict ?? '', /^Passed: 1 trial within 5 s; the longest 0\.\d\d-0\.95 s\.$/);
    assert.deepEqual(end.stderr.split('\n'), [
      'Trial 1 of 1: deleting Pod "apisix-icha-7d9f-a", which leads.',
      `Trial 1 of 1: Pod "apisix-icha-7d9f-b" leads after ${/0\.\d\d-0\.95 s/.exec(row ?? '')}.`,
      '',
    ]);
  });

  test('gives bounds that are as near as its looks allow', async () => {
    const [trial] = trialsOf(await runDrill([...SURE, '-o', 'json']));

    const { leaderless, works } = trial?.takeover ?? {};
    assert.ok((leaderless?.atMostMs ?? 0) <= TAKEN_MS + 51);
    const surely = TAKEN_MS - REPORTED_MS;
    const least = leaderless?.atLeastMs ?? 0;
    assert.ok(least <= surely && least >= surely - 51, `at least ${least} ms`);
    assert.equal(works?.kind, 'known');
    assert.equal(trial?.record?.cause, 'Drill');
  });

  test('crashes three times on two replicas, though each leaves a container behind', async () => {
    const crash = ['--method', 'crash', '--allow-ephemeral-container', '--trials', '3'];
    const end = await runDrill([...SURE, ...crash]);

    assert.equal(end.exitCode, 0, end.stderr);
    const crashed = end.cluster.writes.filter((write) => write.startsWith('crash'));
    assert.deepEqual(
      crashed.map((write) => /^crash (.) with \{"name":"(\S+?)"/.exec(write)?.slice(1)),
      [
        ['a', 'drill-1'],
        ['b', 'drill-1'],
        ['a', 'drill-2'],
      ],
    );
  });

  test('repeats itself with the next leader, once all is as before', async () => {
    const end = await runDrill([...SURE, '--trials', '3', '--method', 'evict']);

    assert.equal(end.exitCode, 0, end.stderr);
    const expected = ['a', 'b', 'c'].flatMap((letter) => [
      `announce ${letter} Drill`,
      `evict ${letter}`,
    ]);
    assert.deepEqual(end.cluster.writes, expected);
  });

  test('says why it does not know when the new leader works', async () => {
    const withoutRights = await runDrill([...SURE, '-o', 'json'], {
      prepare: (cluster) => cluster.failNext('page', NEVER),
    });
    const unasked = await runDrill([...SURE, '-o', 'json', '--no-metrics']);

    const [one, other] = [trialsOf(withoutRights)[0], trialsOf(unasked)[0]];
    assert.equal(other?.takeover?.leaderless.atMostMs, TAKEN_MS + 5 + START_MS);
    assert.deepEqual(one?.takeover?.works, { kind: 'unknown', why: 'Cannot do it: no' });
    assert.deepEqual(other?.takeover?.works, {
      kind: 'unknown',
      why: 'not asked for (--no-metrics)',
    });
    assert.deepEqual([withoutRights.exitCode, unasked.exitCode], [0, 0]);
  });

  test('crashes by SIGABRT as the same user, in the image that is there, and withdraws', async () => {
    const end = await runDrill([...SURE, '--method', 'crash', '--allow-ephemeral-container']);

    assert.equal(end.exitCode, 0, end.stderr);
    const [announced, crashed = '', withdrawn] = end.cluster.writes;
    assert.equal(announced, 'announce a Drill');
    assert.deepEqual(JSON.parse(crashed.replace('crash a with ', '')), {
      name: 'drill-1',
      image: 'example/adc:1',
      imagePullPolicy: 'IfNotPresent',
      command: ['node', '-e', "process.kill(1, 'SIGABRT')"],
      targetContainerName: 'manager',
      securityContext: { runAsUser: 1000 },
    });
    assert.equal(withdrawn, 'withdraw a');
    assert.match(end.stderr, /stays in the spec of Pod "apisix-icha-7d9f-a" until that pod goes/);
  });
});

describe('a drill ends with 1', () => {
  test('when the limit is below what is certain', async () => {
    const end = await runDrill([...SURE, '--max-leaderless', '1s', '--no-metrics']);

    assert.equal(end.exitCode, 1);
    assert.match(end.stdout, /Failed: Trial 1 perhaps without a leader for more than 1 s/);
  });

  test('when nobody takes over within the longest time and half a minute', async () => {
    const end = await runDrill(SURE, { prepare: (cluster) => cluster.instance.loseStandbys() });

    assert.equal(end.exitCode, 1);
    assert.match(end.stdout, /Failed: Trial 1 nobody has taken over in time\.\n$/);
    assert.ok(end.tookMs > 44_400 && end.tookMs < 47_000, `${end.tookMs} ms`);
  });

  test('when the system is not as before in time for the next trial', async () => {
    const end = await runDrill([...SURE, '--trials', '2', '--settle-timeout', '20s'], {
      prepare: (cluster) =>
        cluster.after('delete a', () => cluster.instance.change({ budget: aBudget(0) })),
    });

    assert.equal(end.exitCode, 1);
    assert.match(
      end.stdout,
      /Failed: 1 of 2 trials done\. Not as before after 20 s: Pod.*allows no/,
    );
  });
});

describe('a drill does nothing, and ends with 2', () => {
  const untouched: Record<
    string,
    { args?: readonly string[]; prepare?: (cluster: DrillCluster) => void; stderr: RegExp }
  > = {
    'where it is not safe': {
      prepare: (cluster) =>
        cluster.instance.change({ deployment: aDeployment({ readyReplicas: 1 }) }),
      stderr: /^Something is rolling: .*\n$/,
    },
    'on one replica': {
      prepare: (cluster) =>
        cluster.instance.change({
          resource: aLedResource({ replicas: 1 }),
          deployment: aDeployment({ replicas: 1, updatedReplicas: 1, readyReplicas: 1 }),
        }),
      stderr: /^It has 1 replica: nobody would lead until that one is back\.\n$/,
    },
    'outside its window': {
      args: [...SURE, '--window', '02:00-04:00', '--time-zone', 'Asia/Tokyo'],
      stderr: /^It is 12:00 in Asia\/Tokyo, outside the window 02:00-04:00\.\n$/,
    },
    'about an unknown name': {
      args: ['drill', 'apisx', '--yes'],
      stderr:
        /^IngressControllerHA "apisx" is not in namespace "prod"\. Did you mean "apisix"\?\n$/,
    },
    'without the right to look': {
      prepare: (cluster) => cluster.failNext('get IngressControllerHA', NEVER),
      stderr: /^Cannot do it: no\. In namespace "prod" a drill needs "get" on ingresscon/,
    },
    'without the right to watch': {
      prepare: (cluster) => cluster.failNext('watch Lease', NEVER),
      stderr: /^Cannot do it: no\. In namespace "prod" a drill needs/,
    },
    'when not all can be read': {
      prepare: (cluster) => cluster.failNext('get PodDisruptionBudget', NEVER),
      stderr: /^poddisruptionbudgets in "prod" could not be read: Cannot do it: no\n$/,
    },
    'without the right to announce': {
      prepare: (cluster) => cluster.failNext('announce', NEVER),
      stderr: /^Cannot do it: no\. In namespace "prod" a drill needs/,
    },
  };

  for (const [what, { args = SURE, prepare, stderr }] of Object.entries(untouched)) {
    test(what, async () => {
      const end = await runDrill(args, { ...(prepare && { prepare }) });

      assert.match(end.stderr, stderr);
      assert.deepEqual([end.exitCode, end.stdout], [2, '']);
      assert.deepEqual(end.cluster.writes, []);
    });
  }

  test('when the pod could not be evicted, and takes the announcement back', async () => {
    const end = await runDrill([...SURE, '--method', 'evict'], {
      prepare: (cluster) =>
        cluster.failNext('evict', {
          kind: 'throttled',
          message: 'Cannot evict Pod: it would violate the budget.',
          retryAfterMs: 1_000,
        }),
    });

    assert.match(end.stderr, /Cannot evict Pod: it would violate the budget\. The API server is/);
    assert.equal(end.exitCode, 2);
    assert.deepEqual(end.cluster.writes, ['announce a Drill', 'withdraw a']);
  });

  test('when no answer came to the deletion, and says that it does not know', async () => {
    const end = await runDrill(SURE, {
      prepare: (cluster) =>
        cluster.failNext('delete', { kind: 'unreachable', message: 'Cannot delete: timeout' }),
    });

    assert.match(
      end.stderr,
      /Cannot delete: timeout\. .* It is not known whether it was done\. The announcement stays: /,
    );
    assert.match(
      end.stderr,
      /take it back by kubectl annotate pod apisix-icha-7d9f-a -n prod \S+-\.\n$/,
    );
    assert.deepEqual([end.exitCode, end.cluster.writes], [2, ['announce a Drill']]);
  });

  test('when the person says no', async () => {
    const end = await runDrill(DRILL, { answer: '' });

    assert.equal(
      end.stderr,
      'Delete Pod "apisix-icha-7d9f-a", which leads prod/apisix? [y/N] Nothing was done.\n',
    );
    assert.deepEqual([end.exitCode, end.cluster.writes], [2, []]);
  });
});

test('what has changed while the person thought counts', async () => {
  const end = await runDrill(DRILL, {
    answer: 'yes',
    meanwhile: ({ instance }) => instance.change({ budget: aBudget(0) }),
  });

  assert.match(
    end.stderr,
    /\[y\/N\] PodDisruptionBudget "apisix-icha" allows no disruption now\.\n$/,
  );
  assert.deepEqual([end.exitCode, end.cluster.writes], [2, []]);
});

test('a person who says yes is asked once for all trials', async () => {
  const end = await runDrill([...DRILL, '--trials', '2'], { answer: 'y' });

  assert.match(end.stderr, /^Delete Pod .*, and the next leader, 2 times in all\? \[y\/N\] /);
  assert.equal(end.stderr.match(/\[y\/N\]/g)?.length, 1);
  assert.equal(end.exitCode, 0);
});

const misused: Record<string, { args: readonly string[]; stderr: RegExp }> = {
  'off a terminal without --yes': { args: DRILL, stderr: /this is no terminal.*give --yes/ },
  'crash without leave': {
    args: [...SURE, '--method', 'crash'],
    stderr: /--method crash needs --allow-ephemeral-container: it adds a container/,
  },
  'more crashes than the operator helps after': {
    args: [...SURE, '--method', 'crash', '--allow-ephemeral-container', '--trials', '4'],
    stderr: /--method crash takes at most --trials 3/,
  },
  'no trials': { args: [...SURE, '--trials', '0'], stderr: /a whole number from 1 to 100/ },
  'an image without a crash': {
    args: [...SURE, '--image', 'node:24'],
    stderr: /--image is for the container of --method crash/,
  },
  'a time zone without a window': {
    args: [...SURE, '--time-zone', 'UTC'],
    stderr: /--time-zone is that of --window: give --window too/,
  },
  'no such method': { args: [...SURE, '--method', 'burn'], stderr: /Allowed choices are delete/ },
  'no window': { args: [...SURE, '--window', '2-4'], stderr: /two times of the day/ },
  'no time zone': { args: [...SURE, '--time-zone', 'Mars'], stderr: /It must be a time zone/ },
};

for (const [what, { args, stderr }] of Object.entries(misused)) {
  test(`it is wrong usage: ${what}`, async () => {
    const end = await runDrill(args);

    assert.match(end.stderr, stderr);
    assert.deepEqual([end.exitCode, end.cluster.writes], [2, []]);
  });
}

describe('Ctrl-C', () => {
  const moments: Record<string, { after: string; writes: readonly string[]; stderr: RegExp }> = {
    'while it looks': {
      after: 'get Lease',
      writes: [],
      stderr: /^Interrupted: no trial was under way\.\n$/,
    },
    'while it waits for a renewal': {
      after: 'page',
      writes: [],
      stderr: /^Interrupted\. Nothing was done\.\n$/,
    },
    'once the drill is announced': {
      after: 'announce',
      writes: ['announce a Drill', 'withdraw a'],
      stderr:
        /Interrupted before Pod "apisix-icha-7d9f-a" was touched, and the announcement is taken back\.\n$/,
    },
    'once the pod is deleted': {
      after: 'delete a',
      writes: ['announce a Drill', 'delete a'],
      stderr:
        /Interrupted: Pod "apisix-icha-7d9f-a" was deleted, and the failover goes on by itself/,
    },
  };

  for (const [what, { after, writes, stderr }] of Object.entries(moments)) {
    test(`${what} ends it with 2, says what was done, and leaves nothing`, async () => {
      const end = await runDrill([...SURE, '--trials', '3'], {
        prepare: (cluster, interrupt) => cluster.after(after, interrupt),
      });

      assert.match(end.stderr, stderr);
      assert.equal(end.exitCode, 2);
      assert.deepEqual(end.cluster.writes, writes);
    });
  }

  test('between two trials tells what has been measured', async () => {
    const end = await runDrill([...SURE, '--trials', '3'], {
      prepare: (cluster, interrupt) =>
        cluster.after('delete a', () => cluster.after('get Deployment', interrupt)),
    });

    assert.equal(end.exitCode, 2);
    assert.match(end.stdout, /^TRIAL.*\n1 .*\n\nUndecided: 1 of 3 trials done\. Interrupted/);
    assert.deepEqual(end.cluster.writes, ['announce a Drill', 'delete a']);
  });
});

describe('on a schedule', () => {
  const SCHEDULED = [...SURE, '--if-healthy', '--record-event'];

  test('its verdict is an event', async () => {
    const end = await runDrill(SCHEDULED);

    assert.equal(end.exitCode, 0);
    const said =
      /^event DrillPassed: delete the leader, limit 5 s: 1 trial within 5 s; the longest/;
    assert.match(end.cluster.writes[2] ?? '', said);
  });

  test('a failure is an event too, and the exit code still 1', async () => {
    const end = await runDrill([...SCHEDULED, '--max-leaderless', '1s', '--no-metrics']);

    assert.equal(end.exitCode, 1);
    assert.match(end.cluster.writes[2] ?? '', /^event DrillFailed: /);
  });

  test('it does nothing and is content where it is not safe', async () => {
    const end = await runDrill(SCHEDULED, {
      prepare: (cluster) => cluster.instance.change({ budget: aBudget(0) }),
    });

    const line = 'Skipped: PodDisruptionBudget "apisix-icha" allows no disruption now.';
    assert.deepEqual([end.exitCode, end.stdout, end.stderr], [0, `${line}\n`, '']);
    assert.deepEqual(end.cluster.writes, [`event DrillSkipped: ${line}`]);
  });

  test('it does nothing outside its window', async () => {
    const end = await runDrill([...SCHEDULED, '--window', '04:00-05:00']);

    assert.deepEqual([end.exitCode, end.cluster.writes.length], [0, 1]);
    assert.match(end.stdout, /^Skipped: It is 03:00 in UTC, outside the window 04:00-05:00\.\n$/);
  });

  test('when the window closes between two trials, those that are done count', async () => {
    const end = await runDrill([...SCHEDULED, '--window', '02:00-03:00', '--trials', '9'], {
      at: '2026-01-01T02:59:55.000Z',
    });

    assert.equal(end.exitCode, 0, end.stderr);
    assert.match(
      end.cluster.writes.at(-1) ?? '',
      /^event DrillPassed: .* of 9 trials done\. It is 03/,
    );
  });

  test('when the window closes while it settles, no further trial begins', async () => {
    const end = await runDrill([...SCHEDULED, '--window', '02:00-03:00', '--trials', '2'], {
      at: '2026-01-01T02:59:57.500Z',
    });

    assert.equal(end.exitCode, 0, end.stderr);
    assert.deepEqual(end.cluster.writes.slice(0, -1), ['announce a Drill', 'delete a']);
    assert.match(end.cluster.writes.at(-1) ?? '', /1 of 2 trials done\. It is 03:00 in UTC/);
  });

  test('a trial that failed stays a failure when the window closes after it', async () => {
    const limits = ['--max-leaderless', '1s', '--no-metrics'];
    const end = await runDrill(
      [...SCHEDULED, ...limits, '--window', '02:00-03:00', '--trials', '9'],
      { at: '2026-01-01T02:59:57.500Z' },
    );

    assert.equal(end.exitCode, 1, end.stderr);
    assert.match(end.cluster.writes.at(-1) ?? '', /^event DrillFailed: .*more than 1 s/);
  });

  test('a report that programs read tells a drill that was skipped in its form', async () => {
    const outside = [...SCHEDULED, '--window', '04:00-05:00', '--trials', '2'];
    const json = await runDrill([...outside, '-o', 'json']);
    const junit = await runDrill([...outside, '-o', 'junit']);

    const why = 'It is 03:00 in UTC, outside the window 04:00-05:00.';
    const { verdict, trials } = JSON.parse(json.stdout);
    assert.deepEqual([verdict, trials], [{ result: 'skipped', message: why }, []]);
    assert.match(junit.stdout, /tests="2" failures="0" errors="0" skipped="2"/);
    assert.equal(junit.stdout.split(`<skipped message="${why}"/>`).length, 3);
    assert.deepEqual([json.exitCode, junit.exitCode], [0, 0]);
  });

  test('but it is not content when it could not look', async () => {
    const end = await runDrill(SCHEDULED, {
      prepare: (cluster) => cluster.failNext('get Deployment', NEVER),
    });

    assert.equal(end.exitCode, 2);
  });

  test('an event that may not be written is told, and changes nothing', async () => {
    const end = await runDrill(SCHEDULED, {
      prepare: (cluster) => cluster.failNext('event', NEVER),
    });

    assert.match(end.stderr, /The verdict could not be recorded as an event: Cannot do it: no\./);
    assert.equal(end.exitCode, 0);
  });
});

function trialsOf({ stdout }: { readonly stdout: string }): readonly Trial[] {
  return JSON.parse(stdout).trials;
}
