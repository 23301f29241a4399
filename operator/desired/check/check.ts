/**
 * What keeps a resource from being applied, and what is merely unwise. Both in a fixed order, each as one
 * sentence: what, where, which input, and what to do.
 */

import { clip } from '../../api/fit-value.ts';
import type { Ha, ImageSettings } from '../../api/ha.ts';
import type { Advice, TerminalError } from '../../api/status.ts';
import { CATALOGUE, catalogueEntry, isOlder, nearestEntry, versionNumbers } from '../catalogue.ts';
import { goDuration } from '../config.ts';
import { type LazyConfig, lazyConfig } from '../config-map.ts';
import type { InstallerPolicy } from '../installer.ts';
import { keysLeftOffPods } from '../pod/pod-metadata.ts';
import { configErrors, unknownConfigKeys } from './config-check.ts';
import { freeFormErrors } from './free-form-check.ts';
import { imageErrors } from './image-check.ts';
import { leaseErrors } from './lease-check.ts';
import { podTemplateErrors } from './pod-template-check.ts';
import { securityErrors } from './security-check.ts';

/** Everything that keeps the resource from being applied. While there is any, what runs is left running. */
export function findTerminalErrors(ha: Ha, policy: InstallerPolicy): readonly TerminalError[] {
  return [...eachTerminalError(ha, policy)];
}

/**
 * The same one after the other, so that those found are known even if a later check throws. `config` is rendered only
 * if the pod template has to be looked at. Default: it is rendered here.
 */
export function* eachTerminalError(
  ha: Ha,
  policy: InstallerPolicy,
  config: LazyConfig = lazyConfig(ha),
): Generator<TerminalError> {
  const unreadable = freeFormErrors(ha);
  yield* unreadable;
  if (unreadable.length > 0) return;
  yield* leaseErrors(ha, policy);
  yield* versionErrors(ha);
  yield* imageErrors(ha, policy);
  yield* securityErrors(ha, policy);
  yield* podTemplateErrors(ha, policy, config);
  yield* configErrors(ha);
}

/** Advice about the resource's own settings under this policy. It keeps nothing from running. */
export function findAdvice(ha: Ha, policy: InstallerPolicy): readonly Advice[] {
  return [
    ...electionAdvice(ha),
    ...adcTimeoutAdvice(ha),
    ...configKeyAdvice(ha),
    ...podMetadataAdvice(ha, policy),
    ...versionAdvice(ha),
    ...imageVersionAdvice(ha),
  ];
}

/** Keys that one piece of advice names, and characters of each: all advice goes into one condition's message. */
const KEYS_SHOWN = 10;
const KEY_LENGTH_SHOWN = 100;

/** Least time between a leader's last act and the end of its Lease, in ms; below it leaders are known to flap. */
const SMALL_SLACK_MS = 3_000;

function versionErrors(ha: Ha): readonly TerminalError[] {
  const { version, manager, adc } = ha.controller;
  if (catalogueEntry(version) !== undefined) return [];
  if (namesVersion(manager.image) && namesVersion(adc.image)) return [];
  const known = CATALOGUE.map((entry) => entry.version).join(', ');
  const message = `spec.controller.version "${version}" is not one of ${known}: choose one of these, or name tag or digest of both spec.controller.manager.image and spec.controller.adc.image.`;
  return [{ reason: 'VersionUnsupported', message }];
}

function electionAdvice({ election }: Ha): readonly Advice[] {
  const { mode, leaseDurationMs, renewDeadlineMs, retryPeriodMs } = election;
  const slackMs = leaseDurationMs - renewDeadlineMs - retryPeriodMs;
  if (mode === 'Disabled' || slackMs >= SMALL_SLACK_MS) return [];
  const message = `spec.leaderElection leaves ${goDuration(slackMs)} between the leader's last act and the end of its Lease (leaseDuration - renewDeadline - retryPeriod), so a slow API server can cost the leader its place or give you two: leave at least ${goDuration(SMALL_SLACK_MS)}.`;
  return [{ reason: 'ElectionSlackSmall', message }];
}

