/** What no single resource shows: two of one name, and two that would elect by one Lease. */

import type { Place } from './places.ts';
import type { Finding } from './report.ts';
import type { FoundResource } from './text.ts';

/** In the order of the resources: the later one of two is to blame. */
export function clashesAmong(resources: readonly FoundResource[]): readonly Finding[] {
  const names = new Map<string, string>();
  const leases = new Map<string, { readonly place: string; readonly name: string }>();
  const findings: Finding[] = [];
  for (const { file, namespace, name, nameAt, lease } of resources) {
    if (name === '') continue;
    const key = `${namespace}/${name}`;
    const first = names.get(key);
    if (first !== undefined) {
      const message = `"${key}" is there already, at ${first}: the one that is applied later replaces the other`;
      const said = { severity: 'error', path: 'metadata.name', message } as const;
      findings.push({ file, ...nameAt, ...said, resource: key });
      continue; // its Lease is that of the first, too
    }
    names.set(key, placeText(file, nameAt));
    if (lease === undefined) continue;
    const leaseKey = `${namespace}/${lease.name}`;
    const holder = leases.get(leaseKey);
    if (holder === undefined) {
      leases.set(leaseKey, { place: placeText(file, nameAt), name });
      continue;
    }
    findings.push({
      file,
      ...lease.at,
      severity: 'warning',
      path: 'spec.leaderElection.leaseName',
      message: `Lease "${leaseKey}" is also that of "${holder.name}" at ${holder.place}: only one of all their pods would lead, so name another Lease`,
      resource: key,
    });
  }
  return findings;
}

function placeText(file: string, { line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
