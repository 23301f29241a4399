/** How long this process was kept from running although it had something to do, as happens beside many others. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const LOOK_EVERY_MS = 10;
const delays = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS });
delays.enable();
setImmediate(() => delays.reset()); // the modules that follow this one take long to load

/** The longest such time so far, in ms. What the process itself has worked without a pause counts, too. */
export function longestLatenessMs(): number {
  return Math.max(0, delays.max / 1e6 - LOOK_EVERY_MS);
}
