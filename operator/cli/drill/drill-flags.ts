/** The values of the flags of `drill`. */
import type { ConnectionFlags } from '../connection-flags.ts';
import type { Method } from './decide/drill-snapshot.ts';
import type { Window } from './decide/window.ts';
import type { Format } from './report/report.ts';

/** As commander parses them; what they mean is in the help of the command. */
export interface DrillFlags extends ConnectionFlags {
  readonly namespace?: string;
  readonly method: Method;
  readonly trials: number;
  /** In ms. */
  readonly maxLeaderless: number;
  /** How long a trial waits for the new leader's first push, in ms. */
  readonly workTimeout: number;
  /** How long to wait between trials, in ms. */
  readonly settleTimeout: number;
  readonly metrics: boolean;
  readonly output: Format;
  readonly yes?: true;
  readonly ifHealthy?: true;
  readonly recordEvent?: true;
  readonly window?: Window;
  readonly timeZone: string;
  readonly image?: string;
}
