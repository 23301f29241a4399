/**
 * `podTemplatePatch` laid over the pod template: maps merge, lists merge by the keys that the API
 * defines for them, atomic lists are replaced. What a patch must not do is in pod-template-check.ts.
 */
import type { PassThrough } from '../../api/ha.ts';
import { isObject } from '../../base/read.ts';
import { onlySet } from '../child.ts';
import { type ListRule, mergeMaps } from '../merge.ts';

/** The patched template; the patch has the last word. A list or map that it empties is left out. */
export function patchPodTemplate(template: PassThrough, patch: PassThrough): PassThrough {
  const patched = mergeMaps(template, patch, { listRuleAt: podListRule });
  return isObject(patched.spec) ? { ...patched, spec: onlySet(patched.spec) } : patched;
}

/** A container with the user's fields laid over it, by the rules of the pod template. */
export function patchContainer(container: PassThrough, patch: PassThrough): PassThrough {
  return mergeMaps(container, patch, { listRuleAt: podListRule, path: 'spec.containers[]' });
}

/** The rule of the list at a path of the pod template; undefined for an atomic list. */
export function podListRule(path: string): ListRule | undefined {
  return POD_LISTS.get(path);
}

const byName: ListRule = { keys: [{ field: 'name' }], items: 'Merge' };
/** Items of which only one of many fields may be set, so that merging two would break them. */
const unionByName: ListRule = { keys: [{ field: 'name' }], items: 'Replace' };

const CONTAINER_LISTS: Readonly<Record<string, ListRule>> = {
  env: unionByName,
  ports: {
    keys: [{ field: 'containerPort' }, { field: 'protocol', fallback: 'TCP' }],
    items: 'Merge',
  },
  volumeMounts: { keys: [{ field: 'mountPath' }], items: 'Merge' },
  volumeDevices: { keys: [{ field: 'devicePath' }], items: 'Merge' },
  'resources.claims': byName,
};

/** Lists of a pod template that merge, by path. Every other list is atomic, tolerations among them. */
const POD_LISTS: ReadonlyMap<string, ListRule> = new Map([
  ['spec.containers', byName],
  ['spec.initContainers', byName],
  ['spec.volumes', unionByName],
  ['spec.imagePullSecrets', byName],
  ['spec.resourceClaims', unionByName],
  ['spec.schedulingGates', byName],
  ['spec.hostAliases', { keys: [{ field: 'ip' }], items: 'Merge' }],
  [
    'spec.topologySpreadConstraints',
    { keys: [{ field: 'topologyKey' }, { field: 'whenUnsatisfiable' }], items: 'Merge' },
  ],
  ...['spec.containers[]', 'spec.initContainers[]'].flatMap((container) =>
    Object.entries(CONTAINER_LISTS).map(([list, rule]) => [`${container}.${list}`, rule] as const),
  ),
]);
