/** A drill as people and pipelines read it: a table, JSON, or JUnit's XML. */
import { defined } from '../../../base/defined.ts';
import { jsonText } from '../../view/data-text.ts';
import { REPORT_VERSION } from '../../view/report-version.ts';
import { type DrillReport, trialProblem } from '../decide/verdict.ts';
import { junitOf } from './junit.ts';
import { tableOf } from './table.ts';

/** How a drill is printed. */
export type Format = 'table' | 'json' | 'junit';

/** Ends with a line feed. `columns`: the width of the terminal. */
export function reportText(report: DrillReport, format: Format, columns: number): string {
  switch (format) {
    case 'json':
      return jsonText(jsonOf(report), 2);
    case 'junit':
      return junitOf(report);
    case 'table':
      return tableOf(report, columns);
  }
}

function jsonOf({ drill, verdict }: DrillReport) {
  const { namespace, name, stop, trials, ...settings } = drill;
  return defined({
    apiVersion: REPORT_VERSION,
    kind: 'DrillReport',
    metadata: { namespace, name },
    ...settings,
    verdict: { result: verdict.kind, message: verdict.text },
    stopped: stop && { reason: stop.kind, message: stop.why },
    trials: trials.map((trial) => ({
      ...trial,
      problem: trialProblem(trial, drill.maxLeaderlessMs) ?? null,
    })),
  });
}
