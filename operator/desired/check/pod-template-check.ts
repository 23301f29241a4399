/**
 * What the user may not do to the pod template, by `podTemplatePatch` or by env, volumes and mounts:
 * everything by which the operator tells which pod leads, and everything that the installer forbids.
 */
import type { Ha } from '../../api/ha.ts';
import type { TerminalError } from '../../api/status.ts';
import type { LazyConfig } from '../config-map.ts';
import type { InstallerPolicy } from '../installer.ts';
import { fixedFieldErrors } from './fixed-fields-check.ts';
import { installerErrors } from './installer-check.ts';
import { patchShapeErrors } from './patch-shape-check.ts';

/**
 * Everything about the pods that keeps them from being applied: what the installer forbids, else what is wrong with the
 * shape of the patch, else the fixed fields that would change.
 */
export function podTemplateErrors(
  ha: Ha,
  policy: InstallerPolicy,
  config: LazyConfig,
): readonly TerminalError[] {
  const forbidden = installerErrors(ha, policy);
  if (forbidden.length > 0) return forbidden;
  const misshapen = patchShapeErrors(ha.podTemplatePatch);
  return misshapen.length > 0 ? misshapen : fixedFieldErrors(ha, policy, config);
}
