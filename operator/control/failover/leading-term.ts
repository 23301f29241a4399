/** The time for which this operator leads: only within it does failover read live and write. */

/** Ends once, and does not begin again: the next time is another term. */
export interface LeadingTerm {
  /** Whether this operator leads at this very instant. */
  readonly isLeading: () => boolean;
  /** Aborted when the term ends. */
  readonly signal: AbortSignal;
}

/** Resolves when the term has ended. */
export function endOf({ signal }: LeadingTerm): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
