/** At most one attempt at a time for each resource. */
import type { AttemptResult } from './attempt.ts';
import type { FailoverState } from './state.ts';

/** What is called when an attempt has ended. */
export interface AttemptHandlers {
  /** With its result. May set `again` of the state. */
  readonly conclude: (result: AttemptResult) => void;
  /** The attempt, or `conclude`, has thrown. */
  readonly bug: (error: unknown) => void;
  /** `again` of the state was set: the resource is to be decided again. */
  readonly again: () => void;
}

/** Begins `attempt`. If one is under way for this resource, only notes that it is to be decided again. */
export function runAttempt(
  state: FailoverState,
  attempt: () => Promise<AttemptResult>,
  { conclude, bug, again }: AttemptHandlers,
): void {
  if (state.attempt !== undefined) {
    state.again = true;
    return;
  }
  state.attempt = attempt()
    .then(conclude)
    .catch(bug)
    .finally(() => {
      state.attempt = undefined;
      if (!state.again) return;
      state.again = false;
      again();
    });
}
