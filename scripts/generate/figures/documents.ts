/**
 * Fills the documents in: figures, and the table of rooms, between their markers and nowhere else. In those for people
 * who develop it follows functions that have moved.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../markdown.ts';
import { withRooms } from '../rooms.ts';
import { withMovedFunctions } from '../sources.ts';
import { type Figures, figure, type Measurement, readFigures } from './read.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const LINE_COLUMNS = 130;
const MARKERS =
  /<!-- figure ([^ ]+) -->.*?<!-- \/figure -->|<!-- figures ([^ ]+) -->[\s\S]*?<!-- \/figures -->/g;

const DEVELOPERS: ReadonlySet<string> = new Set(['docs/debugging.md', 'docs/follow-an-event.md']);

/** Documents with something to fill in, relative to the root. Decision records keep the figures of their day. */
export function documentsWithMarkers(): readonly string[] {
  return globSync(['README.md', 'docs/**/*.md'], { cwd: ROOT })
    .filter((path) => !path.startsWith('docs/adr/'))
    .filter((path) => DEVELOPERS.has(path) || /<!-- (figures? |rooms:)/.test(read(path)))
    .toSorted();
}

/** The content of the document at `path`, filled in. Throws if a marker names one that does not exist. */
export function documentContent(path: string, figures = readFigures()): string {
  const filled = withRooms(withFigures(read(path), figures));
  return DEVELOPERS.has(path) ? withMovedFunctions(filled) : filled;
}

/** `text` with fresh figures between its markers. */
export function withFigures(text: string, figures: Figures): string {
  return text.replace(MARKERS, (_, path: string | undefined, name: string) =>
    path === undefined
      ? `<!-- figures ${name} -->\n\n${block(figures, name)}\n<!-- /figures -->`
      : `<!-- figure ${path} -->${figure(figures, path)}<!-- /figure -->`,
  );
}

function block(figures: Figures, name: string): string {
  const measurement = figures[name];
  if (measurement?.columns === undefined)
    throw new Error(`docs/figures.yaml has no table "${name}"`);
  const columns = Object.keys(measurement.columns);
  const head = columns.map((column) => measurement.columns?.[column] ?? '');
  const rows = Object.values(measurement.rows).map((row) =>
    columns.map((column, index) => cell(row[column] ?? '', head[index] ?? '')),
  );
  return `${table(head, rows)}\n${origin(measurement)}\n`;
}

/** Bold below a bold heading. */
function cell(value: string, heading: string): string {
  return heading.startsWith('**') && value !== '' ? `**${value}**` : value;
}

function origin({ command, method, date, conditions }: Measurement): string {
  const how =
    command === undefined ? `${method} (${date})` : `Measured on ${date} by \`${command}\``;
  return wrapped(`${how}: ${conditions}.`);
}

/** Broken between words, as the text around it is. */
function wrapped(text: string): string {
  return text.replace(new RegExp(`(.{1,${LINE_COLUMNS}})(?: |$)`, 'g'), '$1\n').trimEnd();
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
