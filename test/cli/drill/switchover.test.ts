/** `ingress-ha switchover`: who leads next, or why nothing was done. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aControllerPod } from '../../support/a-led-instance.ts';
import { runDrill } from '../../support/run-drill.ts';

const SWITCH = ['switchover', 'apisix'];

test('it announces a switchover, deletes the leader, and tells who leads and how soon', async () => {
  const end = await runDrill([...SWITCH, '--yes']);

  assert.equal(end.exitCode, 0, end.stderr);
  assert.match(
    end.stdout,
    /^prod\/apisix: apisix-icha-7d9f-a -> apisix-icha-7d9f-b in 0\.\d\d-1\.16 s\n$/,
  );
  assert.deepEqual(end.cluster.writes, ['announce a Switchover', 'delete a']);
});

test('it asks first, and takes anything but yes for no', async () => {
  const end = await runDrill(SWITCH, { answer: 'maybe' });

  assert.match(
    end.stderr,
    /^Delete Pod "apisix-icha-7d9f-a", which leads prod\/apisix\? \[y\/N\] /,
  );
  assert.deepEqual([end.exitCode, end.stdout, end.cluster.writes], [2, '', []]);
});

test('off a terminal it needs --yes', async () => {
  const end = await runDrill(SWITCH);

  assert.match(end.stderr, /^error: this is no terminal/);
  assert.equal(end.exitCode, 2);
});

test('it does nothing without a standby that is Ready', async () => {
  const end = await runDrill([...SWITCH, '--yes'], {
    prepare: (cluster) =>
      cluster.instance.change({ pods: [aControllerPod('a'), aControllerPod('b', {}, 'False')] }),
  });

  assert.equal(end.stderr, 'No standby is Ready.\n');
  assert.deepEqual([end.exitCode, end.cluster.writes], [2, []]);
});

test('it ends with 1 when nobody takes over', async () => {
  const end = await runDrill([...SWITCH, '--yes'], {
    prepare: (cluster) => cluster.instance.loseStandbys(),
  });

  assert.match(
    end.stderr,
    /Nobody leads prod\/apisix since Pod "apisix-icha-7d9f-a" was deleted\.\n$/,
  );
  assert.equal(end.exitCode, 1);
});

test('what has changed while the person thought counts', async () => {
  const end = await runDrill(SWITCH, {
    answer: 'yes',
    meanwhile: ({ instance }) => instance.change({ pods: [aControllerPod('a')] }),
  });

  assert.match(end.stderr, /\[y\/N\] No standby is Ready\.\n$/);
  assert.deepEqual([end.exitCode, end.cluster.writes], [2, []]);
});
