/** Why a Lease would be freed, or not: each rule kept and broken, and the conclusion that follows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExplainView } from '../../../operator/cli/explain/decide/explain-view.ts';
import { explainFailover } from '../../../operator/cli/explain/decide/explanation.ts';
import { REFUSALS } from '../../../operator/decide/failover/refusals.ts';
import { anExplainView, assist, withLease, withPod } from '../../support/an-explain-view.ts';
import { BROKEN_RULES, EPOCH_S, FREED, LATER_RUN, unsafe } from './explanation-cases.ts';

test('with all rules kept the Lease would be freed', () => {
  const { conclusion, rules } = explainFailover(anExplainView());

  assert.equal(
    conclusion.text,
    'If x-1 died now, its Lease would be freed: nobody would lead for 6.9 s at most, instead of 32.4 s (38.8 s at worst).',
  );
  assert.equal(conclusion.kind, 'freed');
  assert.deepEqual(
    rules.filter(({ holds }) => holds !== 'yes'),
    [],
  );
});

for (const [what, { view, rule, holds = 'no', found }] of Object.entries(BROKEN_RULES)) {
  test(`${what} is told by its rule, and decides`, () => {
    const { conclusion, rules } = explainFailover(view);

    const told = rules.find(({ id }) => id === rule);
    assert.equal(told?.holds, holds, JSON.stringify(told));
    assert.match(told.found, found);
    assert.equal(conclusion.kind, holds === 'no' ? 'left-to-expire' : 'unclear');
    if (holds === 'no')
      assert.match(conclusion.text, /^If .* died now, its Lease would NOT be freed: /);
    else
      assert.match(conclusion.text, /^Whether the Lease would be freed if .* could not be told: /);
  });
}

test('only what the operator alone knows is marked so', () => {
  const { rules } = explainFailover(anExplainView());

  assert.deepEqual(
    rules.filter(({ source }) => source === 'operator').map(({ id }) => id),
    ['watched', 'calm', 'rights'],
  );
});

test('crashes of the last ten minutes are counted by the history', () => {
  const old = { ...FREED, fromIdentity: 'a', time: '2027-01-15T07:59:00Z' };
  const recent = { ...FREED, fromIdentity: 'b' };
  const deleted = { ...recent, fromIdentity: 'c', cause: 'PodDeleted' } as const;

  const { rules } = explainFailover(
    anExplainView({ status: { failovers: [deleted, recent, old] } }),
  );

  assert.match(rules.find(({ id }) => id === 'calm')?.found ?? '', /1 of at most 3 crashes/);
});

test('a container that took the Lease as it started is believed if the operator saw it renew', () => {
  const current = { ...LATER_RUN, startedAtS: EPOCH_S };
  const previous = {
    kind: 'ended',
    containerId: 'x-1-c0',
    exit: { code: 1, reason: 'Error', finishedAtS: EPOCH_S },
  } as const;

  const { conclusion, rules } = explainFailover(anExplainView(withPod({ current, previous })));

  assert.match(
    rules.find(({ id }) => id === 'container')?.found ?? '',
    /started in the second in which the Lease was taken, and the operator has seen it renew$/,
  );
  assert.equal(conclusion.kind, 'freed');
});

test('an end that could not be told from the end of a lost run is refused, although no rule says so', () => {
  const previous = {
    kind: 'ended',
    containerId: 'x-1-c0',
    exit: { code: 255, reason: 'Unknown' },
  } as const;

  const { conclusion } = explainFailover(anExplainView(withPod({ previous })));

  assert.match(conclusion.text, /NOT be freed: no kubelet has reported the end of the holder/);
});

const nobody: Record<string, { view: ExplainView; text: RegExp; next: RegExp }> = {
  'without election': {
    view: anExplainView({ ha: { election: { mode: 'Disabled' } } }),
    text: /^Nobody is elected, so there is no Lease to free/,
    next: /^$/,
  },
  'while nobody holds the Lease': {
    view: anExplainView(withLease({ holder: '' })),
    text: /^Nobody leads now: Lease "apisix-ingress-controller-leader" is free\.$/,
    next: /^x-1 \(n1\), x-2 \(n1\): Ready, ask for the Lease every 2 s to 4\.4 s\.$/,
  },
  'while the operator says why': {
    view: anExplainView({
      ...withLease({ holder: '' }),
      status: {
        conditions: [
          {
            ...assist('False', 'NoCandidate', 'No pod runs that could lead.'),
            type: 'LeaderElected',
          },
        ],
      },
    }),
    text: /^Nobody leads now: no pod runs that could lead\.$/,
    next: /Ready/,
  },
  'with no replicas': {
    view: anExplainView({
      ha: { replicas: 0 },
      facts: { ...withLease({ holder: '' }).facts, pods: [] },
    }),
    text: /^Nobody leads now: `spec\.replicas` is 0\.$/,
    next: /^Nobody will lead until `spec\.replicas` is at least 1\.$/,
  },
  'with pods that are not Ready': {
    view: anExplainView({
      facts: {
        ...withLease({ holder: '' }).facts,
        pods: anExplainView().facts.pods.map((pod) => ({ ...pod, ready: false })),
      },
    }),
    text: /is free/,
    next: /^No replica is Ready: the first one whose caches are filled takes the Lease\.$/,
  },
};

for (const [what, { view, text, next }] of Object.entries(nobody)) {
  test(`${what} there is nothing to free, and it is told what comes next`, () => {
    const explained = explainFailover(view);

    assert.equal(explained.conclusion.kind, 'nobody-leads');
    assert.match(explained.conclusion.text, text);
    assert.match(explained.next.join('\n'), next);
  });
}

test('a leader that has ended already is a failover under way', () => {
  const exit = { code: 137, reason: 'OOMKilled', finishedAtS: EPOCH_S + 9 };
  const current = { kind: 'ended', containerId: 'x-1-c1', exit } as const;

  const { conclusion } = explainFailover(anExplainView(withPod({ current })));

  assert.equal(conclusion.kind, 'unclear');
  assert.match(
    conclusion.text,
    /under way: .* in x-1 has ended already \(OOMKilled, exit code 137\)/,
  );
});

test('a Lease that may not be read leaves it open who leads', () => {
  const { lease: _, ...facts } = anExplainView().facts;

  const { conclusion } = explainFailover({
    ...anExplainView(),
    facts,
    unread: { lease: 'no right' },
  });

  assert.deepEqual(conclusion, { kind: 'unclear', text: 'Who leads could not be read: no right.' });
});

test('a Lease that does not exist is told so', () => {
  const { lease: _, ...facts } = anExplainView().facts;

  const { conclusion, rules } = explainFailover({ ...anExplainView(), facts });

  assert.match(conclusion.text, /^Nobody leads now: there is no Lease "apisix-/);
  assert.equal(rules.find(({ id }) => id === 'lease')?.holds, 'no');
});

test('a clearDelay counts, and a single replica is told what comes on top', () => {
  const { times, next } = explainFailover(
    anExplainView({
      ha: { replicas: 1, failover: { clearDelayMs: 3_000 } },
      facts: { pods: anExplainView().facts.pods.slice(0, 1) },
    }),
  );

  assert.equal(times?.assistedMs, 9_900);
  assert.match(next[0] ?? '', /^No other replica is Ready: .* its start takes comes on top\.$/);
  assert.match(next[1] ?? '', /rest for 2\.5 s without a renewal, and 3 s after the report/);
});

test('where only crashes are left to expire, it says that a deletion is helped', () => {
  const helped = 'If its pod is deleted or evicted instead, the Lease is freed all the same.';
  const suspended = anExplainView({
    status: { conditions: [assist('False', 'Suspended', REFUSALS.suspended)] },
  });

  assert.ok(explainFailover(unsafe()).next.includes(helped));
  assert.ok(explainFailover(suspended).next.includes(helped));
  assert.ok(!explainFailover(anExplainView()).next.includes(helped));
});
