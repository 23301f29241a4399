/**
 * Prometheus' text format 0.0.4, as a scrape reads it: for each metric its help and type, then one
 * line a sample. Lines end in a line feed, the last one too. Blank lines and times are left out,
 * both of which the format allows.
 *
 * Rules: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
import type { Labels, MetricDeclaration } from './declare.ts';

/** The two lines before the samples of a metric, which say what it is. */
export function headLines({ name, type, help }: MetricDeclaration): readonly [string, string] {
  return [`# HELP ${name} ${escapedHelp(help)}`, `# TYPE ${name} ${type}`];
}

/**
 * Labels as they stand between the braces of a sample, in the order of `names`; empty without names.
 * Different labels give different texts, so the text is also the identity of a series.
 * Called for each sample of a page, so it takes no detours.
 */
export function labelText<Label extends string>(
  names: readonly Label[],
  labels: Labels<Label>,
): string {
  let text = '';
  for (const name of names) {
    if (text !== '') text += ',';
    text += `${name}="${escapedLabel(labels[name])}"`;
  }
  return text;
}

/** One sample; `labels` as `labelText` made them. */
export function sampleLine(name: string, labels: string, value: number): string {
  return `${name}${labels === '' ? '' : `{${labels}}`} ${formatted(value)}`;
}

/** Lines are joined a few at a time: of a large page only its text is held, not each line. */
const JOINED_LINES = 256;

/** The whole page: the lines of each family, in order. Empty families give no lines, and one line feed is left. */
export function pageOf(families: Iterable<() => Iterable<string>>): string {
  const chunks: string[] = [];
  const pending: string[] = [];
  for (const lines of families) {
    for (const line of lines()) {
      if (pending.push(line) < JOINED_LINES) continue;
      chunks.push(pending.join('\n'));
      pending.length = 0;
    }
  }
  return `${[...chunks, ...pending].join('\n')}\n`;
}

/** As Go's ParseFloat reads it, which is what the format asks for. */
function formatted(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

/** In a help text a quotation mark stays as it is. */
function escapedHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

const ESCAPED = /[\\\n"]/;

function escapedLabel(text: string): string {
  if (!ESCAPED.test(text)) return text;
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
