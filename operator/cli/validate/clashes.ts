/** Findings that no single resource shows: two of one name, and two that would elect by one Lease. */
import type { Position } from '../yaml/positions.ts';
import type { Finding } from './report.ts';
import type { FileResource } from './text.ts';

/** In the order of the resources: the later one of two is to blame. */
export function clashesAmong(resources: readonly FileResource[]): readonly Finding[] {
  const names = new Map<string, string>();
  const leases = new Map<string, { readonly position: string; readonly name: string }>();
  const findings: Finding[] = [];
  for (const { file, namespace, name, namePosition, lease } of resources) {
    if (name === '') continue;
    const key = `${namespace}/${name}`;
    const first = names.get(key);
    if (first !== undefined) {
      const message = `"${key}" is there already, at ${first}: the one that is applied later replaces the other`;
      const severity = 'error';
      const path = 'metadata.name';
      findings.push({ file, ...namePosition, severity, path, message, resource: key });
      continue; // its Lease is that of the first, too
    }
    names.set(key, positionText(file, namePosition));
    if (lease === undefined) continue;
    const leaseKey = `${namespace}/${lease.name}`;
    const other = leases.get(leaseKey);
    if (other === undefined) {
      leases.set(leaseKey, { position: positionText(file, namePosition), name });
      continue;
    }
    findings.push({
      file,
      ...lease.position,
      severity: 'warning',
      path: 'spec.leaderElection.leaseName',
      message: `Lease "${leaseKey}" is also that of "${other.name}" at ${other.position}: only one of all their pods would lead, so name another Lease`,
      resource: key,
    });
  }
  return findings;
}

function positionText(file: string, { line, column }: Position): string {
  return `${file}:${line}:${column}`;
}
