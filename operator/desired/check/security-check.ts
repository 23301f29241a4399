/**
 * What a resource may say in a container's `securityContext`: nothing that the restricted Pod Security
 * profile forbids. The namespace should enforce that profile too, but even where it does not, the right to create
 * a resource must not give the right to run privileged containers. An installer who allows pod template patches
 * allows all.
 */
import type { Ha, PassThrough } from '../../api/ha.ts';
import type { TerminalError } from '../../api/status.ts';
import { isObject } from '../../base/read.ts';
import type { InstallerPolicy } from '../installer.ts';

/** By field, what it may hold; a field that is not named may not be set. */
const ALLOWED: Readonly<Record<string, (value: unknown) => boolean>> = {
  allowPrivilegeEscalation: (value) => value === false,
  capabilities: onlyHarmlessCapabilities,
  privileged: (value) => value === false,
  procMount: (value) => value === 'Default',
  readOnlyRootFilesystem: (value) => typeof value === 'boolean',
  runAsGroup: (value) => typeof value === 'number',
  runAsNonRoot: (value) => value === true,
  runAsUser: (value) => typeof value === 'number' && value > 0,
  seccompProfile: (value) => isObject(value) && value.type !== 'Unconfined',
};

/** Security contexts that would give a container more than the restricted profile allows. */
export function securityErrors(
  { controller }: Ha,
  policy: InstallerPolicy,
): readonly TerminalError[] {
  if (policy.podTemplatePatch === 'Allowed') return [];
  return (['manager', 'adc'] as const).flatMap((name) =>
    forbiddenIn(controller[name].securityContext ?? {}).map((field) => ({
      reason: 'ConfigRefused' as const,
      message: `spec.controller.${name}.securityContext.${field} would break the restricted Pod Security profile: remove it.`,
    })),
  );
}

function forbiddenIn(context: PassThrough): readonly string[] {
  return Object.entries(context)
    .filter(
      ([field, value]) => !(Object.hasOwn(ALLOWED, field) && ALLOWED[field]?.(value) === true),
    )
    .map(([field]) => field)
    .toSorted();
}

/** All dropped, as by default; NET_BIND_SERVICE is the one that the profile lets a container have. */
function onlyHarmlessCapabilities(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { add = [], drop = ['ALL'] } = value;
  if (!Array.isArray(add) || !Array.isArray(drop)) return false;
  return drop.includes('ALL') && add.every((capability) => capability === 'NET_BIND_SERVICE');
}
