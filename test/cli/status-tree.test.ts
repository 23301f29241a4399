/**
 * What `status NAME` shows, as golden text for terminals of 40, 80 and 120 columns. `UPDATE_GOLDEN=1`
 * writes test/cli/golden/ anew; then read the difference.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { KubeFailure } from '../../operator/base/failure.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { runCommand } from '../support/run-command.ts';
import { createShownCluster } from '../support/shown-cluster.ts';
import { assertGolden, terminal, WIDTHS } from './golden.ts';
import { ago, scene } from './scenes.ts';

interface Case {
  readonly objects: readonly KubeObject[];
  readonly args?: readonly string[];
  readonly unreadable?: readonly string[];
  readonly exitCode?: number;
}

const NOT_LISTED: KubeFailure = {
  kind: 'forbidden',
  cause: 'rights',
  message: 'Cannot read it: User "jane" is not allowed',
};
const LOST = { leader: 0, pods: { 0: { deleting: true } } } as const;

const cases: Record<string, Case> = {
  healthy: { objects: scene({ leader: 0, failovers: 5 }) },
  'healthy-in-full': { objects: scene({ leader: 0, failovers: 5 }), args: ['-v'] },
  'failing-over': { objects: scene({ ...LOST, lease: { renewTime: ago(2_400) } }) },
  'no-leader': {
    objects: scene({
      told: [
        'Ready=False NoLeader: Nobody has held the Lease for 45s',
        'LeaderElected=False LeaseUnheld: Nobody holds the Lease',
        'HighlyAvailable=True Redundant: A standby on another node is ready',
        'FailoverAssistReady=False HolderUnbound: Nobody holds the Lease',
      ],
    }),
    exitCode: 1,
  },
  'lease-expired': {
    objects: scene({ leader: 1, lease: { renewTime: ago(75_000) } }),
  },
  'single-replica': {
    objects: scene({
      replicas: 1,
      leader: 0,
      pods: { 0: { restarts: 4 } },
      told: [
        'Ready=True AsSpecified: 1 replica is ready and leads',
        'HighlyAvailable=False SingleReplica: There is only one replica: a failure costs the start of a pod as well',
      ],
    }),
  },
  stalled: {
    objects: scene({
      leader: 0,
      told: [
        'Ready=False ImageRefused: Image "nowhere.example/a:1" is not of an allowed repository',
        'Stalled=True ImageRefused: Image "nowhere.example/a:1" is not of an allowed repository',
      ],
    }),
    exitCode: 1,
  },
  paused: {
    objects: scene({
      leader: 0,
      spec: { paused: true },
      told: ['Ready=True Paused: Nothing is written while spec.paused is true'],
    }),
  },
  zero: {
    objects: scene({
      replicas: 0,
      told: [
        'Ready=True ScaledToZero: There are no replicas, as specified',
        'LeaderElected=False NoCandidate: No replica runs',
        'HighlyAvailable=False SingleReplica: There is no replica',
        'ElectionSettingsEffective=Unknown NoLeader: Nobody leads',
        'FailoverAssistReady=False HolderUnbound: Nobody holds the Lease',
      ],
    }),
  },
  'many-replicas': {
    objects: scene({
      replicas: 12,
      leader: 7,
      pods: { 2: { ready: false, ageMs: 4_000 }, 9: { deleting: true } },
      told: ['Ready=False RollingOut: 11 of 12 replicas are ready'],
    }),
    exitCode: 1,
  },
  'without-election': {
    objects: scene({
      replicas: 1,
      spec: { replicas: 1, leaderElection: { mode: 'Disabled' } },
      told: ['LeaderElected=False ElectionDisabled: The one replica always leads'],
    }),
  },
  gaps: {
    objects: scene({ leader: 0 }),
    unreadable: ['get deployments', 'get leases', 'get poddisruptionbudgets', 'list pods'],
  },
  'nothing-there': { objects: scene({}).slice(0, 1) },
  unseen: {
    objects: scene({
      status: { observedGeneration: -1, conditions: [], election: undefined },
    }).slice(0, 1),
    exitCode: 1,
  },
};

for (const [name, { objects, args = [], unreadable = [], exitCode = 0 }] of Object.entries(cases)) {
  test(`shows ${name} as test/cli/golden/${name}.txt has it`, async () => {
    const shown = await Promise.all(
      WIDTHS.map(async (columns) => {
        const cluster = createShownCluster(...objects);
        for (const call of unreadable) cluster.fail(call, NOT_LISTED);
        const end = await runCommand(['status', 'edge', ...args], cluster.client, {
          terminal: terminal(columns),
        });
        assert.deepEqual([end.exitCode, end.stderr], [exitCode, '']);
        return { columns, text: end.stdout };
      }),
    );

    const all = shown.map(({ columns, text }) => `${`[${columns} columns]`}\n${text}`).join('\n');
    assertGolden(name, all);
    for (const { columns, text } of shown) {
      const tooWide = text
        .split('\n')
        .filter((line) => line.length > columns && line.trim().includes(' ') && !isOneWord(line));
      assert.deepEqual(tooWide, [], `wider than ${columns} columns`);
    }
  });
}

test('colour changes nothing but the colour', async () => {
  for (const columns of WIDTHS) {
    const [plain, coloured] = await Promise.all(
      [false, true].map((colour) =>
        runCommand(
          ['status', 'edge', '-v'],
          createShownCluster(...scene({ leader: 0, failovers: 5 })).client,
          {
            terminal: terminal(columns, { colour }),
          },
        ),
      ),
    );

    assert.ok(coloured?.stdout.includes('\u001B[32m★'));
    assert.equal(stripVTControlCharacters(coloured?.stdout ?? ''), plain?.stdout);
    assert.ok(!plain?.stdout.includes('\u001B'));
  }
});

test('what others wrote into the cluster cannot move or colour anything', async () => {
  const evil = '\u001B[2J\u001B[31mnobody\r\nprod/edge: fine_1';
  const cluster = createShownCluster(
    ...scene({
      lease: { holderIdentity: evil },
      status: { controller: { version: evil } },
      told: [`Ready=False RollingOut: ${evil}`],
      failovers: 1,
    }),
  );

  for (const args of [['edge'], ['edge', '-v'], [], ['-o', 'wide']]) {
    const { stdout } = await runCommand(['status', ...args], cluster.client);
    assert.doesNotMatch(stdout, /[^\P{Cc}\n]|^prod\/edge: fine/mu);
    assert.match(stdout, /nobody(?: |\?\?)prod\/edge: fine_1/);
  }
});

/** A name that is longer than the line stays whole behind its branch. */
function isOneWord(line: string): boolean {
  return (
    line.replace(/^[│├└─★ ]*(?:(?:Deployment|Lease|PodDisruptionBudget|from|to) )?/u, '').split(' ')
      .length <= 2
  );
}
