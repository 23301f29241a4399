/**
 * What the user may not do to the pod template, by `podTemplatePatch` or by env, volumes and mounts:
 * everything by which the operator tells which pod leads, and everything that the installer forbids.
 */
import type { Ha, PassThrough } from '../../api/ha.ts';
import type { Blocker } from '../../api/status.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import { isObject } from '../../base/read.ts';
import type { InstallerPolicy } from '../installer.ts';
import { itemIdentity } from '../merge.ts';
import {
  ADC_CONTAINER,
  CONFIG_PATH,
  MANAGER_CONTAINER,
  SOCKETS_PATH,
  Volume,
} from '../pod/containers.ts';
import { ELECTION_MODE_ANNOTATION, podTemplate } from '../pod/pod-template.ts';
import { patchPodTemplate, podListRule } from '../pod/pod-template-patch.ts';

/** Everything about the pods that keeps them from being applied. */
export function podTemplateBlockers(ha: Ha, policy: InstallerPolicy): readonly Blocker[] {
  const forbidden = forbiddenByInstaller(ha, policy);
  if (forbidden.length > 0) return forbidden;
  const misshapen = misshapenPatch(ha.podTemplatePatch);
  return misshapen.length > 0 ? misshapen : movedAnchors(ha, policy);
}

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

function forbiddenByInstaller(ha: Ha, policy: InstallerPolicy): readonly Blocker[] {
  const refused = 'is not allowed by whoever installed the operator: remove it';
  const patched = Object.keys(ha.podTemplatePatch).length > 0;
  const patch = patched && policy.podTemplatePatch === 'Refused' ? [patchRefused(refused)] : [];
  if (policy.envAndVolumes === 'Allowed') return patch;
  const inPatch = patch.length > 0 ? [] : patchedEnvAndVolumes(ha.podTemplatePatch);
  const found = [...ownEnvAndVolumes(ha), ...inPatch];
  return [
    ...patch,
    ...found.map(({ field, reason }) => ({ reason, message: `${field} ${refused}.` })),
  ];
}

interface Found {
  readonly field: string;
  readonly reason: Blocker['reason'];
}

function ownEnvAndVolumes({ controller }: Ha): readonly Found[] {
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

function patchedEnvAndVolumes(patch: PassThrough): readonly Found[] {
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

function misshapenPatch(patch: PassThrough): readonly Blocker[] {
  const metadata = isObject(patch.metadata) ? patch.metadata : {};
  return [
    ...unexpectedKeys(patch, ['metadata', 'spec'], ''),
    ...unexpectedKeys(metadata, ['labels', 'annotations'], 'metadata.'),
    ...Object.entries(patch)
      .filter(([, value]) => !isObject(value))
      .map(([key]) => `has "${key}", which must be a map`),
    ...itemsWithoutKey(patch, ''),
  ].map(patchRefused);
}

function unexpectedKeys(map: PassThrough, expected: readonly string[], path: string) {
  return Object.keys(map)
    .filter((key) => !expected.includes(key))
    .map((key) => `has ${path}${key}, but may only have ${expected.join(' and ')} there`);
}

/** Items of keyed lists that lack a key: nobody could say which item they change. */
function itemsWithoutKey(value: unknown, path: string): readonly string[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, member]) =>
      itemsWithoutKey(member, path === '' ? key : `${path}.${key}`),
    );
  }
  if (!Array.isArray(value)) return [];
  const rule = podListRule(path);
  if (rule === undefined) return [];
  const lacking = value.findIndex((item) => itemIdentity(item, rule.keys) === undefined);
  const keys = rule.keys.filter((key) => key.fallback === undefined).map((key) => key.field);
  const own = lacking === -1 ? [] : [`has ${path}[${lacking}] without its ${keys.join(' and ')}`];
  return [...own, ...value.flatMap((item) => itemsWithoutKey(item, `${path}[]`))];
}

/** A place of the template that must stay as we set it, and the end of a sentence that says why. */
interface Anchor {
  readonly path: readonly string[];
  readonly because: string;
}

const anchor = (path: string, because: string): Anchor => ({ path: path.split(' '), because });

