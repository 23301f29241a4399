/** A drill as a table for people. */
import { type DrillReport, durationText, type Trial, type Works } from '../decide/verdict.ts';

const HEAD = ['TRIAL', 'METHOD', 'FROM', 'TO', 'LEADERLESS', 'WORKS AFTER', 'WINNER', 'ASSIST'];
/** The table is never wider than this, since pods are named by the end of their name. */
const TABLE_COLUMNS = 80;
const NONE = '<none>';
const UNKNOWN = '<unknown>';

/** At most 80 columns; `columns`, the width of the terminal, decides whether it is a table or a block a trial. */
export function tableOf({ drill, verdict }: DrillReport, columns: number): string {
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

/** The last part of a pod's name, which differs between the pods of one Deployment. */
function shortName(pod: string): string {
  return pod.split('-').at(-1) ?? pod;
}

function worksText(works: Works): string {
  return works.kind === 'known' ? durationText(works.after) : UNKNOWN;
}
