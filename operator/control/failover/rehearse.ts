/**
 * Tries every 45 s what freeing a Lease needs, without doing it: the live reads, and the write as a dry
 * run. So a missing right is noticed within a minute, and not when it is needed; and the connections stay
 * open.
 */
import { defined } from '../../base/defined.ts';
import { failureOf } from '../../base/failure.ts';
import type { Clock } from '../../base/time.ts';
import { podNamedBy } from '../../decide/observed/holder.ts';
import { missingRight, READ_TIMEOUT_MS, readLive } from './live-read.ts';
import type { FailoverLoop } from './loop.ts';
import type { FailoverClient } from './requests.ts';
import type { FailoverSnapshot } from './snapshot.ts';

/** Dependencies of the rehearsals. */
export interface RehearsalOptions {
  readonly client: FailoverClient;
  readonly failover: FailoverLoop;
  readonly namespaces: readonly string[];
  readonly clock: Clock;
}

/**
 * Four requests a namespace each time: rights are the same for all resources of one. Less than the
 * minute after which an idle connection is closed, so that a clear finds its connections open.
 */
const REHEARSE_EVERY_MS = 45_000;
/** The same in ms while a right is missing, so that its return is noticed sooner. */
const WHILE_LACKING_MS = 15_000;
/**
 * How often it is checked whether one is due, in ms: soon after the first leader, so that the first clear
 * is as fast.
 */
const STEP_MS = 1_000;

/** One loop for each namespace, until `signal` aborts. */
export async function rehearseFailover(
  options: RehearsalOptions,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    options.namespaces.map((namespace) => keepRehearsing(options, namespace, signal)),
  );
}

async function keepRehearsing(
  { client, failover, clock }: RehearsalOptions,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  let lastAtMs: number | undefined;
  while (!signal.aborted) {
    const snapshot = failover.states.watched(namespace);
    const everyMs =
      failover.missingRights.in(namespace) !== undefined ? WHILE_LACKING_MS : REHEARSE_EVERY_MS;
    const isDue = lastAtMs === undefined || clock.nowMs() - lastAtMs >= everyMs;
    if (snapshot !== undefined && isDue) {
      lastAtMs = clock.nowMs();
      const result = await rehearse(client, snapshot, signal);
      if (result.kind !== 'undecided') failover.noteRights(namespace, result.missing);
    }
    await clock.sleep(STEP_MS, signal);
  }
}

type Rehearsal =
  | { readonly kind: 'complete'; readonly missing?: undefined }
  | { readonly kind: 'lacking'; readonly missing: string }
  /** No answer of the API server shows whether a right is missing. */
  | { readonly kind: 'undecided' };

async function rehearse(
  client: FailoverClient,
  { ha, facts }: FailoverSnapshot,
  signal: AbortSignal,
): Promise<Rehearsal> {
  const holder = facts.lease?.holder ?? '';
  const pod = podNamedBy(holder, facts.pods);
  if (pod === undefined) return { kind: 'undecided' };
  const { name: podName, nodeName } = pod;
  const subject = {
    namespace: ha.namespace,
    podName,
    leaseName: ha.election.leaseName,
    ...defined({ nodeName }),
  };
  const read = await readLive(client, subject, signal);
  if (read.kind === 'failed') return lackingOr(read.missingRight);
  if (read.lease === undefined) return { kind: 'undecided' };
  try {
    const options = { timeoutMs: READ_TIMEOUT_MS, retry: 'never', signal, dryRun: true } as const;
    await client.replace(read.lease, options);
    return { kind: 'complete' };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'conflict') return { kind: 'complete' }; // allowed; another client wrote in between
    return lackingOr(missingRight(failure, 'update leases').missingRight);
  }
}

function lackingOr(missing: string | undefined): Rehearsal {
  return missing === undefined ? { kind: 'undecided' } : { kind: 'lacking', missing };
}
