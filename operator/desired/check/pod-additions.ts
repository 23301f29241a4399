/** What the user adds to the pods, as the resource names it. */
import type { Ha, PassThrough } from '../../api/ha.ts';
import { isObject } from '../../base/read.ts';
import { ADC_CONTAINER, MANAGER_CONTAINER } from '../pod/containers.ts';

/** Containers, init containers included, that the patch adds to ours. */
export function addedContainers(ha: Ha): readonly PassThrough[] {
  return ['containers', 'initContainers']
    .flatMap((list) => itemsIn(ha.podTemplatePatch, list))
    .filter(({ name }) => name !== MANAGER_CONTAINER && name !== ADC_CONTAINER);
}

/** Volumes that the user adds, or puts in the place of one of ours, by the field that they stand in. */
export function addedVolumes(ha: Ha): Readonly<Record<string, readonly PassThrough[]>> {
  return {
    'spec.controller.volumes': ha.controller.volumes,
    'spec.podTemplatePatch': itemsIn(ha.podTemplatePatch, 'volumes'),
  };
}

/** The objects in a list of `spec` in a patch of the pod template, such as `containers`; none if it is no list. */
export function itemsIn(patch: PassThrough, list: string): readonly PassThrough[] {
  const spec = isObject(patch.spec) ? patch.spec : {};
  const items = Object.hasOwn(spec, list) ? spec[list] : [];
  return Array.isArray(items) ? items.filter(isObject) : [];
}