function adcTimeoutAdvice({ controller, election }: Ha): readonly Advice[] {
  const { execADCTimeoutMs } = controller.config;
  if (election.mode === 'Disabled' || execADCTimeoutMs < election.leaseDurationMs) return [];
  const message = `spec.controller.config.execADCTimeout is ${goDuration(execADCTimeoutMs)}, not less than spec.leaderElection.leaseDuration (${goDuration(election.leaseDurationMs)}), so a push of a lost leader can outlive its Lease: lower the timeout or raise the duration.`;
  return [{ reason: 'ADCTimeoutExceedsLease', message }];
}

function configKeyAdvice(ha: Ha): readonly Advice[] {
  const keys = unknownConfigKeys(ha);
  if (keys.length === 0) return [];
  const shown = keys.slice(0, KEYS_SHOWN).map((key) => clip(key, KEY_LENGTH_SHOWN));
  const more = keys.length > KEYS_SHOWN ? ` and ${keys.length - KEYS_SHOWN} more` : '';
  const message = `spec.controller.configOverrides sets ${shown.join(', ')}${more}, which no known version of the controller reads: it ignores such keys, so check the spelling.`;
  return [{ reason: 'ConfigKeyUnknown', message }];
}

/** Keys that are named; of further ones only the number is told. */
const NAMED_KEYS = 3;

function podMetadataAdvice({ inherited }: Ha, policy: InstallerPolicy): readonly Advice[] {
  const keys = keysLeftOffPods(inherited, policy);
  if (keys.length === 0) return [];
  const rest = keys.length > NAMED_KEYS ? ` and ${keys.length - NAMED_KEYS} more` : '';
  const message = `spec.inheritedMetadata has ${keys.slice(0, NAMED_KEYS).join(', ')}${rest}, which whoever installed the operator does not allow on pods (--allowed-pod-metadata): pods do not carry it, nor does the Deployment as an annotation, and all else does.`;
  return [{ reason: 'PodMetadataLeftOff', message }];
}

function versionAdvice({ controller }: Ha): readonly Advice[] {
  if (catalogueEntry(controller.version) !== undefined) return [];
  const nearest = nearestEntry(controller.version).version;
  const message = `spec.controller.version "${controller.version}" is not in this operator's catalogue: it is configured like ${nearest}, which has not been tested, so read its log after the rollout.`;
  return [{ reason: 'VersionUnlisted', message }];
}

function imageVersionAdvice({ controller }: Ha): readonly Advice[] {
  const { version, manager, adc } = controller;
  const entry = catalogueEntry(version);
  if (entry === undefined) return [];
  const messages: string[] = [];
  if (differsFrom(entry.managerTag, manager.image)) {
    messages.push(
      `spec.controller.manager.image.tag "${manager.image.tag}" is not version ${version}: set spec.controller.version to what runs, since it decides configuration and sidecar.`,
    );
  }
  const adcTag = adc.image.digest === undefined ? (adc.image.tag ?? entry.adcTag) : entry.adcTag;
  if (isOlder(adcTag, entry.minimumAdc)) {
    messages.push(
      `spec.controller.adc.image.tag "${adcTag}" is older than ${entry.minimumAdc}, which version ${version} needs: leave the tag out to get ${entry.adcTag}.`,
    );
  }
  return messages.map((message) => ({ reason: 'ImageVersionMismatch', message }));
}

/** True for a tag that is a version, and another one. A digest or a tag such as "dev" says nothing. */
function differsFrom(tag: string, image: ImageSettings): boolean {
  if (image.digest !== undefined || image.tag === undefined) return false;
  const numbers = versionNumbers(image.tag);
  return numbers !== undefined && numbers.join('.') !== versionNumbers(tag)?.join('.');
}

function namesVersion(image: ImageSettings): boolean {
  return image.tag !== undefined || image.digest !== undefined;
}
