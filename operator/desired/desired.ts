/**
 * The resource as every object we want, in the order in which they are applied. The same resource gives
 * the same bytes; nothing here knows what exists. Ask desired/check/check.ts first whether it may be applied.
 */
import type { Ha } from '../api/ha.ts';
import { defined } from '../base/defined.ts';
import type { KubeObject } from '../base/kube-object.ts';
import { configMap, type LazyConfig, lazyConfig } from './config-map.ts';
import { disruptionBudget } from './disruption-budget.ts';
import type { InstallerPolicy } from './installer.ts';
import { lease } from './lease.ts';
import { deployment, type PodReplacement } from './pod/deployment.ts';
import { role, roleBinding } from './rbac.ts';
import { metricsService } from './service.ts';

/** What the resource alone does not tell. */
export interface DesiredOptions {
  /**
   * Default: `Surge`, or `Recreate` with election disabled. Whoever sees pods of the other election
   * mode still running asks for `Recreate` until they are gone.
   */
  readonly podReplacement?: PodReplacement;
  /** The configuration of this very resource, from whoever has rendered it before. Default: it is rendered here. */
  readonly config?: LazyConfig;
}

/** Every child, in the order of CHILD_KINDS. */
export function desiredObjects(
  ha: Ha,
  policy: InstallerPolicy,
  { podReplacement, config = lazyConfig(ha) }: DesiredOptions = {},
): readonly KubeObject[] {
  const rendered = config();
  return [
    configMap(ha, rendered),
    role(ha),
    roleBinding(ha, policy),
    ...lease(ha),
    metricsService(ha),
    ...disruptionBudget(ha),
    deployment(ha, policy, { configMapName: rendered.name, ...defined({ podReplacement }) }),
  ];
}
