/** The secrets of one run of the page's server. None is written anywhere. */
import { randomBytes } from 'node:crypto';
import { isSame, type Secrets } from './access.ts';

/** The secrets, and the token for `--open`. */
export interface RunSecrets extends Secrets {
  /** Good for one visit: programs see each other's arguments, and a browser is started with one. */
  readonly openingToken: string;
}

/** New ones, each of 256 bits. */
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

/** In letters that an address, a header and a cookie may hold. */
function secret(): string {
  return randomBytes(32).toString('base64url');
}
