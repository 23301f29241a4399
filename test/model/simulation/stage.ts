/** Everything that a story plays on, drawn from its seed and put together. */
import type {
  FailoverDecision,
  FailoverPolicy,
  RefuseReason,
} from '../../../operator/decide/failover/types.ts';
import type { MachineClock } from './clock.ts';
import type { ElectionSettings, Elector } from './elector.ts';
import type { Node } from './kubelet.ts';
import { CALM, type Link, STORMY, type Weather, WINDY } from './network.ts';
import { Operator } from './operator.ts';
import { Oracle, SLOWEST_RATE } from './oracle.ts';
import { Server } from './server.ts';
import { Workload } from './workload.ts';
import { World } from './world.ts';

/** The controller's default, and the two faster settings that its guide knows. */
const SETTINGS = {
  '30/20/2': { leaseDurationMs: 30_000, renewDeadlineMs: 20_000, retryPeriodMs: 2_000 },
  '15/10/2': { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 },
  '10/7/1': { leaseDurationMs: 10_000, renewDeadlineMs: 7_000, retryPeriodMs: 1_000 },
} as const;

const WEATHERS = { calm: CALM, windy: WINDY, stormy: STORMY };
/** Calendars differ by up to an hour. */
const OFFSET_MS = 3_600_000;

/** What all parts of a story agree on. */
export interface Casting {
  readonly settings: ElectionSettings;
  readonly policy: FailoverPolicy;
  readonly operators: 0 | 1 | 2;
  readonly replicas: number;
  /** Nodes that share one clock: only then may a pod come again under its name. */
  readonly clocks: 'equal' | 'apart';
  readonly unsupported: boolean;
}

export interface Stage {
  readonly world: World;
  readonly casting: Casting;
  readonly server: Server;
  readonly workload: Workload;
  readonly oracle: Oracle;
  readonly nodes: readonly [Node, ...Node[]];
  readonly operators: readonly Operator[];
  readonly refusals: Set<RefuseReason>;
  /** Called once, when somebody leads next. */
  readonly onNextLead: ((elector: Elector) => void)[];
  /** When all is over that disturbs. */
  healAtMs: number;
}

export function setStage(seed: number, trace: string[] | undefined): Stage {
  const world = new World(seed, trace);
  const casting = cast(world);
  const nodes = drawNodes(world, casting);
  const onNextLead: Stage['onNextLead'] = [];
  const server = new Server(world, {
    leaseChanged: (lease, before) => {
      world.note(() => `API server takes the Lease ${lease.version}: ${lease.text}`);
      oracle.leaseChanged(lease, before);
      for (const { leaseWatch } of operators) leaseWatch.logged();
    },
    podChanged: () => {
      for (const { podWatch } of operators) podWatch.logged();
    },
  });
  const { settings, policy, unsupported } = casting;
  const workload = new Workload({
    ...{ world, server, nodes, settings },
    sidecar: world.random.chance(0.75) ? 'with-hook' : 'without-hook',
    ...(unsupported && { unsupported: '`shareProcessNamespace` is set' }),
    onStart: () => oracle.started(),
    onLead: (elector) => {
      oracle.led(elector);
      for (const call of onNextLead.splice(0)) call(elector);
    },
    onDeath: (elector) => oracle.died(elector),
  });
  const oracle = new Oracle({ world, settings, policy, electors: workload.electors });
  const refusals = new Set<RefuseReason>();
  const operators = Array.from({ length: casting.operators }, (_, index) =>
    newOperator({ world, server, casting, oracle, refusals }, `operator-${index + 1}`),
  );
  const parts = { world, casting, server, workload, oracle, nodes, operators, refusals };
  return { ...parts, onNextLead, healAtMs: Number.POSITIVE_INFINITY };
}

function cast({ random }: World): Casting {
  const settings = SETTINGS[random.weighted({ '10/7/1': 5, '15/10/2': 3, '30/20/2': 2 })];
  const mode = random.weighted({ Assisted: 88, Observe: 4, Disabled: 4, absent: 4 });
  const isCrashSafe = random.chance(0.97);
  return {
    settings,
    policy: {
      mode: mode === 'absent' ? 'Disabled' : mode,
      retryPeriodMs: settings.retryPeriodMs,
      clearDelayMs: random.chance(0.1) ? random.whole(1, 3) * 1_000 : 0,
      isCrashSafe: () => isCrashSafe,
    },
    operators: mode === 'absent' ? 0 : random.chance(0.5) ? 1 : 2,
    replicas: Number(random.weighted({ 1: 2, 2: 5, 3: 3 })),
    clocks: random.chance(0.3) ? 'equal' : 'apart',
    unsupported: random.chance(0.03),
  };
}

function drawNodes(world: World, { clocks }: Casting): readonly [Node, ...Node[]] {
  const { random } = world;
  const shared = { rate: 1, offsetMs: random.between(-OFFSET_MS, OFFSET_MS) };
  const podWeather = WEATHERS[random.weighted({ calm: 6, windy: 3, stormy: 1 })];
  const kubeletWeather = WEATHERS[random.weighted({ calm: 5, windy: 3, stormy: 2 })];
  const node = (name: string): Node => ({
    name,
    clock: clocks === 'equal' ? shared : drawClock(world),
    podLink: newLink(podWeather),
    kubeletLink: newLink(kubeletWeather),
    kubeletDownUntilMs: 0,
    hasSeenDeath: false,
    relistPhaseMs: random.between(0, 1_000),
  });
  const others = Array.from({ length: random.whole(0, 2) }, (_, index) =>
    node(`node-${index + 2}`),
  );
  return [node('node-1'), ...others];
}

function drawClock({ random }: World): MachineClock {
  const rate = random.chance(0.5) ? 1 : random.between(SLOWEST_RATE, 2 - SLOWEST_RATE);
  return { rate, offsetMs: random.between(-OFFSET_MS, OFFSET_MS) };
}

function newLink(weather: Weather): Link {
  return { weather, cutUntilMs: 0 };
}

function newOperator(
  { world, server, casting, oracle, refusals }: OperatorParts,
  name: string,
): Operator {
  let told = '';
  return new Operator({
    ...{ world, server, name, policy: casting.policy },
    link: newLink(WEATHERS[world.random.weighted({ calm: 6, windy: 3, stormy: 1 })]),
    clock: drawClock(world),
    onDecision: (decision, { binding }) => {
      if (binding !== undefined) oracle.bound(binding);
      if (decision.kind === 'refuse') refusals.add(decision.because);
      if (world.trace === undefined) return;
      const text = tell(decision);
      if (text !== told) world.note(() => `${name} decides: ${text}`);
      told = text;
    },
    onWrite: (write) => oracle.arrived(write),
    onAnswer: (write) => oracle.answered(write),
  });
}

type OperatorParts = Pick<Stage, 'world' | 'server' | 'casting' | 'oracle' | 'refusals'>;

function tell(decision: FailoverDecision): string {
  if (decision.kind === 'hold') return 'hold';
  if (decision.kind === 'clear') return `clear ${decision.holder}`;
  return `${decision.kind}, ${decision.because}`;
}
