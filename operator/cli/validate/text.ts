/** The text of one file: every finding in it with its position, and the resources that other files may clash with. */
import { defined } from '../../base/defined.ts';
import { record, text } from '../../base/read.ts';
import type { InstallerPolicy } from '../../desired/installer.ts';
import { type Position, segmentsOf } from '../yaml/positions.ts';
import { type PositionedValue, readValues } from '../yaml/read-values.ts';
import type { Finding } from './report.ts';
import { checkResource, concernOf, type Issue, noObjectIssue } from './resource.ts';

/** A file that was read. */
interface Source {
  /** As it is to be printed. */
  readonly file: string;
  readonly text: string;
}

/** By what it is checked. */
export interface Rules {
  readonly policy: InstallerPolicy;
  /** Of a resource that names none. */
  readonly namespace: string;
}

/** What came of checking it. */
interface CheckedText {
  readonly findings: readonly Finding[];
  readonly resources: readonly FileResource[];
  /** Objects of other kinds. */
  readonly skipped: number;
}

/** A resource as the other files see it. */
export interface FileResource {
  readonly file: string;
  readonly namespace: string;
  readonly name: string;
  readonly namePosition: Position;
  /** Undefined if it has no election, or the API server would refuse it. */
  readonly lease?: { readonly name: string; readonly position: Position };
}

/** Nobody reads more of them at once, and a hostile file must not fill the terminal. */
const MAX_FINDINGS = 100;

/** Checks everything in a text. Never throws. */
export function checkText({ file, text: content }: Source, rules: Rules): CheckedText {
  const { values, problems } = readValues(content);
  const findings: Finding[] = problems.map(({ position, message }) => ({
    file,
    ...position,
    severity: 'error',
    path: '',
    message,
  }));
  const resources: FileResource[] = [];
  let skipped = 0;
  for (const positioned of values) {
    if (findings.length > MAX_FINDINGS) break;
    const { issues, resource, concern } = checkValue(positioned, rules);
    if (concern === 'other-kind') skipped += 1;
    if (resource !== undefined) resources.push({ file, ...resource });
    const room = MAX_FINDINGS + 1 - findings.length;
    findings.push(...issues.slice(0, room).map((issue) => asFinding(issue, positioned, file)));
  }
  return { findings: limited(findings), resources, skipped };
}

type OwnResource = Omit<FileResource, 'file'>;

function checkValue({ value, positionOf }: PositionedValue, { policy, namespace }: Rules) {
  const concern = concernOf(value);
  if (concern !== 'resource') {
    const issues = concern === 'no-object' ? [noObjectIssue(value)] : [];
    return { concern, issues, resource: undefined };
  }
  const { issues, ha } = checkResource(value, policy, { namespace });
  const leaseName = ha?.election.mode === 'Disabled' ? undefined : ha?.election.leaseName;
  const lease = leaseName && {
    name: leaseName,
    position: positionOf(['spec', 'leaderElection', 'leaseName']),
  };
  const resource: OwnResource = defined({
    ...identityOf(value, namespace),
    namePosition: positionOf(['metadata', 'name']),
    lease: lease || undefined,
  });
  return { concern, issues, resource };
}

function identityOf(value: unknown, namespace: string): Pick<OwnResource, 'namespace' | 'name'> {
  const metadata = record(record(value).metadata);
  return { namespace: text(metadata.namespace) ?? namespace, name: text(metadata.name) ?? '' };
}

function asFinding(issue: Issue, { positionOf, value }: PositionedValue, file: string): Finding {
  const { detail, ...shown } = issue;
  const { namespace, name } = identityOf(value, '');
  const key = namespace === '' ? name : `${namespace}/${name}`;
  return defined({
    file,
    ...positionOf(segmentsOf(detail ?? shown.path)),
    ...shown,
    resource: name === '' ? undefined : key,
  });
}

function limited(findings: readonly Finding[]): readonly Finding[] {
  const last = findings[MAX_FINDINGS - 1];
  if (findings.length <= MAX_FINDINGS || last === undefined) return findings;
  const { file, line, column } = last;
  const message = `There are more findings than ${MAX_FINDINGS}: correct these first, the rest is not shown`;
  return [
    ...findings.slice(0, MAX_FINDINGS),
    { file, line, column, severity: 'error', path: '', message },
  ];
}
