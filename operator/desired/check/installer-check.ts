/** What the installer's policy lets a resource change of the pods: patches, env and volumes. */
import type { Ha, PassThrough } from '../../api/ha.ts';
import type { TerminalError } from '../../api/status.ts';
import { isObject } from '../../base/read.ts';
import type { InstallerPolicy } from '../installer.ts';
import { patchError } from './patch-shape-check.ts';
import { itemsIn } from './pod-additions.ts';

/** The patch, env, volumes and mounts of a resource, as far as the installer forbids them. */
export function installerErrors(ha: Ha, policy: InstallerPolicy): readonly TerminalError[] {
  const refused = 'is not allowed by whoever installed the operator: remove it';
  const patched = Object.keys(ha.podTemplatePatch).length > 0;
  const patch = patched && policy.podTemplatePatch === 'Refused' ? [patchError(refused)] : [];
  if (policy.envAndVolumes === 'Allowed') return patch;
  const inPatch = patch.length > 0 ? [] : patchedEnvAndVolumes(ha.podTemplatePatch);
  const found = [...ownEnvAndVolumes(ha), ...inPatch];
  return [
    ...patch,
    ...found.map(({ field, reason }) => ({ reason, message: `${field} ${refused}.` })),
  ];
}

/** A field that sets env, volumes or mounts, and the reason that its refusal gives. */
interface ForbiddenField {
  readonly field: string;
  readonly reason: TerminalError['reason'];
}

/** Fields of `spec.controller` that set env, volumes or mounts. */
export function ownEnvAndVolumes({ controller }: Ha): readonly ForbiddenField[] {
  const lists: Readonly<Record<string, readonly unknown[]>> = {
    'spec.controller.manager.env': controller.manager.env,
    'spec.controller.manager.volumeMounts': controller.manager.volumeMounts,
    'spec.controller.adc.env': controller.adc.env,
    'spec.controller.adc.volumeMounts': controller.adc.volumeMounts,
    'spec.controller.volumes': controller.volumes,
  };
  return Object.entries(lists)
    .filter(([, list]) => list.length > 0)
    .map(([field]) => ({ field, reason: 'ConfigRefused' }));
}

function patchedEnvAndVolumes(patch: PassThrough): readonly ForbiddenField[] {
  const fields = ['env', 'envFrom', 'volumeMounts', 'volumeDevices'];
  const inContainers = ['containers', 'initContainers'].flatMap((list) =>
    itemsIn(patch, list).flatMap((container) =>
      fields
        .filter((field) => Object.hasOwn(container, field))
        .map((field) => `spec.${list}[${String(container.name)}].${field}`),
    ),
  );
  const volumes = isObject(patch.spec) && Object.hasOwn(patch.spec, 'volumes');
  return [...inContainers, ...(volumes ? ['spec.volumes'] : [])].map((field) => ({
    field: `spec.podTemplatePatch: ${field}`,
    reason: 'PodTemplatePatchRefused',
  }));
}
