/** What `configOverrides` may hold: no key that the operator sets itself, and no debug server that others can reach. */
import type { Ha } from '../../api/ha.ts';
import type { TerminalError } from '../../api/status.ts';
import { isObject } from '../../base/read.ts';
import { isKnownConfigKey, OWNED_CONFIG_KEYS, overridePaths } from '../config.ts';

/** Everything in the configuration that keeps it from being applied. */
export function configErrors(ha: Ha): readonly TerminalError[] {
  return overrideProblems(ha).map((message) => ({
    reason: 'ConfigRefused',
    message,
  }));
}

/** Keys of `configOverrides` that no version of the binary reads; sorted. */
export function unknownConfigKeys(ha: Ha): readonly string[] {
  const unknown = overridePaths(ha.controller.configOverrides).filter(
    (path) => !isKnownConfigKey(path) && !isBelowUnknown(path),
  );
  return unknown.toSorted();
}

/** A map that is unknown as a whole is named once, not once for each key in it. */
function isBelowUnknown(path: string): boolean {
  const [parent = '', ...below] = path.split('.');
  return below.length > 0 && !isKnownConfigKey(parent);
}

const FIELD = 'spec.controller.configOverrides';

function overrideProblems(ha: Ha): readonly string[] {
  const overrides = ha.controller.configOverrides;
  const owned = overridePaths(overrides).flatMap((path) => {
    const instead = OWNED_CONFIG_KEYS.get(path);
    return instead === undefined
      ? []
      : [`${FIELD} sets ${path}, which the operator sets itself: ${instead}.`];
  });
  const scalars = ['provider', 'webhook']
    .filter((key) => Object.hasOwn(overrides, key) && !isObject(overrides[key]))
    .map(
      (key) => `${FIELD} sets ${key} to something that is not a map: give it a map of settings.`,
    );
  return [...owned, ...scalars, ...openDebugServer(overrides.server_addr)];
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\]):\d+$/;

/** The debug server shows the translated configuration, secrets included, to whoever reaches it. */
function openDebugServer(address: unknown): readonly string[] {
  if (address === undefined) return [];
  if (typeof address === 'string' && LOOPBACK.test(address)) return [];
  return [
    `${FIELD} sets server_addr to ${JSON.stringify(address)}, where the debug server would show secrets to the whole cluster: use an address on 127.0.0.1.`,
  ];
}
