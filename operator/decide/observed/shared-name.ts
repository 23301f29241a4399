/**
 * Which other resources use the same `controllerName`, and so serve the same classes: a few by name, and
 * about how many.
 */

/** The others that the advice of one resource is about. */
export interface SharedName {
  /** Keys of the nearest others, at most `NAMED`, sorted. */
  readonly named: readonly string[];
  /** How many there are besides. */
  readonly more: number;
}

/** No other resource uses the name. */
export const NOT_SHARED: SharedName = { named: [], more: 0 };

/** Others that a message names; the rest are counted. */
export const NAMED = 3;

/** Up to here every change of the number is worth a write to each of them. */
const EXACT_UP_TO = 100;

/**
 * `, and 97 more`, or `, and over 100 more`; empty for none. Above 100 the exact number is left out: else each
 * resource that is created or deleted would cause a write to the status of all others.
 */
export function moreText(more: number): string {
  if (more <= 0) return '';
  return more > EXACT_UP_TO ? `, and over ${EXACT_UP_TO} more` : `, and ${more} more`;
}
