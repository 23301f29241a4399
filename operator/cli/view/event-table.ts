/** Events as `kubectl events` shows them, and with the message below where a terminal is narrow. */
import type { KubeObject } from '../../base/kube-object.ts';
import { count, record, text } from '../../base/read.ts';
import type { Terminal } from '../io.ts';
import { filled, oneLine, widthOf } from './lines.ts';
import { paintFor } from './paint.ts';
import { type Column, tableLines } from './table.ts';
import { ageOf } from './words.ts';

/** How events are laid out. */
interface EventTextOptions {
  /** The calendar, in ms since 1970. */
  readonly nowMs: number;
  readonly terminal: Terminal;
  readonly namespaces: 'one' | 'all';
  readonly head: 'with' | 'without';
}

/** Room for a message beside the other columns; with less it stands below. */
const LEAST_MESSAGE = 32;
const INDENT = '    ';
/** Widths that lines printed later will want, too. */
const LATER = { age: 4, type: 7, reason: 14 } as const;
const GAP = '  ';

/** In the order given, each with a line feed. In a file or a pipe each event is one line. */
export function eventsText(events: readonly KubeObject[], options: EventTextOptions): string {
  const { terminal, head } = options;
  const [title = '', ...rows] = tableLines(columns(options), events);
  const width = Math.max(...[title, ...rows].map(widthOf)) + GAP.length;
  const beside = !terminal.interactive || terminal.columns - width >= LEAST_MESSAGE;
  const lines = beside
    ? rows.flatMap((row, index) => besideRow(row.padEnd(width), events[index], terminal))
    : events.flatMap((event) => belowRow(event, options));
  const heads = beside && head === 'with' ? [`${title.padEnd(width)}MESSAGE`] : [];
  return [...heads, ...lines].map((line) => `${line.trimEnd()}\n`).join('');
}

function besideRow(
  row: string,
  event: KubeObject | undefined,
  terminal: Terminal,
): readonly string[] {
  const message = messageOf(event);
  if (!terminal.interactive) return [row + message];
  const further = ' '.repeat(row.length);
  const [first = '', ...more] = filled(message, terminal.columns, { first: further, further });
  return [painted(row, event, terminal) + first.slice(row.length), ...more];
}

function belowRow(event: KubeObject, options: EventTextOptions): readonly string[] {
  const { terminal } = options;
  const cells = columns(options).map(({ cell }) => oneLine(cell(event)));
  return [
    ...filled(cells.join(GAP), terminal.columns, { further: GAP }).map((line) =>
      painted(line, event, terminal),
    ),
    ...filled(messageOf(event), terminal.columns, { first: INDENT, further: INDENT }),
  ];
}

function painted(line: string, event: KubeObject | undefined, terminal: Terminal): string {
  return text(event?.type) === 'Warning' ? paintFor(terminal)('warn', line) : line;
}

function messageOf(event: KubeObject | undefined): string {
  return oneLine(text(event?.message) ?? '');
}

/** When it happened last; as text, such times sort as they follow each other. */
export function lastTimeOf(event: KubeObject): string {
  const series = text(record(event.series).lastObservedTime);
  const times = [series, text(event.lastTimestamp), text(event.eventTime)];
  return times.find((time) => time !== undefined) ?? event.metadata.creationTimestamp ?? '';
}

function columns({ nowMs, namespaces }: EventTextOptions): readonly Column<KubeObject>[] {
  const namespace: readonly Column<KubeObject>[] =
    namespaces === 'one'
      ? []
      : [{ title: 'NAMESPACE', cell: ({ metadata }) => metadata.namespace ?? '' }];
  return [
    ...namespace,
    { title: 'AGE'.padEnd(LATER.age), cell: (event) => ageText(event, nowMs) },
    { title: 'TYPE'.padEnd(LATER.type), cell: (event) => text(event.type) ?? '<unset>' },
    { title: 'REASON'.padEnd(LATER.reason), cell: (event) => text(event.reason) ?? '<unset>' },
    { title: 'OBJECT', cell: ({ involvedObject }) => objectOf(involvedObject) },
  ];
}

/** `5s`, or `5s (x3 over 2m)` for one that was repeated. */
function ageText(event: KubeObject, nowMs: number): string {
  const last = ageOf(lastTimeOf(event), nowMs);
  const times = count(event.count);
  if (times < 2) return last;
  return `${last} (x${times} over ${ageOf(text(event.firstTimestamp), nowMs)})`;
}

/** By the short name of the kind, as kubectl takes it. */
function objectOf(involved: unknown): string {
  return `icha/${text(record(involved).name) ?? '<unset>'}`;
}
