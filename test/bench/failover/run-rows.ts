/**
 * Runs all trials of some rows, several resources side by side, and holds every resource's history
 * against what must never be.
 */
import { type Violation, violations } from '../../support/history.ts';
import { removed } from '../support/scene.ts';
import { type Limited, limited } from './limited.ts';
import { nameOf, type Row } from './rows.ts';
import { createSubject, type FailoverScene, settled } from './subject.ts';
import { type Trial, trial } from './trial.ts';

export interface RowResult {
  readonly row: Row;
  readonly trials: readonly Trial[];
  readonly violations: readonly Violation[];
}

/**
 * A process that was killed before is restarted by the kubelet after 0, 13, 24, 60 s, and after more
 * than three crashes in ten minutes the operator leaves a resource alone: so no more than three.
 */
const CRASHES_PER_RESOURCE = 3;
/** A pod that is replaced has no past. Few enough that the resources of a row end at about one time. */
const TRIALS_PER_RESOURCE = 5;
/** Resources that are being created at the same time: a start of many pods would disturb the others. */
const CREATED_AT_ONCE = 2;

/** `atOnce`: how many resources stand side by side. */
export async function runRows(
  scene: FailoverScene,
  rows: readonly Row[],
  atOnce: number,
): Promise<readonly RowResult[]> {
  const results = rows.map((row) => ({ row, trials: [], violations: [] }) satisfies RowResult);
  const jobs = results
    .flatMap((result) => jobsOf(result, scene.context.trials))
    .toSorted((one, other) => lengthOf(other) - lengthOf(one)); // so that all end at about one time
  const creating = limited(CREATED_AT_ONCE);
  const failures: unknown[] = [];
  let done = 0;

  async function work(): Promise<void> {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      await run(scene, job, creating).catch((cause) => {
        failures.push(new Error(`${nameOf(job.into.row)} failed`, { cause }));
        jobs.length = 0; // what has begun ends, and nothing more begins
      });
      done += job.trials;
      scene.context.progress(`${done} trials of this part done, last ${nameOf(job.into.row)}`);
    }
  }

  await Promise.all(Array.from({ length: atOnce }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** Some trials of a row with one resource. */
interface Job {
  readonly into: { readonly row: Row; readonly trials: Trial[]; readonly violations: Violation[] };
  readonly trials: number;
}

function jobsOf(into: Job['into'], trials: number): readonly Job[] {
  const crashes = into.row.blow === 'kill' || into.row.blow === 'exhaust';
  const most = crashes ? CRASHES_PER_RESOURCE : TRIALS_PER_RESOURCE;
  const resources = Math.ceil(trials / most);
  return Array.from({ length: resources }, (_, index) => ({
    into,
    trials: Math.min(most, trials - index * most),
  }));
}

/** In steps of a pod that is replaced, one after the other in a rollout. */
function lengthOf({ into: { row }, trials }: Job): number {
  return trials * (row.blow === 'roll' ? 1 + row.replicas : 1);
}

async function run(scene: FailoverScene, { into, trials }: Job, creating: Limited): Promise<void> {
  const subject = await creating(async () => {
    const created = await createSubject(scene, into.row);
    await settled(scene, created);
    return created;
  });
  const { name } = subject.address;
  for (let count = 0; count < trials; count += 1) into.trials.push(await trial(scene, subject));
  await removed(scene, subject.address);
  scene.journals.read();
  const found = violations(scene.journals.of(name));
  for (const each of found) scene.context.progress(`${name}: ${JSON.stringify(each)}`);
  into.violations.push(...found);
  scene.journals.forget(name);
}
