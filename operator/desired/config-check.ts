/** What `configOverrides` may say: no key that the operator sets itself, and nothing that opens the pod. */
import type { Ha } from '../api/ha.ts';
import type { Blocker } from '../api/status.ts';
import { isKnownConfigKey, OWNED_CONFIG_KEYS, overridePaths } from './config.ts';
import { isDeeperThan, jsonProblem, MAX_DEPTH } from './json-limits.ts';
import { isMap } from './merge.ts';

/** Everything in the configuration that keeps it from being applied. */
export function configBlockers(ha: Ha): readonly Blocker[] {
  return [...overrideProblems(ha), ...tooDeepFields(ha)].map((message) => ({
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
  const problem = jsonProblem(overrides);
  if (problem !== undefined) return [`${FIELD} ${problem}.`];

  const owned = overridePaths(overrides).flatMap((path) => {
    const instead = OWNED_CONFIG_KEYS.get(path);
    return instead === undefined
      ? []
      : [`${FIELD} sets ${path}, which the operator sets itself: ${instead}.`];
  });
  const scalars = ['provider', 'webhook']
    .filter((key) => Object.hasOwn(overrides, key) && !isMap(overrides[key]))
    .map(
      (key) => `${FIELD} sets ${key} to something that is not a map: give it a map of settings.`,
    );
  return [...owned, ...scalars, ...openDebugServer(overrides.server_addr)];
}

/** The debug server shows the translated configuration, secrets included, to whoever reaches it. */
function openDebugServer(address: unknown): readonly string[] {
  if (address === undefined) return [];
  if (/^(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(String(address))) return [];
  return [
    `${FIELD} sets server_addr to ${JSON.stringify(address)}, where the debug server would show secrets to the whole cluster: use an address on 127.0.0.1.`,
  ];
}

/** Free-form fields other than the two that have checks of their own. */
function tooDeepFields({ controller, placement }: Ha): readonly string[] {
  const fields: Readonly<Record<string, unknown>> = {
    'spec.controller.manager': controller.manager,
    'spec.controller.adc': controller.adc,
    'spec.controller.volumes': controller.volumes,
    'spec.placement': placement,
  };
  return Object.entries(fields)
    .filter(([, value]) => isDeeperThan(value, MAX_DEPTH))
    .map(([field]) => `${field} is nested deeper than ${MAX_DEPTH} levels: no Pod needs that.`);
}
