/** The figures that documents tell: those that were measured (docs/figures.yaml), and those that the code calculates. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { calculatedRows } from './calculated.ts';
import { constantRows } from './constants.ts';

/** Of one row, by column. Values are as documents show them, `1.0 / 2.5 ms` for several parts. */
export type Row = Readonly<Record<string, string>>;

export interface Measurement {
  readonly what: string;
  /** How it was made: what a shell takes, or words. */
  readonly command?: string;
  readonly method?: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly conditions: string;
  /** Of values that are told without one, as in a table with the unit in its heading. Default: none. */
  readonly unit?: string;
  /** Headings by column, in their order. Without them there is no table. */
  readonly columns?: Row;
  readonly rows: Readonly<Record<string, Row>>;
}

export type Figures = Readonly<Record<string, Measurement>>;

const FILE = join(import.meta.dirname, '..', '..', '..', 'docs', 'figures.yaml');
const REFERENCE = /\{([\w.[\]-]+)\}/g;
const NEEDED = ['what', 'date', 'conditions', 'rows'] as const;

/** All of them. Throws with the name of a measurement that does not say how and when it was made. */
export function readFigures(text = readFileSync(FILE, 'utf8')): Figures {
  // 'failsafe': a figure is the text that stands there, so that 0.90 keeps its last digit.
  const given = parse(text, { schema: 'failsafe' }) as Figures;
  for (const [name, measurement] of Object.entries(given)) {
    const missing: string[] = NEEDED.filter((word) => !measurement[word]);
    if (!measurement.command && !measurement.method) missing.push('command or method');
    if (missing.length > 0)
      throw new Error(`docs/figures.yaml: ${name} lacks ${missing.join(', ')}`);
  }
  const all = {
    ...given,
    calculated: ofTheCode('what election settings cost', calculatedRows()),
    constants: ofTheCode('times that the code holds', constantRows()),
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, one]) => [
      name,
      { ...one, rows: withReferences(one.rows, all) },
    ]),
  );
}

function ofTheCode(what: string, rows: Measurement['rows']): Measurement {
  return { what, method: 'By the code itself', date: '', conditions: '', rows };
}

/**
 * The value called `NAME.ROW.COLUMN`, with its unit; `NAME.ROW.COLUMN[0]` is its first part. Throws if there
 * is no such figure.
 */
export function figure(figures: Figures, path: string): string {
  const [, name = '', row = '', column = '', index] =
    /^([\w-]+)\.([\w-]+)\.([\w-]+)(?:\[(\d)\])?$/.exec(path) ?? [];
  const measurement = figures[name];
  const value = measurement?.rows[row]?.[column];
  if (value === undefined) throw new Error(`docs/figures.yaml has no figure "${path}"`);
  if (index === undefined) return withUnit(value, measurement?.unit);
  const unit = /[a-zA-Z%]+$/.exec(value)?.[0] ?? measurement?.unit;
  const part = value.split(' / ')[Number(index)];
  if (part === undefined)
    throw new Error(`docs/figures.yaml: ${path}: "${value}" has no such part`);
  return withUnit(part, unit);
}

function withUnit(value: string, unit: string | undefined): string {
  return unit === undefined || /[a-zA-Z%]$/.test(value) ? value : `${value} ${unit}`;
}

function withReferences(
  rows: Measurement['rows'],
  figures: Figures,
): Readonly<Record<string, Row>> {
  const resolved = (value: string) =>
    value.replace(REFERENCE, (_, path: string) => figure(figures, path));
  return Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [
      name,
      Object.fromEntries(Object.entries(row).map(([column, value]) => [column, resolved(value)])),
    ]),
  );
}
