/** Tables as kubectl prints them, and narrower ones where a terminal is narrow. */
import { oneLine, padded, shortened, widthOf } from './lines.ts';

/** One column of a table of rows. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Where the terminal is too narrow, the highest goes first. Default: 0, it always stays. */
  readonly leaves?: number;
  /** Where the terminal is too narrow, it is cut to no less than this many columns. */
  readonly shrinksTo?: number;
  /** The same once nothing more can leave. */
  readonly shrinksAtLastTo?: number;
}

/** How wide a table may be. */
interface TableOptions {
  /** In columns; absent: as wide as it needs, as in a file. */
  readonly width?: number;
}

const GAP = '  ';

/**
 * Head and rows, each without a line feed. Nothing but a lack of room leaves anything out. Cells may
 * hold what anybody wrote, so they cannot colour or move anything.
 */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width = Number.POSITIVE_INFINITY }: TableOptions = {},
): readonly string[] {
  const all = columns.map((column) => {
    const cells = [column.title, ...rows.map((row) => oneLine(column.cell(row)))];
    return { column, cells, width: Math.max(...cells.map(widthOf)) };
  });
  const shown = fitted(all, width);
  return [-1, ...rows.keys()].map((row) =>
    shown
      .map(({ cells, width: room }) => padded(cut(cells[row + 1] ?? '', room), room))
      .join(GAP)
      .trimEnd(),
  );
}

interface Filled<Row> {
  readonly column: Column<Row>;
  readonly cells: readonly string[];
  readonly width: number;
}

/** First what can shrink shrinks, then what can leave leaves, and then names are cut. */
function fitted<Row>(all: readonly Filled<Row>[], width: number): readonly Filled<Row>[] {
  const shrunk = shrink(all, width, 'shrinksTo');
  if (totalOf(shrunk) <= width) return shrunk;
  const least = all.reduce((one, { column }) => Math.max(one, column.leaves ?? 0), 0);
  if (least === 0) return shrink(shrunk, width, 'shrinksAtLastTo');
  return fitted(
    all.filter(({ column }) => column.leaves !== least),
    width,
  );
}

function shrink<Row>(
  all: readonly Filled<Row>[],
  width: number,
  by: 'shrinksTo' | 'shrinksAtLastTo',
): readonly Filled<Row>[] {
  let over = totalOf(all) - width;
  return all.map((one) => {
    const limit = one.column[by];
    if (over <= 0 || limit === undefined) return one;
    const least = Math.min(one.width, Math.max(limit, one.column.title.length));
    const next = Math.max(least, one.width - over);
    over -= one.width - next;
    return { ...one, width: next };
  });
}

function totalOf(all: readonly { readonly width: number }[]): number {
  return all.reduce((sum, { width }) => sum + width, 0) + GAP.length * (all.length - 1);
}

/** Only cells without colour are ever too long. */
function cut(cell: string, room: number): string {
  return widthOf(cell) <= room ? cell : shortened(cell, room);
}
