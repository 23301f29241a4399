/** What must hold in every story, and how often it came to what that is about. */

export const INVARIANTS = {
  dead: 'a Lease is cleared only when the process of its holder is dead, or falsely reported so',
  contradicted: 'a leader that renews after a false report of its end keeps its Lease',
  foreign: 'nothing is cleared of a holder in no pod of ours, or of a Lease that is not ours',
  last: 'no operator clears a holder that it has seen the Lease leave',
  once: 'no dead holder is cleared twice, unless an old state of the cluster was restored',
  quiet: 'after a crash a Lease is cleared only when nothing was renewed for 1.25 retry periods',
  limited: 'one operator helps no more than three crashes in ten minutes',
  permitted: 'without leave nothing is ever cleared',
  bounded: 'two processes lead at a time for no longer than plain Leases allow',
  unhelped: 'no second leader wins a Lease that was cleared of a living one',
  replaced: 'a dead leader is replaced in the time that a plain Lease takes',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly text: string;
}

/** How often it came to what the invariants are about. */
export interface Counts {
  /** Clears that were accepted, by what they were done for. */
  stopped: number;
  crashed: number;
  /** Clears that came too late: the Lease had moved. */
  conflicts: number;
  /** Accepted clears whose sender did not lead any more, or did not live. */
  orphaned: number;
  /** Living leaders that were cleared on a false report, before they could contradict it. */
  deceived: number;
  /** Times in which a holder was taken to live in a container that is not its own. */
  misbound: number;
  /** Times in which a living leader was superseded. */
  overlaps: number;
  /** From the death of a holder until somebody led next: how often, and in all. */
  replacements: number;
  leaderlessMs: number;
}

export function noCounts(): Counts {
  return {
    ...{ stopped: 0, crashed: 0, conflicts: 0, orphaned: 0, misbound: 0, overlaps: 0 },
    deceived: 0,
    ...{ replacements: 0, leaderlessMs: 0 },
  };
}