const LEADER_LOST = 'or the operator could not tell which pod holds the Lease';
const MEETING = 'or manager and sidecar could not find each other';
const START = 'since the images start differently from version to version';
const MANAGER = `spec containers ${MANAGER_CONTAINER}`;
const ADC = `spec containers ${ADC_CONTAINER}`;

/** A segment names a member of a map, or the item of a list with that name or mount path. */
const ANCHORS: readonly Anchor[] = [
  anchor('spec hostNetwork', LEADER_LOST),
  anchor('spec hostPID', LEADER_LOST),
  anchor('spec shareProcessNamespace', LEADER_LOST),
  anchor('spec hostname', LEADER_LOST),
  anchor('spec hostnameOverride', LEADER_LOST),
  anchor('spec setHostnameAsFQDN', LEADER_LOST),
  anchor(`metadata annotations ${ELECTION_MODE_ANNOTATION}`, 'use spec.leaderElection.mode'),
  anchor('spec serviceAccountName', 'since only the installer chooses the account'),
  anchor('spec serviceAccount', 'since only the installer chooses the account'),
  anchor('spec terminationGracePeriodSeconds', 'use spec.rollout.terminationGracePeriodSeconds'),
  anchor(`${MANAGER} image`, 'use spec.controller.manager.image'),
  anchor(`${MANAGER} command`, START),
  anchor(`${MANAGER} args`, 'since the manager ignores flags beside its config file'),
  anchor(`${MANAGER} env POD_NAMESPACE`, 'since it is the namespace of the Lease'),
  anchor(`${MANAGER} env POD_NAME`, LEADER_LOST),
  anchor(`${MANAGER} env ADC_SERVER_URL`, MEETING),
  anchor(`${MANAGER} volumeMounts ${CONFIG_PATH}`, 'use spec.controller.configOverrides'),
  anchor(`${MANAGER} volumeMounts ${SOCKETS_PATH}`, MEETING),
  anchor(`${ADC} image`, 'use spec.controller.adc.image'),
  anchor(`${ADC} command`, START),
  anchor(`${ADC} args`, MEETING),
  anchor(`${ADC} env ADC_RUNNING_MODE`, 'since the sidecar serves the manager in this mode only'),
  anchor(`${ADC} env ADC_INGRESS_LOG_LEVEL`, 'use spec.controller.adc.logLevel'),
  anchor(`${ADC} volumeMounts ${SOCKETS_PATH}`, MEETING),
  anchor(`spec volumes ${Volume.Config}`, 'use spec.controller.configOverrides'),
  anchor(`spec volumes ${Volume.Sockets}`, MEETING),
];

/** Anchors that the user moved, each with the input that moves it. */
function movedAnchors(ha: Ha, policy: InstallerPolicy): readonly Blocker[] {
  // Most resources say nothing that could move one; to look nevertheless would cost three templates.
  if (Object.keys(ha.podTemplatePatch).length === 0 && ownEnvAndVolumes(ha).length === 0) return [];
  const ours = podTemplate(withoutOwnFields(ha), policy);
  const settings = podTemplate(ha, policy);
  const patched = patchPodTemplate(settings, ha.podTemplatePatch);
  return [...ANCHORS, ...ourLabels(ours)].flatMap(({ path, because }) => {
    const expected = textAt(ours, path);
    if (textAt(patched, path) === expected) return [];
    const byPatch = textAt(settings, path) === expected;
    const input = byPatch ? 'spec.podTemplatePatch' : 'spec.controller';
    const message = `${input} changes ${path.join('.')} of the pod template, which must stay as it is, ${because}.`;
    return [{ reason: byPatch ? 'PodTemplatePatchRefused' : 'ConfigRefused', message }];
  });
}

function ourLabels(ours: PassThrough): readonly Anchor[] {
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

/** The value as text for comparison; `false` says the same as nothing. */
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

function itemsIn(patch: PassThrough, list: string): readonly PassThrough[] {
  const spec = isObject(patch.spec) ? patch.spec : {};
  const items = Object.hasOwn(spec, list) ? spec[list] : [];
  return Array.isArray(items) ? items.filter(isObject) : [];
}

function patchRefused(problem: string): Blocker {
  return { reason: 'PodTemplatePatchRefused', message: `spec.podTemplatePatch ${problem}.` };
}
