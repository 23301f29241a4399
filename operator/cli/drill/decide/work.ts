/** Whether a controller works, by its own metrics: its pushes succeed. Its metric of leadership alone is not enough. */

import type { Measured } from './measure.ts';
import { between, type Duration } from './span.ts';

/** What a page of metrics says about the work of a controller. */
interface WorkReading {
  /** Pushes to the data plane that succeeded since the process started. */
  readonly successes: number;
}

/** A page of metrics, read once. Instants in ms on our monotonic clock. */
export interface WorkSample extends WorkReading {
  readonly sentAtMs: number;
  readonly atMs: number;
}

const LEADS = 'leader_election_master_status';
const PUSHES = 'apisix_ingress_adc_sync_total';
const SUCCESS = /[{,]\s*status="success"/;

/** Reads Prometheus' text format; undefined where the page is not that of a controller, which always has the metric of leadership. */
export function workIn(page: string): WorkReading | undefined {
  const samples = page.split('\n').flatMap(sampleOf);
  if (!samples.some(({ name }) => name === LEADS)) return undefined;
  const pushes = samples.filter(({ name, labels }) => name === PUSHES && SUCCESS.test(labels));
  return { successes: pushes.reduce((sum, { value }) => sum + value, 0) };
}

/** The first success of the new leader. */
export interface FirstWork {
  /** From the old leader's end. */
  readonly after: Duration;
  /** It led by then. */
  readonly atMs: number;
}

/** From the old leader's end to the new one's first push that succeeded; undefined: none was seen. */
export function firstWork(
  { end, seenAtMs }: Measured,
  samples: readonly WorkSample[],
  before: number,
): FirstWork | undefined {
  const index = samples.findIndex(({ successes }) => successes > before);
  const works = samples[index];
  if (works === undefined) return undefined;
  const { atMs } = works;
  const earliestMs = samples[index - 1]?.sentAtMs ?? Math.min(seenAtMs, works.sentAtMs);
  const span = { earliestMs: Math.max(end.earliestMs, earliestMs), latestMs: atMs };
  return { after: between(end, span), atMs };
}

interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

function sampleOf(line: string): readonly Sample[] {
  const match = /^([a-zA-Z_:][\w:]*)(\{.*\})?\s+(\S+)/.exec(line);
  if (match === null) return [];
  const [, name = '', labels = '', value] = match;
  return [{ name, labels, value: Number(value) }];
}
