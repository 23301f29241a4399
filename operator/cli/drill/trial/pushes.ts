/** Reads the metrics of controllers through the API server, to see when a new leader really works: when it pushes. */
import { failureOf } from '../../../base/failure.ts';
import { METRICS_PORT } from '../../../desired/config.ts';
import { podPagePath } from '../../../kube/paths.ts';
import type { DrillContext } from '../context.ts';
import type { Target } from '../decide/drill-snapshot.ts';
import type { Measured } from '../decide/measure.ts';
import { type FirstWork, firstWork, type WorkSample, workIn } from '../decide/work.ts';

/** Pushes of each standby before the strike, or why they are not known. */
export type PushesBefore =
  | { readonly kind: 'known'; readonly successes: ReadonlyMap<string, number> }
  | { readonly kind: 'unknown'; readonly why: string };

const READ_TIMEOUT_MS = 2_000;
const PAUSE_MS = 50;
const ASK_EVERY_MS = 25;

/** For trials without metrics. */
export const NOT_ASKED: PushesBefore = { kind: 'unknown', why: 'not asked for (--no-metrics)' };

/** Successful pushes of each standby so far. Never rejects; a pod that does not exist yet will begin at none. */
export async function pushesBefore(
  context: DrillContext,
  { standbys }: Target,
): Promise<PushesBefore> {
  try {
    const all = await Promise.all(
      standbys.map(async ({ name }) => [name, (await read(context, name)).successes] as const),
    );
    return { kind: 'known', successes: new Map(all) };
  } catch (error) {
    return { kind: 'unknown', why: whyOf(error) };
  }
}

/** When the new leader first pushed, or why that is not known. */
export type WorkResult =
  | ({ readonly kind: 'known' } & FirstWork)
  | { readonly kind: 'unknown'; readonly why: string };

/** Reads until the new leader has pushed, for at most `limitMs` from now. Never rejects. */
export async function watchWork(
  context: DrillContext,
  { pod, measured, before }: NewLeader,
  limitMs: number,
): Promise<WorkResult> {
  if (before.kind === 'unknown') return before;
  const { clock, io } = context;
  const pushed = before.successes.get(pod) ?? 0;
  const samples: WorkSample[] = [];
  let why = `no push that succeeded within ${limitMs / 1000} s`;
  for (const endAtMs = clock.nowMs() + limitMs; clock.nowMs() < endAtMs; ) {
    if (io.interrupted.aborted) return { kind: 'unknown', why: 'interrupted' };
    try {
      samples.push(await read(context, pod));
    } catch (error) {
      why = whyOf(error); // a new pod may not listen yet
    }
    const first = firstWork(measured, samples, pushed);
    if (first !== undefined) return { kind: 'known', ...first };
    await clock.sleep(PAUSE_MS, io.interrupted);
  }
  return { kind: 'unknown', why };
}

/** What is seen of a leader that is being stopped. */
export interface PushFollower {
  /** It still worked at this instant of the monotonic clock, since a push ended later that succeeded. */
  readonly workedAtMs: number | undefined;
  stop(): void;
}

/**
 * Reads the pushes of a leader that is being stopped, until it does not answer any more. Its metric of leadership would be
 * no proof: it may still be 1 after its work has ended.
 */
export function followPushes(context: DrillContext, name: string): PushFollower {
  const { clock } = context;
  const stopping = new AbortController();
  const follower: { workedAtMs: number | undefined } = { workedAtMs: undefined };
  const ask = async () => {
    for (let last: WorkSample | undefined; !stopping.signal.aborted; ) {
      const sample = await read(context, name, stopping.signal);
      if (last !== undefined && sample.successes > last.successes) {
        follower.workedAtMs = last.sentAtMs;
      }
      last = sample;
      await clock.sleep(ASK_EVERY_MS, stopping.signal);
    }
  };
  ask().catch(() => {}); // it is being stopped, so it will not answer at some time
  return {
    get workedAtMs() {
      return follower.workedAtMs;
    },
    stop: () => stopping.abort(),
  };
}

/** Whose first push is waited for. */
interface NewLeader {
  readonly pod: string;
  readonly measured: Measured;
  readonly before: PushesBefore;
}

async function read(
  context: DrillContext,
  name: string,
  signal = context.io.interrupted,
): Promise<WorkSample> {
  const { namespace, clock, connection } = context;
  const path = podPagePath({ namespace, name }, { port: METRICS_PORT, page: '/metrics' });
  const sentAtMs = clock.nowMs();
  const page = await connection.pages.page(
    { path, what: `metrics of Pod "${namespace}/${name}"` },
    { timeoutMs: READ_TIMEOUT_MS, signal, retry: 'never' },
  );
  const reading = workIn(page);
  if (reading === undefined)
    throw new Error(`The metrics of Pod "${name}" are none of a controller`);
  return { ...reading, sentAtMs, atMs: clock.nowMs() };
}

function whyOf(error: unknown): string {
  const [line = ''] = failureOf(error).message.split('\n');
  return line;
}
