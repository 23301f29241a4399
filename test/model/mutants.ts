/**
 * Failover with one guard less, each with the test that must fail then. Most guards matter in one
 * decision, and a table has it; where it takes a chain of events, a simulation does.
 */
import { INVARIANTS, type Invariant } from './simulation/invariants.ts';

export interface GuardTest {
  readonly file: string;
  /** Its full name: those of its suites, and its own. */
  readonly sentence: string;
  /** Which invariant a simulation is to find broken: others may break first. */
  readonly invariant?: Invariant;
}

export interface Mutant {
  readonly file: string;
  readonly caughtBy: GuardTest;
  readonly changes: readonly Change[];
}

/** Text that stands in the file exactly once, and what replaces it. */
export type Change = readonly [from: string, to: string];

const DECISION = 'operator/decide/failover/failover.ts';
const MEMORY = 'operator/decide/failover/memory.ts';
const BINDING = 'operator/decide/failover/binding.ts';
const EVIDENCE = 'operator/decide/failover/death-evidence.ts';
const LEASES = 'operator/control/cache/lease-memory.ts';
const TIMES = 'operator/decide/election/failover-times.ts';
const HOLDER = 'operator/decide/observed/holder.ts';
const KNOWN = 'operator/decide/observed/remember.ts';
const PLAN = 'operator/decide/plan/plan.ts';
const PLAN_LEASE = 'operator/decide/plan/plan-lease.ts';
const LEASE_END = 'operator/decide/plan/lease-end.ts';
const ATTEMPT = 'operator/control/failover/attempt.ts';
const REQUESTS = 'operator/control/failover/requests.ts';
const MODEL_LOOP = 'test/model/simulation/failover-loop.ts';
const MODEL_ELECTOR = 'test/model/simulation/elector.ts';

const ANY_CONTAINER: readonly Change[] = [
  [
    "pod.current?.kind === 'ended' && pod.current.containerId === containerId;",
    "pod.current?.kind === 'ended';",
  ],
  [' || run.containerId !== containerId) return undefined;', ') return undefined;'],
];
const ABSENCE = `if (binding === undefined) return kept;
  if (pod === undefined) {
    const { podName, podUid, containerId } = binding;
    const end = { path: 'stopped', exitCode: 0, reason: '', finishedAtS: 9e9 } as const;
    const seen = { seenAtMs: input.nowMs, changesSince: 0 };
    return { ...kept, death: { podName, podUid, containerId, ...end, ...seen } };
  }`;

/** The second eye on every report: without it the guards of the report itself stand alone. */
const NO_LATER_RECORD: Change = [
  'writtenAtMs !== undefined && writtenAtMs >= (death.finishedAtS + 1) * 1000',
  'false',
];
const NO_COUNT: readonly Change[] = [
  ['if (death.changesSince > CHANGES_OF_THE_DEAD) return true;', ''],
];

