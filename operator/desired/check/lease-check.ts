/**
 * Which Lease a resource may elect by. Never the one by which the operator itself elects its leader:
 * controllers that take part there keep every operator from leading. And one that somebody else uses only
 * where the installer allows that, since whoever holds it leads.
 */
import type { Ha } from '../../api/ha.ts';
import type { TerminalError } from '../../api/status.ts';
import type { InstallerPolicy } from '../installer.ts';

/** What is wrong with the Lease of a resource. Nothing with election disabled: it names a Lease, and uses none. */
export function leaseErrors(ha: Ha, policy: InstallerPolicy): readonly TerminalError[] {
  if (ha.election.mode === 'Disabled') return [];
  return [...ownLeaseErrors(ha, policy), ...sharedLeaseErrors(ha, policy)];
}

function ownLeaseErrors(ha: Ha, { ownLease }: InstallerPolicy): readonly TerminalError[] {
  if (ownLease === undefined) return [];
  const { leaseName } = ha.election;
  if (ownLease.namespace !== ha.namespace || ownLease.name !== leaseName) return [];
  const message = `spec.leaderElection.leaseName "${leaseName}" is the Lease by which the operator elects its own leader in namespace "${ha.namespace}": create the resource again with another name.`;
  return [{ reason: 'LeaseConflict', message }];
}

function sharedLeaseErrors({ election }: Ha, policy: InstallerPolicy): readonly TerminalError[] {
  if (election.existingLease === 'Refuse' || policy.sharedLease === 'Allowed') return [];
  const message = `spec.leaderElection.existingLease is Share, which this installation does not allow: ask whoever installed the operator for --allow-shared-lease (policy.allowSharedLease of the chart), or create the resource again with a Lease of its own.`;
  return [{ reason: 'SharedLeaseRefused', message }];
}
