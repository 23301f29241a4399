/** Reading plain JSON without trusting it: what is not of the expected type reads as absent. */

/** Whether `value` is a JSON object: neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whatever is not an object reads as an empty one. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** The objects of a list; whatever is no list reads as an empty one. */
export function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

/** A text that says something. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number, 0 where there is none. */
export function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
