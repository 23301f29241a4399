/**
 * Allow-lists for objects: a reader takes of a value what is known to be harmless, and everything else is left out, so that
 * a field that no list names is never shown. What may be a secret is replaced by a mark, and remembered, so that
 * it can be removed from texts as well.
 */

import { isObject } from '../../base/read.ts';

/** What stands in place of a value that may be a secret. */
export const HIDDEN = '<hidden>';

/** Called with every text that was hidden. */
export type Hide = (text: string) => void;

/** What of a value may be shown; undefined: nothing. */
export type Reader = (value: unknown, hide: Hide) => unknown;

/** As it is, with all that is below: only for values that Kubernetes or this program writes. */
export const kept: Reader = (value) => value;

/** That there is something, and nothing of it. */
export const hidden: Reader = (value, hide) => {
  if (value === undefined || value === null) return undefined;
  remember(value, hide);
  return HIDDEN;
};

/** The names of fields, how many items there are, and no value. */
export const outline: Reader = (value, hide) => {
  if (Array.isArray(value)) return value.map((item) => outline(item, hide));
  if (!isObject(value)) return hidden(value, hide);
  return mapped(value, (item) => outline(item, hide));
};

/** Of an object these fields, in this order. */
export function fields(readers: Readonly<Record<string, Reader>>): Reader {
  return (value, hide) => {
    if (!isObject(value)) return undefined;
    const read = Object.entries(readers).map(([name, reader]) => [name, reader(value[name], hide)]);
    return Object.fromEntries(read.filter(([, shown]) => shown !== undefined));
  };
}

/** Each item of a list. */
export function items(reader: Reader): Reader {
  return (value, hide) =>
    Array.isArray(value) ? value.map((item) => reader(item, hide)) : undefined;
}

/** A map: every key, and the values of those that `isKnown`. */
export function entries(isKnown: (key: string) => boolean): Reader {
  return (value, hide) =>
    isObject(value)
      ? mapped(value, (item, key) => (isKnown(key) ? item : hidden(item, hide)))
      : undefined;
}

/** Everything below a value that is hidden, so that texts can be searched for any part of it. */
function remember(value: unknown, hide: Hide): void {
  if (Array.isArray(value)) for (const item of value) remember(item, hide);
  else if (isObject(value)) for (const item of Object.values(value)) remember(item, hide);
  else if (typeof value === 'string') hide(value);
}

function mapped(
  value: Readonly<Record<string, unknown>>,
  read: (item: unknown, key: string) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item, key)]));
}
