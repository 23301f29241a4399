/**
 * The identity of a holder, as we compare, keep, log and show it. Any client may write into a Lease, so it
 * may be a megabyte long and full of control characters. What electors write stays as it is; anything
 * else is cut and cleaned, and ends in the hash of the whole: two identities never become one.
 */
import { createHash } from 'node:crypto';

/** The status has room for this many characters. */
const LONGEST_IDENTITY = 512;
/** What is kept of one that does not stay as it is. */
const KEPT_CHARACTERS = 128;
/** 128 bits, in hexadecimal digits: no two identities with the same hash can be made. */
const HASH_DIGITS = 32;
/** Occurs in no identity that stays as it is, so none of those equals one that was cut. */
const CUT = '…';
/** What a terminal, a log and a label show as it is: ASCII that prints. */
const PLAIN = /^[ -~]*$/;

/** The identity itself, or `<its beginning>…<hash of the whole>`. */
export function shownIdentity(identity: string): string {
  if (identity.length <= LONGEST_IDENTITY && PLAIN.test(identity)) return identity;
  const beginning = identity.slice(0, KEPT_CHARACTERS).replace(/[^ -~]/g, '?');
  const hash = createHash('sha256').update(identity, 'utf16le').digest('hex');
  return `${beginning}${CUT}${hash.slice(0, HASH_DIGITS)}`;
}

/** Whether it is unchanged from the Lease, and not cut: only then may it be written back. */
export function isWholeIdentity(shown: string): boolean {
  return !shown.includes(CUT);
}
