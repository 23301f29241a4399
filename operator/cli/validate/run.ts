/** `ingress-ha validate` at work: file by file, so that it can be interrupted between any two. */

import type { CommandIo } from '../io.ts';
import type { PolicyFlags } from '../policy-flags.ts';
import { policyFrom } from '../policy-flags.ts';
import { jsonText } from '../view/data-text.ts';
import { clashesAmong } from './clashes.ts';
import { findFiles, STDIN } from './files.ts';
import { readSource } from './read-source.ts';
import {
  type Finding,
  findingLine,
  printable,
  reportOf,
  summaryLine,
  type Unread,
  type ValidationReport,
} from './report.ts';
import { checkText, type FileResource, type Rules } from './text.ts';

/** The values of the flags. */
export interface ValidateFlags extends PolicyFlags {
  readonly filename?: readonly string[];
  readonly recursive?: true;
  readonly namespace: string;
  readonly output?: 'json';
  readonly strict?: true;
}

type ExitCode = 0 | 1 | 2;

/** Checks every file that the flags name. 0 nothing to correct, 1 findings, 2 a file could not be read, or no resource. */
export async function validateFiles(flags: ValidateFlags, io: CommandIo): Promise<ExitCode> {
  const { filename: paths = [], output } = flags;
  if (paths.length === 0) {
    io.stderr.write('Name what to check: -f FILE, -f FOLDER, or -f - for standard input.\n');
    return 2;
  }
  const report = await reportAbout(flags, io);
  if (io.interrupted.aborted) {
    io.stderr.write('Interrupted: not all files were checked.\n');
    return 2;
  }
  print(report, io, output);
  return exitCodeOf(report, flags);
}

async function reportAbout(flags: ValidateFlags, io: CommandIo): Promise<ValidationReport> {
  const rules: Rules = { policy: policyFrom(flags), namespace: flags.namespace };
  const findings: Finding[] = [];
  const unread: Unread[] = [];
  const resources: FileResource[] = [];
  let skipped = 0;
  let files = 0;
  for await (const entry of findFiles(flags.filename ?? [], {
    recursive: flags.recursive === true,
  })) {
    if (io.interrupted.aborted) break;
    const file = entry.file === STDIN ? '<stdin>' : entry.file;
    const read =
      entry.kind === 'unread' ? entry : await readSource(entry.file, () => io.readText(STDIN));
    if (read.kind === 'unread') {
      unread.push({ file, message: read.message });
      continue;
    }
    files += 1;
    if (read.kind === 'refused') {
      findings.push({ ...atStartOf(file), message: read.message });
      continue;
    }
    const checked = checkText({ file, text: read.text }, rules);
    findings.push(...checked.findings);
    resources.push(...checked.resources);
    skipped += checked.skipped;
  }
  const counts = { files, resources: resources.length, skipped };
  return reportOf([...findings, ...clashesAmong(resources)], unread, counts);
}

function atStartOf(file: string): Omit<Finding, 'message'> {
  return { file, line: 1, column: 1, severity: 'error', path: '' };
}

function print(report: ValidationReport, io: CommandIo, output: ValidateFlags['output']): void {
  if (output === 'json') io.stdout.write(jsonText(report, 2));
  else io.stdout.write(report.findings.map(findingLine).join(''));
  for (const { file, message } of report.unread) {
    io.stderr.write(`${printable(`Cannot read ${file}: ${message}.`)}\n`);
  }
  const { summary } = report;
  io.stderr.write(summaryLine(summary));
  if (foundNothing(report)) io.stderr.write('There is no IngressControllerHA in any of them.\n');
}

function exitCodeOf(report: ValidationReport, { strict }: ValidateFlags): ExitCode {
  const { errors, warnings } = report.summary;
  if (report.unread.length > 0 || foundNothing(report)) return 2;
  return errors > 0 || (strict && warnings > 0) ? 1 : 0;
}

function foundNothing({ summary, findings }: ValidationReport): boolean {
  return summary.resources === 0 && findings.length === 0;
}
