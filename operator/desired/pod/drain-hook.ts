/**
 * The preStop hook of the sidecar. `adc-server` ignores SIGTERM, and the kubelet reports the end of the
 * manager only when all containers of the pod have stopped: without the hook, a failover after a
 * deletion starts a whole grace period late. The hook sends SIGINT, which the sidecar obeys, but not
 * while the manager still finishes a push.
 */
import type { PassThrough } from '../../api/ha.ts';
import { PROBE_PORT } from '../config.ts';

/**
 * Runs in the sidecar's image, where node is the only program that can look at a port. Its arguments:
 * the manager's probe port, which a stopping manager closes last, and the longest wait in ms.
 */
export const DRAIN_SCRIPT = `\
const [port, drainMs] = process.argv.slice(1).map(Number);
const stop = () => {
  process.kill(1, 'SIGINT');
  process.exit();
};
const look = () => {
  const probe = require('node:net').connect(port, '127.0.0.1');
  probe.on('connect', () => probe.destroy() && setTimeout(look, 50));
  probe.on('error', (error) => (error.code === 'ECONNREFUSED' ? stop() : setTimeout(look, 50)));
};
setTimeout(stop, drainMs);
look();
`;

/**
 * Starts its arguments in the background and returns at once: a hook that is still running when it
 * kills its own container leaves a warning event. The kubelet waits for a hook's output to end, too.
 */
export const IN_BACKGROUND = '"$@" </dev/null >/dev/null 2>&1 &';

/** The hook as `lifecycle.preStop` has it. */
export function drainHook(drainPeriodMs: number): PassThrough {
  const drain = ['node', '-e', DRAIN_SCRIPT, String(PROBE_PORT), String(drainPeriodMs)];
  return { exec: { command: ['sh', '-c', IN_BACKGROUND, 'drain', ...drain] } };
}
