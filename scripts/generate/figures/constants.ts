/** Times that documents tell and the code holds: read from the source, where each is a constant in milliseconds. */
import { ALL_SOURCES } from '../sources.ts';
import type { Row } from './read.ts';

/** Names of the constants, by those of the figures. Each stands in one source only. */
const CONSTANTS: Readonly<Record<string, string>> = {
  rehearsal: 'REHEARSE_EVERY_MS',
  'stalled-recheck': 'TERMINAL_RECHECK_MS',
  'longest-retry': 'RETRY_CAP_MS',
  'costly-from': 'COSTLY_FROM_MS',
  'costly-pause': 'LONGEST_PAUSE_MS',
  'log-reminder': 'REMIND_EVERY_MS',
  'turn-limit': 'TURN_LIMIT_MS',
  calm: 'CALM_MS',
  echo: 'PROVISIONAL_MS',
  silence: 'INACTIVITY_LIMIT_MS',
};

/** One row each, with the column `is`: `45 s`, `10 minutes`. Throws with its name if there is no such constant. */
export function constantRows(): Readonly<Record<string, Row>> {
  return Object.fromEntries(
    Object.entries(CONSTANTS).map(([figure, name]) => {
      const [found, ...more] = ALL_SOURCES.matchAll(
        new RegExp(`const ${name} = ([\\d_ *]+);`, 'g'),
      );
      if (found === undefined || more.length > 0) {
        throw new Error(
          `scripts/generate/figures/constants.ts: ${name} is no constant in ms of one source of operator/`,
        );
      }
      return [figure, { is: timeText(product(found[1] ?? '')) }] as const;
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
