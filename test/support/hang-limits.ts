/**
 * How long tests wait before they call something hung: the only place that says so. No limit here measures
 * anything: each is many times what the thing takes, since two cores may have twenty processes to run. How
 * fast something is, benches measure, on a machine that does nothing else.
 */

/** An answer, an event, or the end of a process that has all it needs. Takes milliseconds. */
export const ANSWER_HANG_MS = 120_000;

/** A program that starts and works: a command of the bundle, kubectl, a browser. Takes seconds. */
export const PROGRAM_HANG_MS = 300_000;

/** The same for what waits by itself: kubectl (`wait`, `delete`), and Helm (`--wait`, `test`). */
export const KUBECTL_WAITS = `--timeout=${PROGRAM_HANG_MS / 1000}s`;
export const HELM_WAITS = ['--timeout', `${PROGRAM_HANG_MS / 1000}s`] as const;

/** A file of tests, the longest of which takes four minutes on a machine that has nothing else to do. */
export const FILE_HANG_MS = 40 * 60_000;

/** How much slower a machine may be that has many times more to do than it has cores. */
const SLOWER = 4;
/** How long such a machine may keep anything waiting, whatever it takes. */
const KEPT_WAITING_MS = 60_000;

/** For what takes `idleMs` at most, timers included, on a machine that has nothing else to do. */
export function hangAfterMs(idleMs: number): number {
  return KEPT_WAITING_MS + SLOWER * idleMs;
}
