/** Whether the records that electors of both kinds leave in one Lease follow client-go's rules. */

/** A Lease as the API server held it, in the order of its versions. */
export interface LeaseVersion {
  readonly lease: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
/** client-go releases with this duration. */
const RELEASED_SECONDS = 1;

/** Everything wrong with the records of all Leases, one sentence each. */
export function recordProblems(
  versions: readonly LeaseVersion[],
  leaseSeconds: number,
): readonly string[] {
  return [...Map.groupBy(versions, ({ lease }) => lease).values()].flatMap((ofOne) =>
    ofOne.flatMap(({ lease, spec }, index) => {
      const problems = [
        ...formProblems(spec, leaseSeconds),
        ...stepProblems(ofOne[index - 1]?.spec, spec),
      ];
      return problems.map((problem) => `${lease}, version ${index}: ${problem}`);
    }),
  );
}

/** One time that somebody held a Lease. */
export interface Hold {
  readonly holder: string;
  /** The next record named nobody. */
  readonly freed: boolean;
}

/** Who held a Lease, in order. */
export function holdsOf(versions: readonly LeaseVersion[], lease: string): readonly Hold[] {
  const holders = versions.filter((one) => one.lease === lease).map(({ spec }) => holderOf(spec));
  const changes = holders.filter((holder, index) => index === 0 || holder !== holders[index - 1]);
  return changes
    .map((holder, index) => ({ holder, freed: changes[index + 1] === '' }))
    .filter(({ holder }) => holder !== '');
}

function formProblems(spec: LeaseVersion['spec'], leaseSeconds: number): readonly string[] {
  const { acquireTime, renewTime, leaseDurationSeconds, leaseTransitions } = spec;
  const wantedSeconds = holderOf(spec) === '' ? RELEASED_SECONDS : leaseSeconds;
  const problems: string[] = [];
  for (const [name, time] of Object.entries({ acquireTime, renewTime })) {
    if (!MICRO_TIME.test(String(time)))
      problems.push(`${name} is ${time}, no time in microseconds`);
  }
  if (leaseDurationSeconds !== wantedSeconds) {
    problems.push(`leaseDurationSeconds is ${leaseDurationSeconds} and not ${wantedSeconds}`);
  }
  if (!Number.isInteger(leaseTransitions)) problems.push(`leaseTransitions: ${leaseTransitions}`);
  return problems;
}

/** A new holder counts one more; a renewal and a release count nothing. */
function stepProblems(before: LeaseVersion['spec'] | undefined, after: LeaseVersion['spec']) {
  const problems: string[] = [];
  const isNewHolder = holderOf(after) !== '' && holderOf(after) !== holderOf(before);
  const isRenewal = holderOf(after) !== '' && !isNewHolder;
  const countBefore = before === undefined ? -1 : Number(before.leaseTransitions);
  const wanted = countBefore + (isNewHolder ? 1 : 0);
  if (after.leaseTransitions !== wanted) {
    problems.push(`leaseTransitions is ${after.leaseTransitions} and not ${wanted}`);
  }
  if (isRenewal && after.acquireTime !== before?.acquireTime) {
    problems.push(`acquireTime moved with a renewal of ${holderOf(after)}`);
  }
  return problems;
}

function holderOf(spec: LeaseVersion['spec'] | undefined): string {
  return typeof spec?.holderIdentity === 'string' ? spec.holderIdentity : '';
}
