/**
 * How the identity of a holder is read. This file imports nothing: the dashboard's page, which runs in a
 * browser, reads identities by the same rule.
 */

/** The name in front of `_<uuid>`; undefined: the identity has not that form. */
export function hostNameOf(holder: string): string | undefined {
  return /^(.+)_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.exec(holder)?.[1];
}

/** For people: the host name of an identity, or the identity itself. */
export function nameOfHolder(identity: string): string {
  return hostNameOf(identity) ?? identity;
}
