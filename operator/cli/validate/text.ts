/** The text of one file: every finding in it with its place, and the resources that other files may clash with. */
import { isObject } from '../../base/read.ts';
import type { InstallerPolicy } from '../../desired/installer.ts';
import { type PlacedValue, readValues } from '../read-objects.ts';
import { type Place, stepsOf } from './places.ts';
import type { Finding } from './report.ts';
import { checkResource, concernOf, type Issue, noObjectIssue } from './resource.ts';

export interface Source {
  /** As it is to be printed. */
  readonly file: string;
  readonly text: string;
}

export interface Rules {
  readonly policy: InstallerPolicy;
  /** Of a resource that names none. */
  readonly namespace: string;
}

export interface CheckedText {
  readonly findings: readonly Finding[];
  readonly resources: readonly FoundResource[];
  /** Objects of other kinds. */
  readonly skipped: number;
}

/** A resource as the other files see it. */
export interface FoundResource {
  readonly file: string;
  readonly namespace: string;
  readonly name: string;
  readonly nameAt: Place;
  /** Undefined if it has no election, or the API server would refuse it. */
  readonly lease?: { readonly name: string; readonly at: Place };
}

/** Nobody reads more of them at once, and a hostile file must not fill the terminal. */
const MAX_FINDINGS = 100;

/** Checks everything in a text. Never throws. */
export function checkText({ file, text }: Source, rules: Rules): CheckedText {
  const { values, problems } = readValues(text);
  const findings: Finding[] = problems.map(({ place, message }) => ({
    file,
    ...place,
    severity: 'error',
    path: '',
    message,
  }));
  const resources: FoundResource[] = [];
  let skipped = 0;
  for (const placed of values) {
    if (findings.length > MAX_FINDINGS) break;
    const { issues, found, concern } = checkValue(placed, rules);
    if (concern === 'other-kind') skipped += 1;
    if (found !== undefined) resources.push({ file, ...found });
    const room = MAX_FINDINGS + 1 - findings.length;
    findings.push(...issues.slice(0, room).map((issue) => asFinding(issue, placed, file)));
  }
  return { findings: limited(findings), resources, skipped };
}

type Found = Omit<FoundResource, 'file'>;

function checkValue(placed: PlacedValue, { policy, namespace }: Rules) {
  const { value, placeOf } = placed;
  const concern = concernOf(value);
  if (concern !== 'resource') {
    const issues = concern === 'no-object' ? [noObjectIssue(value)] : [];
    return { concern, issues, found: undefined };
  }
  const { issues, ha } = checkResource(value, policy, { namespace });
  const leased = ha !== undefined && ha.election.mode !== 'Disabled';
  const found: Found = {
    ...identityOf(value, namespace),
    nameAt: placeOf(['metadata', 'name']),
    ...(leased && {
      lease: {
        name: ha.election.leaseName,
        at: placeOf(['spec', 'leaderElection', 'leaseName']),
      },
    }),
  };
  return { concern, issues, found };
}

function identityOf(value: unknown, namespace: string): Pick<Found, 'namespace' | 'name'> {
  const metadata = isObject(value) && isObject(value.metadata) ? value.metadata : {};
  const text = (field: unknown) => (typeof field === 'string' ? field : '');
  return { namespace: text(metadata.namespace) || namespace, name: text(metadata.name) };
}

function asFinding(issue: Issue, { placeOf, value }: PlacedValue, file: string): Finding {
  const { detail, ...said } = issue;
  const { namespace, name } = identityOf(value, '');
  return {
    file,
    ...placeOf(stepsOf(detail ?? said.path)),
    ...said,
    ...(name !== '' && { resource: namespace === '' ? name : `${namespace}/${name}` }),
  };
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
