/**
 * How the values of the installer's policy are written: one grammar for `run`, which takes them from flags
 * and variables, and for the commands that check a resource offline, so that both know the same policy.
 */
import { DNS_SUBDOMAIN } from '../base/dns.ts';
import { POD_METADATA_ENTRY } from '../desired/pod/pod-metadata.ts';

/** The expression, and what it stands for, as the end of "… is not" and "It must be". */
export type Grammar = readonly [grammar: RegExp, what: string];

/** Host and port, perhaps a path; no scheme. */
const REGISTRY =
  /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}(?::[0-9]{1,5})?(?:\/[a-z0-9._-]{1,128}){0,8}\/?$/;
/** An image name without tag and digest. */
const REPOSITORY =
  /^(?:[A-Za-z0-9][A-Za-z0-9.-]{0,252}(?::[0-9]{1,5})?\/)?[a-z0-9._-]{1,128}(?:\/[a-z0-9._-]{1,128}){0,8}$/;

/** Of the account that the pods of controllers run as. */
export const SERVICE_ACCOUNT: Grammar = [DNS_SUBDOMAIN, 'a name'];
/** Of the mirror that takes the place of an image’s registry. */
export const IMAGE_REGISTRY: Grammar = [REGISTRY, 'a registry such as mirror:5000'];
/** Of one part of the list. */
export const IMAGE_REPOSITORY: Grammar = [REPOSITORY, 'an image repository without tag and digest'];
/** Of one part of the list. */
export const POD_METADATA: Grammar = [
  POD_METADATA_ENTRY,
  'a key such as team or example.com/team, nor all keys of a domain such as example.com/*',
];

/** The parts between commas, sorted, each once; blanks around them and empty ones are left out. */
export function partsOf(list: string): readonly string[] {
  const parts = list.split(',').map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))].toSorted();
}
