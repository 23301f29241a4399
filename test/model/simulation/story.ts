/**
 * One schedule: a short story from one seed. A leader is elected, something takes it away or seems to,
 * troubles come on top, everything heals, and in the end a living process must lead.
 */
import type { RefuseReason } from '../../../operator/decide/failover/types.ts';
import { between } from './acts.ts';
import { BRIEF, ENDINGS, type Ending, type EndingName } from './endings.ts';
import type { Counts, Violation } from './invariants.ts';
import { CALM } from './network.ts';
import type { Operator } from './operator.ts';
import { type Casting, type Stage, setStage } from './stage.ts';
import { TROUBLES, type TroubleName } from './troubles.ts';

export type FaultName = EndingName | TroubleName;

/** What came of a story. */
export interface Told {
  readonly seed: number;
  readonly casting: Casting;
  /** Those that have struck, in their order. */
  readonly faults: readonly FaultName[];
  readonly violations: readonly Violation[];
  readonly counts: Readonly<Counts>;
  readonly refusals: ReadonlySet<RefuseReason>;
}

const ENDING_WEIGHTS = Object.fromEntries(
  Object.entries(ENDINGS).map(([name, { weight }]) => [name, weight]),
) as Record<EndingName, number>;
const TROUBLE_NAMES = Object.keys(TROUBLES) as [TroubleName, ...TroubleName[]];
const TROUBLES_AT_MOST = 4;
/** A story that has not ended this long after healing never will; in lease durations. */
const PATIENCE = 20;

/** `trace`: filled with what happens, line by line. */
export function tellStory(seed: number, trace?: string[]): Told {
  const stage = setStage(seed, trace);
  const { world, oracle, casting, refusals } = stage;
  const faults = plan(stage);
  begin(stage);
  let isOver = false;
  world.at(stage.healAtMs, () => {
    heal(stage, () => {
      isOver = true;
    });
  });
  world.run(() => isOver);
  oracle.finish();
  const { violations, counts } = oracle;
  return { seed, casting, faults, violations, counts, refusals };
}

/** Draws what goes wrong, and when; what has struck is noted in the list that it gives. */
function plan(stage: Stage): readonly FaultName[] {
  const { world, casting } = stage;
  const { random } = world;
  const endAtMs = between(stage, 3, 6);
  const isOdd = casting.unsupported && random.chance(0.6);
  const ending = isOdd ? 'leader outlives its container' : random.weighted(ENDING_WEIGHTS);
  const { strike, periods = BRIEF }: Ending = ENDINGS[ending];
  const leases = random.between(0.6, 1.3) * casting.settings.leaseDurationMs;
  const isLong = random.chance(0.3);
  stage.healAtMs = endAtMs + Math.max(between(stage, ...periods), isLong ? leases : 0);
  const struck: FaultName[] = [];
  const schedule = (atMs: number, name: FaultName, fault: (stage: Stage) => void) => {
    if (atMs >= stage.healAtMs) return;
    world.at(atMs, () => {
      world.note(() => name);
      struck.push(name);
      fault(stage);
    });
  };
  schedule(endAtMs, ending, strike);
  for (let count = random.whole(0, TROUBLES_AT_MOST); count > 0; count -= 1) {
    const trouble = random.pick(TROUBLE_NAMES);
    schedule(endAtMs + between(stage, -2.5, 5), trouble, TROUBLES[trouble]);
  }
  return struck;
}

function begin(stage: Stage): void {
  const { casting, workload, operators } = stage;
  for (let count = 0; count < casting.replicas; count += 1) workload.create();
  for (const operator of operators) {
    operator.onCrash = () => comeBack(stage, operator);
    operator.start(0);
  }
  operators[0]?.lead();
}

/** A new process after a crash, with lists that may be old, and a leader among the operators. */
function comeBack(stage: Stage, crashed: Operator): void {
  const { world, operators } = stage;
  const { random } = world;
  const staleMs = random.chance(0.3) ? between(stage, 0, 4) : 0;
  world.after(random.between(200, 4_000), () => crashed.start(staleMs));
  world.after(random.between(100, 8_000), () => {
    if (operators.some(({ isLeading }) => isLeading)) return;
    const running = operators.filter(({ isRunning }) => isRunning);
    const [first = crashed, ...others] = running;
    const next = random.pick([first, ...others]);
    if (next.isRunning) next.lead();
    else world.after(4_000, () => next.lead());
  });
}

function heal(stage: Stage, end: () => void): void {
  const { world, nodes, operators, oracle, casting } = stage;
  world.note(() => 'everything heals');
  for (const { podLink, kubeletLink } of nodes) {
    podLink.weather = CALM;
    kubeletLink.weather = CALM;
  }
  for (const { context } of operators) context.link.weather = CALM;
  oracle.healed();
  const { retryPeriodMs, leaseDurationMs } = casting.settings;
  const watch = () => {
    const healedForMs = world.nowMs - stage.healAtMs;
    if (oracle.isReplaced() && healedForMs >= 2 * retryPeriodMs) end();
    else if (healedForMs < PATIENCE * leaseDurationMs) world.after(retryPeriodMs, watch);
    else {
      oracle.neverEnds();
      end();
    }
  };
  watch();
}
