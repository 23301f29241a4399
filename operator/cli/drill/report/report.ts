/** A drill as people and pipelines read it: a table, JSON, or JUnit's XML. */

import { jsonText } from '../../view/data-text.ts';
import { REPORT_VERSION } from '../../view/report-version.ts';
import {
  type Drill,
  type DrillVerdict,
  durationText,
  type Trial,
  trialProblem,
  type Works,
} from '../decide/verdict.ts';

export type Format = 'table' | 'json' | 'junit';

export interface Report {
  readonly drill: Drill;
  readonly verdict: DrillVerdict;
}

/** Ends with a line feed. `columns`: the width of the terminal. */
export function reportText(report: Report, format: Format, columns: number): string {
  switch (format) {
    case 'json':
      return jsonText(jsonOf(report), 2);
    case 'junit':
      return junitOf(report);
    case 'table':
      return tableOf(report, columns);
  }
}

const HEAD = ['TRIAL', 'METHOD', 'FROM', 'TO', 'LEADERLESS', 'WORKS AFTER', 'WINNER', 'ASSIST'];
/** The table is never wider than this: pods are told by the end of their name. */
const TABLE_COLUMNS = 80;
const NONE = '<none>';
const UNKNOWN = '<unknown>';

function tableOf({ drill, verdict }: Report, columns: number): string {
  const rows = drill.trials.map(rowOf);
  const lines = columns < TABLE_COLUMNS ? rows.flatMap(blockOf) : aligned([HEAD, ...rows]);
  const body = rows.length === 0 ? [] : [...lines, ''];
  return `${[...body, `${WORDS[verdict.kind]}: ${verdict.text}`].join('\n')}\n`;
}

const WORDS = {
  passed: 'Passed',
  failed: 'Failed',
  undecided: 'Undecided',
  skipped: 'Skipped',
} as const;

function rowOf({ number, method, from, takeover, record }: Trial): readonly string[] {
  return [
    String(number),
    method,
    shortName(from.pod),
    takeover === undefined ? NONE : shortName(takeover.to.pod),
    takeover === undefined ? NONE : durationText(takeover.leaderless),
    takeover === undefined ? NONE : worksText(takeover.works),
    record?.winner ?? UNKNOWN,
    record?.assist ?? UNKNOWN,
  ];
}

/** One field a line, for narrow terminals. */
function blockOf(row: readonly string[]): readonly string[] {
  return HEAD.map((title, index) => `${title.padEnd(12)} ${row[index] ?? ''}`).concat('');
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = HEAD.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** What tells pods of one Deployment apart. */
function shortName(pod: string): string {
  return pod.split('-').at(-1) ?? pod;
}

function worksText(works: Works): string {
  return works.kind === 'known' ? durationText(works.after) : UNKNOWN;
}

function jsonOf({ drill, verdict }: Report) {
  const { namespace, name, stop, trials, ...settings } = drill;
  return {
    apiVersion: REPORT_VERSION,
    kind: 'DrillReport',
    metadata: { namespace, name },
    ...settings,
    verdict: { result: verdict.kind, message: verdict.text },
    ...(stop !== undefined && { stopped: { reason: stop.kind, message: stop.why } }),
    trials: trials.map((trial) => ({
      ...trial,
      problem: trialProblem(trial, drill.maxLeaderlessMs) ?? null,
    })),
  };
}

/** One test case a trial; one that was not begun is skipped, and when nothing was told that is an error. */
function junitOf({ drill, verdict }: Report): string {
  const { namespace, name, method, trials, wantedTrials, maxLeaderlessMs, stop } = drill;
  const missing = Array.from({ length: wantedTrials - trials.length }, (_, index) => {
    return trials.length + index + 1;
  });
  const problems = trials.map((trial) => trialProblem(trial, maxLeaderlessMs));
  const failures = problems.filter((problem) => problem !== undefined).length;
  const recovered = stop?.kind !== 'not-recovered';
  const errors = missing.length > 0 && verdict.kind !== 'skipped' ? 1 : 0;
  const counts = `tests="${wantedTrials}" failures="${failures}" errors="${errors}" skipped="${missing.length - errors}"`;
  const called = (number: number) =>
    `classname="${escaped(`${namespace}.${name}`)}" name="${escaped(`${method} the leader, trial ${number}`)}"`;
  const cases = trials.flatMap((trial, index) => {
    const seconds = ((trial.takeover?.leaderless.atMostMs ?? 0) / 1000).toFixed(3);
    const open = `    <testcase ${called(trial.number)} time="${seconds}"`;
    const problem = problems[index];
    if (problem === undefined) return [`${open}/>`];
    return [`${open}>`, `      <failure message="${escaped(problem)}"/>`, '    </testcase>'];
  });
  const unbegun = missing.flatMap((number, index) => {
    const why = escaped(stop?.why ?? verdict.text);
    const type = recovered ? 'not-told' : 'not-recovered';
    const error = `<error type="${type}" message="${why}"/>`;
    const what = index < errors ? error : skippedBy(verdict);
    return [`    <testcase ${called(number)}>`, `      ${what}`, '    </testcase>'];
  });
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="${escaped(`ingress-ha drill ${namespace}/${name}`)}" ${counts}>`,
    ...cases,
    ...unbegun,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')}\n`;
}

function skippedBy({ kind, text }: DrillVerdict): string {
  return kind === 'skipped' ? `<skipped message="${escaped(text)}"/>` : '<skipped/>';
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML takes no other control characters than these three. */
function escaped(words: string): string {
  return words
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
    .replace(/(?![\t\n\r])\p{Cc}/gu, ' ');
}
