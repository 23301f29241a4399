/** Figures as people and as programs read them. */
import { DIGITS, type Figure, isMet } from './bench.ts';

/** One JSON object: `{bench, case, metric, value, unit, goal, ok}`; goal is null for what is only listed. */
export function jsonLine(bench: string, figure: Figure): string {
  return `${JSON.stringify({
    bench,
    case: figure.case,
    metric: figure.metric,
    value: Number(figure.value.toFixed(DIGITS[figure.unit])),
    unit: figure.unit,
    goal: goalText(figure) ?? null,
    ok: isMet(figure),
  })}\n`;
}

/** All figures of one bench, columns aligned. */
export function table(bench: string, figures: readonly Figure[]): string {
  const rows = [['case', 'metric', 'value', 'unit', 'goal', ''], ...figures.map(rowOf)];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column === 2))
      .join('  ')
      .trimEnd(),
  );
  return `\n${bench}\n${lines.join('\n')}\n`;
}

function rowOf(figure: Figure): string[] {
  const goal = goalText(figure);
  return [
    figure.case,
    figure.metric,
    figure.value.toFixed(DIGITS[figure.unit]),
    figure.unit,
    goal ?? '',
    goal === undefined ? '' : isMet(figure) ? 'ok' : 'MISSED',
  ];
}

function goalText({ atMost, atLeast }: Figure): string | undefined {
  if (atMost === undefined) return atLeast === undefined ? undefined : `>= ${atLeast}`;
  return atLeast === undefined ? `<= ${atMost}` : `${atLeast} to ${atMost}`;
}

function pad(cell: string, width: number, toTheRight: boolean): string {
  return toTheRight ? cell.padStart(width) : cell.padEnd(width);
}
