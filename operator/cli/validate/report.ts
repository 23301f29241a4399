/** Findings as people read them, one a line as compilers print them, and as programs do. */
import { REPORT_VERSION } from '../view/report-version.ts';
import { counted } from '../view/words.ts';
import type { Position } from '../yaml/positions.ts';
import type { Issue } from './resource.ts';

/** A problem, or advice, at a position in a file. */
export interface Finding extends Position, Pick<Issue, 'severity' | 'reason' | 'path' | 'message'> {
  readonly file: string;
  /** `namespace/name`, or the name alone, as the file gives them. */
  readonly resource?: string;
}

/** What `-o json` prints. Changes are additive; anything else gets another version. */
export interface ValidationReport {
  readonly apiVersion: string;
  readonly kind: 'ValidationReport';
  readonly summary: Summary;
  /** By file, line and column. */
  readonly findings: readonly Finding[];
  /** Files and folders that could not be read. */
  readonly unread: readonly Unread[];
}

/** Counts for the last line. */
interface Summary {
  readonly files: number;
  readonly resources: number;
  /** Objects of other kinds, which were not checked. */
  readonly skipped: number;
  readonly errors: number;
  readonly warnings: number;
}

/** A file or folder that could not be read, and why. */
export interface Unread {
  readonly file: string;
  readonly message: string;
}

/** Findings sorted by position, and counted. */
export function reportOf(
  findings: readonly Finding[],
  unread: readonly Unread[],
  counts: Pick<Summary, 'files' | 'resources' | 'skipped'>,
): ValidationReport {
  const ofSeverity = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    apiVersion: REPORT_VERSION,
    kind: 'ValidationReport',
    summary: { ...counts, errors: ofSeverity('error'), warnings: ofSeverity('warning') },
    findings: findings.toSorted(byPosition),
    unread,
  };
}

/** `file:line:column: error: path: message (Reason)` */
export function findingLine(finding: Finding): string {
  const { file, line, column, severity, path, message, reason } = finding;
  const about = path === '' ? '' : `${path}: `;
  const code = reason === undefined ? '' : ` (${reason})`;
  return `${printable(`${file}:${line}:${column}: ${severity}: ${about}${message}${code}`)}\n`;
}

/** `12 files, 14 resources: 2 errors, 1 warning` */
export function summaryLine({ files, resources, skipped, errors, warnings }: Summary): string {
  const others = skipped === 0 ? '' : ` (${counted(skipped, 'object')} of other kinds skipped)`;
  const checked = `${counted(files, 'file')}, ${counted(resources, 'resource')}`;
  return `${checked}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}${others}\n`;
}

/** On one line, whatever a file holds or is called: control characters are escaped. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}|\p{Zl}|\p{Zp}|\p{Bidi_Control}/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

function byPosition(a: Finding, b: Finding): number {
  return (
    compare(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    compare(a.severity, b.severity) ||
    compare(a.path, b.path) ||
    compare(a.message, b.message)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