/** By what it does. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  'writes without the version that it looked at': mutant(
    REQUESTS,
    loop(
      'a leader that crashed that renews between the look and the write meets a conflict, and is thought about anew',
    ),
    [
      'client.replace(freed,',
      "client.replace({ ...freed, metadata: { ...freed.metadata, resourceVersion: '' } },",
    ],
  ),
  'writes without that version, in the model': mutant(MODEL_LOOP, simulation('dead'), [
    'server.putLease(version, freed',
    'server.putLease(undefined, freed',
  ]),
  'writes without a live look': mutant(
    ATTEMPT,
    loop('a leader that crashed that renews during the look is left alone'),
    [
      'await readLive(options, attempted, nodeName === undefined ? {} : { nodeName })',
      "({ kind: 'read', node: 'ready', nodeName, lease: options.snapshot(attempted.key)?.lease } as const)",
    ],
  ),
  'believes the end of any container': mutant(
    EVIDENCE,
    table('refuses as no evidence the end of another container than the one that was bound'),
    ...ANY_CONTAINER,
  ),
  'believes the end of any container, at large': mutant(
    EVIDENCE,
    simulation('dead'),
    ...ANY_CONTAINER,
    NO_LATER_RECORD,
  ),
  'believes an end for any reason': mutant(EVIDENCE, simulation('dead'), [
    "return reason !== 'ContainerStatusUnknown' && reason !== 'Unknown' && finishedAtS !== undefined;",
    "return reason !== '' && finishedAtS !== undefined;",
  ]),
  'believes an end without a time': mutant(
    EVIDENCE,
    simulation('dead'),
    [" && reason !== 'Unknown' && finishedAtS !== undefined;", " && reason !== 'Unknown';"],
    [
      'finishedAtS === undefined || !ranAsHolder(binding, finishedAtS)',
      'finishedAtS !== undefined && !ranAsHolder(binding, finishedAtS)',
    ],
  ),
  'trusts a pod in which a run was lost': mutant(
    EVIDENCE,
    simulation('dead'),
    ["run?.kind === 'ended' && !wasObserved(run.exit));", 'run === null);'],
    ['if (hasLostRun(pod) || finishedAtS', 'if (!wasObserved(run.exit) || finishedAtS'],
  ),
  'believes an end before the Lease was taken': mutant(
    EVIDENCE,
    simulation('dead'),
    ['return acquiredAtS < finishedAtS;', 'return acquiredAtS > 0;'],
    NO_LATER_RECORD,
  ),
  'overlooks that the next run may be the holder': mutant(DECISION, simulation('dead'), [
    "if (tookItLater(binding, death)) return 'incarnation-unclear';",
    '',
  ]),
  'takes one pod for another of its name': mutant(
    EVIDENCE,
    table('refuses as no evidence a pod of the same name with another uid'),
    [
      'facts.pods.find(({ uid }) => uid === binding?.podUid)',
      'facts.pods.find(({ name }) => name === binding?.podName)',
    ],
  ),
  'takes a pod for one whose name it begins': mutant(HOLDER, simulation('dead'), [
    'pods.filter((pod) => pod.name === name);',
    'pods.filter((pod) => name?.startsWith(pod.name)).slice(0, 1);',
  ]),
  'binds without a renewal': mutant(
    MEMORY,
    table(
      'the binding of a holder to a container is made at a renewal, not when the Lease is taken',
    ),
    [
      'const renewed = isRenewal && memory.holder?.identity === lease.holder;',
      'const renewed = isRenewal || memory.holder === undefined;',
    ],
  ),
  'binds to a run that began later': mutant(
    BINDING,
    table(
      'the binding of a holder to a container is not made to a run that began after the Lease was taken',
    ),
    ['if (!tookLease(pod, lease.acquiredAtS, memory.before)) return memory;', ''],
  ),
  'moves a holder to another pod of its name': mutant(
    BINDING,
    table('the binding of a holder to a container never moves to another pod of the same name'),
    ['if (memory.binding !== undefined && memory.binding.podUid !== pod.uid) return memory;', ''],
  ),
  'takes absence for death': mutant(EVIDENCE, simulation('dead'), [
    'if (binding === undefined || pod === undefined) return kept;',
    ABSENCE,
  ]),
  'lets no Lease rest after a crash': mutant(DECISION, simulation('quiet'), [
    "const mustBeQuiet = death.path === 'crashed' || lease",
    'const mustBeQuiet = lease',
  ]),
  'lets a Lease rest for 1.2 retry periods': mutant(TIMES, simulation('quiet'), [
    'QUIET_PERIODS = 1.25;',
    'QUIET_PERIODS = 1.2;',
  ]),
  'overlooks a renewal after the report of a stop': mutant(
    DECISION,
    table('waits on a deletion too, when a renewal came after the report'),
    [
      "death.path === 'crashed' || lease.changedAtMs > death.seenAtMs;",
      "death.path === 'crashed';",
    ],
  ),
  'clears one holder twice': mutant(
    DECISION,
    table('limits one clear for each holder identity'),
    [
      "if (memory.clears.some(({ identity }) => identity === binding.identity)) return 'already-cleared';",
      '',
    ],
    ["if (memory.departed?.includes(binding.identity)) return 'already-cleared';", ''],
  ),
  'helps any number of crashes': mutant(DECISION, simulation('limited'), [
    "if (crashed && memory.suspended) return 'suspended';",
    '',
  ]),
  'clears the Lease of a coordinated election': mutant(
    DECISION,
    table('refuses what is not ours to decide a Lease of a coordinated election'),
    ["if (lease.coordinated) return refuse('coordinated-election');", ''],
  ),
  'clears a Lease that is not ours': mutant(
    DECISION,
    table('refuses what is not ours to decide a Lease that does not carry our labels'),
    ["if (!lease.ours) return refuse('lease-foreign');", ''],
  ),
  'trusts a forced deletion': mutant(
    EVIDENCE,
    table('refuses in doubt a pod that was deleted by force'),
    ['if (pod.forced) return kept;', ''],
  ),
  'trusts a node that is not Ready': mutant(
    DECISION,
    table('refuses in doubt while the node of the holder is not Ready'),
    ["facts.node === 'not-ready' ? 'node-not-ready' : undefined", 'undefined'],
  ),
  'trusts a pod of any shape': mutant(DECISION, simulation('dead'), [
    "if (binding.unsupported !== undefined) return 'pod-shape';",
    '',
  ]),
  'helps a release without safe crashes': mutant(DECISION, simulation('permitted'), [
    "if (crashed && !facts.policy.isCrashSafe(binding.version)) return 'version-unsafe';",
    '',
  ]),
  'acts in mode Observe': mutant(DECISION, simulation('permitted'), [
    "if (policy.mode === 'Observe') return refuse('observe-only');",
    '',
  ]),
  'acts in mode Disabled': mutant(DECISION, simulation('permitted'), [
    "if (policy.mode === 'Disabled') return refuse('disabled');",
    '',
  ]),
  'believes a report that a leader has renewed after': mutant(
    EVIDENCE,
    table(
      'evidence of death ends when it is contradicted: thirty renewals after a false report a late one costs no leader its Lease',
    ),
    ...NO_COUNT,
  ),
  'believes a report whatever the leader does': mutant(
    EVIDENCE,
    simulation('contradicted'),
    ...NO_COUNT,
    NO_LATER_RECORD,
  ),
  'believes a report although a later record stands there': mutant(
    EVIDENCE,
    simulation('contradicted'),
    NO_LATER_RECORD,
  ),
  'believes a report that its kubelet has corrected': mutant(
    EVIDENCE,
    table(
      'evidence of death ends when it is contradicted: a kubelet that corrects itself withdraws it',
    ),
    ['if (showsRunning(binding, death, pod)) return true;', ''],
  ),
  'believes a contradicted report when it is told again': mutant(
    EVIDENCE,
    table(
      'evidence of death ends when it is contradicted: the same report, told again, is no new one',
    ),
    [' || kept.contradicted?.includes(reportText(found))', ''],
  ),
  'clears a holder that came back': mutant(DECISION, simulation('last'), [
    "if (memory.departed?.includes(binding.identity)) return 'already-cleared';",
    '',
  ]),
  'takes unknown for quiet': mutant(
    LEASES,
    caches('unknown is not quiet a Lease that was never seen has changed just now'),
    ['const changedAtMs = this.#clock.nowMs();', 'const changedAtMs = 0;'],
  ),
  'keeps one clock for all Leases of a resource': mutant(
    LEASES,
    caches(
      'unknown is not quiet a renewal of another Lease with the same labels is none of this one',
    ),
    [
      "changedAtMs({ metadata: { uid = '' }, spec }",
      "changedAtMs({ metadata: { namespace: uid = '' }, spec }",
    ],
  ),
  'writes a version that the look has not shown': mutant(
    ATTEMPT,
    loop(
      'a leader that crashed in a cluster that was restored is left alone while the caches show another version',
    ),
    ['if (!isSameState(read.lease, lease))', 'if (!isSameState(lease, lease))'],
  ),
  'acts by a host name that is not the name of a pod': mutant(
    HOLDER,
    {
      file: 'test/decide/observed/holder.test.ts',
      sentence: 'a holder is acted upon by the pod’s own name only',
    },
    [
      'pods.filter((pod) => pod.name === name);',
      'pods.filter((pod) => (pod.hostName ?? pod.name) === name);',
    ],
  ),
  'takes a foreign holder that renews for a leader of ours': mutant(
    KNOWN,
    {
      file: 'test/decide/observed/remember.test.ts',
      sentence: 'a holder that is nobody’s pod stays foreign, however often it renews',
    },
    ['if (!isKnown) return', 'if (!isKnown && memory.foreignHolder?.holder !== holder) return'],
  ),
  'leaves the mark of a leader on a pod while a foreign holder leads': mutant(
    PLAN,
    {
      file: 'test/decide/plan/plan.test.ts',
      sentence:
        'the leader’s pod loses them when a foreign holder has the Lease for longer than a failover takes',
    },
    [
      "if (holder.kind === 'foreign' && withinGracePeriod(ha, observation)) return [];",
      "if (holder.kind === 'foreign') return [];",
    ],
  ),
  'deletes a shared Lease': mutant(
    LEASE_END,
    leaseEnd(
      'a Lease that is not wanted any more is given back when it carries the mark, whoever holds it',
    ),
    ['if (knownShared || isMarkedShared(lease))', 'if (knownShared)'],
  ),
  'deletes the Lease of somebody else': mutant(
    LEASE_END,
    leaseEnd(
      'a Lease that is not wanted any more is given back when it is held by an earlier installation, with or without the mark',
    ),
    ["return isOurs ? 'delete' : 'give-back';", "return isOurs ? 'delete' : 'delete';"],
  ),
  'deletes a Lease that was acquired just before': mutant(
    PLAN_LEASE,
    leaseEnd(
      'a Lease that is not wanted any more is deleted when it was ours alone, and only as it was looked at',
    ),
    ['...defined({ resourceVersion })', '...defined({ resourceVersion: undefined })'],
  ),
  'drops the mark of a shared Lease': mutant(
    PLAN_LEASE,
    leaseEnd(
      'the mark of a shared Lease stays on it when the resource says Refuse again and changes another label',
    ),
    ['return isKnownShared(live, observation) ? asShared(desired) : desired;', 'return desired;'],
  ),
  'forgets that a Lease was shared': mutant(
    KNOWN,
    {
      file: 'test/decide/observed/remember.test.ts',
      sentence:
        'a Lease that others use is remembered as such when somebody has taken the mark off',
    },
    ['(shared || remembered.includes(uid))', '(shared === true)'],
  ),
  // Of the model itself: would its oracle notice?
  'leads on for ever': mutant(MODEL_ELECTOR, simulation('bounded'), [
    '() => this.#whenAwake(() => this.#lose())',
    '() => this.#whenAwake(() => this.#renew())',
  ]),
  'leaves a Lease that nobody may take': mutant(MODEL_LOOP, simulation('replaced'), [
    "const freed = { holder: '', durationS: 1,",
    "const freed = { holder: 'x', durationS: 999,",
  ]),
};

function mutant(file: string, caughtBy: GuardTest, ...changes: readonly Change[]): Mutant {
  return { file, caughtBy, changes };
}

function table(sentence: string): GuardTest {
  return { file: 'test/decide/failover/failover.test.ts', sentence };
}

function leaseEnd(sentence: string): GuardTest {
  return { file: 'test/decide/plan/lease-end.test.ts', sentence };
}

function loop(sentence: string): GuardTest {
  return { file: 'test/control/failover/loop.test.ts', sentence };
}

function caches(sentence: string): GuardTest {
  return { file: 'test/control/cache/caches.test.ts', sentence };
}

/** Fails at the first of its schedules that breaks this invariant. */
function simulation(invariant: Invariant): GuardTest {
  const sentence = `in every schedule ${INVARIANTS[invariant]}`;
  return { file: 'test/model/simulation.test.ts', sentence, invariant };
}
