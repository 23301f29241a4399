/** Removing from texts, such as logs and messages, what was hidden in objects. */
import { HIDDEN } from './allow-list.ts';

/** Shorter ones are words that any text may hold. */
const SHORTEST_SECRET = 8;

/** The text with a mark in place of every secret of 8 characters or more: a log may quote a value. */
export function struckOut(text: string, secrets: Iterable<string>): string {
  let result = text;
  for (const secret of [...secrets].toSorted((a, b) => b.length - a.length)) {
    if (secret.length >= SHORTEST_SECRET) result = result.replaceAll(secret, HIDDEN);
  }
  return result;
}
