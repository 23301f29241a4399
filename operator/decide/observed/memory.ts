/**
 * What the caches do not hold: when, on our own clock, things were last observed.
 * Losing it (a restart) costs one grace period more at most, which is the worst-case failover time.
 */

/** What is remembered of one resource between two reconciles. Instants in ms on our clock. */
export interface Memory {
  /** The last holder that was one of our pods; also when that pod has gone. */
  readonly knownHolder?: string;
  /** Its pod, where a single one follows from its identity. */
  readonly knownPod?: string;
  /** A present holder that is no pod of this resource: its renewals do not make this resource led. */
  readonly foreignHolder?: ForeignHolder;
  /** When the Lease last changed under that known holder, or under its successor. */
  readonly lastRenewalAtMs?: number;
  /** Since when fewer replicas are ready than asked for. */
  readonly shortSinceMs?: number;
  /** Since when replicas are ready without a known holder. */
  readonly readyWithoutLeaderSinceMs?: number;
  /** Fingerprints of differences that the server has shown to be none. */
  readonly noOps: ReadonlySet<string>;
  /** The Lease is missing although it should be there. */
  readonly missingLease?: MissingLease;
  /** Uids of Leases that others use too: also after another client has removed the mark of one. */
  readonly sharedLeases?: readonly string[];
}

/** A holder that is no pod of this resource. */
export interface ForeignHolder {
  readonly holder: string;
  /** When the Lease's record last changed, on our clock: a dead holder does not renew. */
  readonly changedAtMs: number;
}

/** A Lease that carries our labels and is there. */
export interface LabelledLease {
  readonly uid: string;
  /** It carries the mark of a shared Lease. */
  readonly shared: boolean;
}

/** Since when a Lease is missing, and what it was. */
export interface MissingLease {
  readonly sinceMs: number;
  /** As our watch delivered its end. Missing: it was gone already at the first observation. */
  readonly last?: LostLease;
}

/** What is kept of a Lease that was deleted, or lost our labels. */
export interface LostLease {
  /** Tells a Lease that has lost our labels from another one of its name. */
  readonly uid?: string;
  /** Others use it too. */
  readonly shared?: boolean;
  /** Its last record. */
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Of a resource that was never observed. */
export const emptyMemory: Memory = { noOps: new Set() };
