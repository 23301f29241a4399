/** The rows of the failover table: what ends the leader, with which settings, and how good is good enough. */

/** LD, RD, RP in ms. */
export interface Timings {
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
}

/** How the leader ends. */
export type Blow =
  | 'delete'
  | 'kill' // SIGKILL of the process, from the node
  | 'roll' // a new restartTrigger
  | 'evict' // as a drain does
  | 'exhaust' // of its memory limit
  | 'scale-down'; // by one replica

/** Who gives the Lease up: nobody, the leader itself on shutdown, or the operator. */
export type Way = 'plain' | 'release' | 'assisted';

/** Bounds of the time without a leader, in ms; what is absent is only listed. */
export interface Goals {
  readonly min?: number;
  readonly mean?: number;
  readonly p95?: number;
  readonly max?: number;
  /** Changes of the leader in one trial. */
  readonly transitions?: number;
  /** The mean must lie within 5 % of LD + 1.175 RP: the harness measures what it should. */
  readonly nearFormula?: boolean;
}

export interface Row {
  readonly blow: Blow;
  readonly way: Way;
  readonly timings: Timings;
  readonly replicas: number;
  readonly goals: Goals;
}

/** 30/20/2: the default here and of the controller. */
const CALM = { leaseDurationMs: 30_000, renewDeadlineMs: 20_000, retryPeriodMs: 2_000 };
/** 10/7/1: the vendor's faster preset. */
const BRISK = { leaseDurationMs: 10_000, renewDeadlineMs: 7_000, retryPeriodMs: 1_000 };

/** No Lease expires earlier than LD - RP after its leader's end; the goals are LD - 2 s. */
const CALM_PLAIN: Goals = { min: 28_000, nearFormula: true };
const BRISK_PLAIN: Goals = { min: 8_000, nearFormula: true };
const ROLLED: Goals = { mean: 2_000, p95: 3_300, max: 5_000, transitions: 1 };

export const ROWS: readonly Row[] = [
  row('delete', 'plain', CALM, CALM_PLAIN),
  row('delete', 'release', CALM),
  row('delete', 'assisted', CALM, { mean: 1_500, p95: 3_000, max: 5_000 }),
  row('kill', 'plain', CALM, CALM_PLAIN),
  row('kill', 'assisted', CALM, { mean: 3_500, p95: 5_800, max: 7_800 }),
  row('delete', 'plain', BRISK, BRISK_PLAIN),
  row('delete', 'release', BRISK),
  row('delete', 'assisted', BRISK, { mean: 1_300, p95: 2_500, max: 4_000 }),
  row('kill', 'plain', BRISK, BRISK_PLAIN),
  row('kill', 'assisted', BRISK, { mean: 2_100, p95: 3_300, max: 4_400 }),
  row('roll', 'plain', CALM, { min: 28_000 }),
  row('roll', 'release', CALM),
  row('roll', 'assisted', CALM, ROLLED),
  { ...row('roll', 'plain', CALM, { min: 28_000 }), replicas: 3 },
  { ...row('roll', 'release', CALM), replicas: 3 },
  { ...row('roll', 'assisted', CALM, ROLLED), replicas: 3 },
  row('evict', 'plain', CALM),
  row('evict', 'assisted', CALM),
  row('exhaust', 'plain', CALM),
  row('exhaust', 'assisted', CALM),
  row('scale-down', 'plain', CALM),
  row('scale-down', 'assisted', CALM),
];

/** Repeated while another namespace keeps the operator busy. */
export const UNDER_LOAD = row('delete', 'assisted', CALM);

const TITLES: Readonly<Record<Blow, string>> = {
  delete: 'delete leader pod',
  kill: 'SIGKILL leader process',
  roll: 'rolling update',
  evict: 'drain',
  exhaust: 'OOM kill',
  'scale-down': 'scale-down by one',
};

/** `delete leader pod, 2 replicas, 30/20/2, assisted`. */
export function nameOf({ blow, replicas, timings, way }: Row): string {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = timings;
  const seconds = [leaseDurationMs, renewDeadlineMs, retryPeriodMs].map((ms) => ms / 1000);
  return `${TITLES[blow]}, ${replicas} replicas, ${seconds.join('/')}, ${way}`;
}

function row(blow: Blow, way: Way, timings: Timings, goals: Goals = {}): Row {
  return { blow, way, timings, replicas: 2, goals };
}
