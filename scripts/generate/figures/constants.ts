/** Times that documents tell and the code holds: read from the source, where each is a constant in milliseconds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './read.ts';

const OPERATOR = join(import.meta.dirname, '..', '..', '..', 'operator');

/** File and name of the constant, by the name of the figure. */
const CONSTANTS: Readonly<Record<string, readonly [file: string, name: string]>> = {
  rehearsal: ['control/failover/rehearse.ts', 'REHEARSE_EVERY_MS'],
  'stalled-recheck': ['control/reconcile/worker.ts', 'BLOCKED_RECHECK_MS'],
  'longest-retry': ['app/operator.ts', 'RETRY_CAP_MS'],
  'costly-from': ['decide/plan/costly.ts', 'COSTLY_FROM_MS'],
  'costly-pause': ['decide/plan/costly.ts', 'LONGEST_PAUSE_MS'],
  'log-reminder': ['telemetry/repeats.ts', 'REMIND_EVERY_MS'],
  'turn-limit': ['control/reconcile/rollout-gate.ts', 'TURN_LIMIT_MS'],
  calm: ['decide/failover/memory.ts', 'CALM_MS'],
  echo: ['control/cache/caches.ts', 'PROVISIONAL_MS'],
  silence: ['kube/watch/watch.ts', 'INACTIVITY_LIMIT_MS'],
};

/** One row each, with the column `is`: `45 s`, `10 minutes`. Throws if a source has no such constant. */
export function constantRows(): Readonly<Record<string, Row>> {
  return Object.fromEntries(
    Object.entries(CONSTANTS).map(([figure, [file, name]]) => {
      const source = readFileSync(join(OPERATOR, file), 'utf8');
      const [, value] = new RegExp(`const ${name} = ([\\d_ *]+);`).exec(source) ?? [];
      if (value === undefined) throw new Error(`operator/${file} has no constant ${name} in ms`);
      return [figure, { is: timeText(product(value)) }] as const;
    }),
  );
}

/** Of an expression such as `30 * 60_000`. */
function product(expression: string): number {
  return expression
    .split('*')
    .map((factor) => Number(factor.trim().replaceAll('_', '')))
    .reduce((all, factor) => all * factor, 1);
}

function timeText(ms: number): string {
  const minutes = ms / 60_000;
  return Number.isInteger(minutes) && minutes > 1 ? `${minutes} minutes` : `${ms / 1000} s`;
}
