/** Fields of the pod template by which the operator tells which pod leads, and by which the pods work at all. */
import type { Ha, PassThrough } from '../../api/ha.ts';
import type { TerminalError } from '../../api/status.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import { isObject } from '../../base/read.ts';
import type { LazyConfig } from '../config-map.ts';
import type { InstallerPolicy } from '../installer.ts';
import {
  ADC_CONTAINER,
  CONFIG_PATH,
  MANAGER_CONTAINER,
  SOCKETS_PATH,
  Volume,
} from '../pod/containers.ts';
import { ELECTION_MODE_ANNOTATION, podTemplate } from '../pod/pod-template.ts';
import { patchPodTemplate } from '../pod/pod-template-patch.ts';
import { ownEnvAndVolumes } from './installer-check.ts';

/** A field of the template that must stay as we set it, and the end of a sentence that says why. */
interface FixedField {
  readonly path: readonly string[];
  readonly because: string;
}

const fixed = (path: string, because: string): FixedField => ({ path: path.split(' '), because });

const LEADER_LOST = 'or the operator could not tell which pod holds the Lease';
const MEETING = 'or manager and sidecar could not find each other';
const START = 'since the images start differently from version to version';
const MANAGER = `spec containers ${MANAGER_CONTAINER}`;
const ADC = `spec containers ${ADC_CONTAINER}`;

/** A segment names a member of a map, or the item of a list with that name or mount path. */
const FIXED_FIELDS: readonly FixedField[] = [
  fixed('spec hostNetwork', LEADER_LOST),
  fixed('spec hostPID', LEADER_LOST),
  fixed('spec shareProcessNamespace', LEADER_LOST),
  fixed('spec hostname', LEADER_LOST),
  fixed('spec hostnameOverride', LEADER_LOST),
  fixed('spec setHostnameAsFQDN', LEADER_LOST),
  fixed(`metadata annotations ${ELECTION_MODE_ANNOTATION}`, 'use spec.leaderElection.mode'),
  fixed('spec serviceAccountName', 'since only the installer chooses the account'),
  fixed('spec serviceAccount', 'since only the installer chooses the account'),
  fixed('spec terminationGracePeriodSeconds', 'use spec.rollout.terminationGracePeriodSeconds'),
  fixed(`${MANAGER} image`, 'use spec.controller.manager.image'),
  fixed(`${MANAGER} command`, START),
  fixed(`${MANAGER} args`, 'since the manager ignores flags beside its config file'),
  fixed(`${MANAGER} env POD_NAMESPACE`, 'since it is the namespace of the Lease'),
  fixed(`${MANAGER} env POD_NAME`, LEADER_LOST),
  fixed(`${MANAGER} env ADC_SERVER_URL`, MEETING),
  fixed(`${MANAGER} volumeMounts ${CONFIG_PATH}`, 'use spec.controller.configOverrides'),
  fixed(`${MANAGER} volumeMounts ${SOCKETS_PATH}`, MEETING),
  fixed(`${ADC} image`, 'use spec.controller.adc.image'),
  fixed(`${ADC} command`, START),
  fixed(`${ADC} args`, MEETING),
  fixed(`${ADC} env ADC_RUNNING_MODE`, 'since the sidecar serves the manager in this mode only'),
  fixed(`${ADC} env ADC_INGRESS_LOG_LEVEL`, 'use spec.controller.adc.logLevel'),
  fixed(`${ADC} volumeMounts ${SOCKETS_PATH}`, MEETING),
  fixed(`spec volumes ${Volume.Config}`, 'use spec.controller.configOverrides'),
  fixed(`spec volumes ${Volume.Sockets}`, MEETING),
];

/** Fixed fields that the user changes, each with the input that changes it. */
export function fixedFieldErrors(
  ha: Ha,
  policy: InstallerPolicy,
  config: LazyConfig,
): readonly TerminalError[] {
  // Most resources say nothing that could change one; to look nevertheless would cost three templates.
  if (Object.keys(ha.podTemplatePatch).length === 0 && ownEnvAndVolumes(ha).length === 0) return [];
  const configMapName = config().name;
  const ours = podTemplate(withoutOwnFields(ha), policy, configMapName);
  const settings = podTemplate(ha, policy, configMapName);
  const patched = patchPodTemplate(settings, ha.podTemplatePatch);
  return [...FIXED_FIELDS, ...ourLabels(ours)].flatMap(({ path, because }) => {
    const expected = textAt(ours, path);
    if (textAt(patched, path) === expected) return [];
    const byPatch = textAt(settings, path) === expected;
    const input = byPatch ? 'spec.podTemplatePatch' : 'spec.controller';
    const message = `${input} changes ${path.join('.')} of the pod template, which must stay as it is, ${because}.`;
    return [{ reason: byPatch ? 'PodTemplatePatchRefused' : 'ConfigRefused', message }];
  });
}

function ourLabels(ours: PassThrough): readonly FixedField[] {
  const labels = valueAt(ours, ['metadata', 'labels']);
  return Object.keys(isObject(labels) ? labels : {}).map((label) => ({
    path: ['metadata', 'labels', label],
    because: 'since pods are found by it',
  }));
}

function withoutOwnFields(ha: Ha): Ha {
  const { manager, adc } = ha.controller;
  const none = { env: [], volumeMounts: [] };
  const controller = {
    ...ha.controller,
    volumes: [],
    manager: { ...manager, ...none },
    adc: { ...adc, ...none },
  };
  return { ...ha, controller };
}

/** The value as text for comparison; `false` means the same as no value. */
function textAt(template: PassThrough, path: readonly string[]): string {
  const value = valueAt(template, path);
  return canonicalJson(value === false ? undefined : value);
}

function valueAt(value: unknown, [segment, ...rest]: readonly string[]): unknown {
  if (segment === undefined) return value;
  if (Array.isArray(value)) {
    const named = value.filter(
      (it) => isObject(it) && (it.name === segment || it.mountPath === segment),
    );
    const found = named.map((item) => valueAt(item, rest));
    return found.length > 1 ? found : found[0];
  }
  return isObject(value) && Object.hasOwn(value, segment)
    ? valueAt(value[segment], rest)
    : undefined;
}
