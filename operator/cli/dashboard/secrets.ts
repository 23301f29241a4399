/** What a reader of the page has to know. Each run has its own, and none is written anywhere. */
import { randomBytes } from 'node:crypto';
import { isSame, type Secrets } from './gate.ts';

export interface RunSecrets extends Secrets {
  /** Good for one visit: programs see each other's arguments, and a browser is started with one. */
  readonly openingToken: string;
}

export function createSecrets(): RunSecrets {
  const openingToken = secret();
  let isRedeemed = false;
  return {
    token: secret(),
    session: secret(),
    key: secret(),
    openingToken,
    redeem(given) {
      if (isRedeemed || !isSame(given, openingToken)) return false;
      isRedeemed = true;
      return true;
    },
  };
}

/** 256 bits, fit for an address, a header and a cookie. */
function secret(): string {
  return randomBytes(32).toString('base64url');
}
