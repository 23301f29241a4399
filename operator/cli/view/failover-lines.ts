/** The last changes of leader: a table, or sentences where a table has no room. */
import type { FailoverRecord } from '../../api/types.generated.ts';
import type { InstanceView } from './decide/instance-view.ts';
import { filled, oneLine, widthOf } from './lines.ts';
import type { Paint } from './paint.ts';
import { type Column, tableLines } from './table.ts';
import { ageOf, seconds } from './words.ts';

interface Options {
  readonly paint: Paint;
  readonly width: number;
  readonly detail: 'some' | 'all';
  readonly nowMs: number;
}

const SHOWN = 3;
const INDENT = '  ';

/** The newest three, or all of them with reasons and identities. Nothing where there were none. */
export function failoverLines(view: InstanceView, options: Options): readonly string[] {
  const { paint, width, detail } = options;
  const all = view.failovers;
  if (all.length === 0) return [];
  const shown = detail === 'all' ? all : all.slice(0, SHOWN);
  const which = shown.length < all.length ? ` (newest ${shown.length} of ${all.length})` : '';
  const [head = '', ...rows] = tableLines(columns(options), shown);
  const fits = [head, ...rows].every((row) => widthOf(INDENT + row) <= width);
  const lines = shown.flatMap((record, index) => [
    ...(fits ? [INDENT + (rows[index] ?? '')] : sentence(record, options)),
    ...(detail === 'all' ? reasons(record, width) : []),
  ]);
  return [
    paint('title', 'Failovers') + which,
    ...(fits ? [paint('faint', INDENT + head)] : []),
    ...lines,
  ];
}

function columns({ nowMs }: Options): readonly Column<FailoverRecord>[] {
  return [
    { title: 'AGE', cell: ({ time }) => ageOf(time, nowMs) },
    { title: 'CAUSE', cell: ({ cause }) => cause },
    { title: 'WINNER', cell: ({ winner }) => winner },
    { title: 'ASSIST', cell: ({ assist }) => assist },
    { title: 'LEADERLESS', cell: leaderless },
  ];
}

/** What is measured is the longest that it can have been. */
function leaderless({ leaderlessMilliseconds: ms }: FailoverRecord): string {
  return ms === undefined ? '<unknown>' : `at most ${seconds(ms)}`;
}

function sentence(record: FailoverRecord, { nowMs, width }: Options): readonly string[] {
  const { time, cause, winner, assist } = record;
  const words = `${ageOf(time, nowMs)} ago: ${cause}, ${winner}, ${assist}, ${leaderless(record)}`;
  return filled(words, width, { first: INDENT, further: INDENT + INDENT });
}

function reasons(record: FailoverRecord, width: number): readonly string[] {
  const { fromIdentity, toIdentity, assistReason } = record;
  const why = assistReason === undefined ? [] : [assistReason];
  return [`from ${fromIdentity} to ${toIdentity}`, ...why].flatMap((words) =>
    filled(oneLine(words), width, { first: INDENT + INDENT, further: INDENT.repeat(3) }),
  );
}
