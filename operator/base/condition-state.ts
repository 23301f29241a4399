/** A condition without its type and its times: what metav1.Condition has besides. */
export interface ConditionState {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  /** Sentences without times or counters, so that the same state gives the same bytes. */
  readonly message: string;
}

/** As one value. */
export function conditionState(
  status: ConditionState['status'],
  reason: string,
  message: string,
): ConditionState {
  return { status, reason, message };
}

/** Several sentences as one message; the last one keeps its full stop, if it has any. */
export function sentences(messages: readonly string[]): string {
  return messages.map((message) => message.replace(/\.$/, '')).join('; ');
}
