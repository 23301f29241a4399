/**
 * The grammars of names, images and labels. No pattern repeats a group that can match in two ways,
 * so a hostile value costs no more than a good one.
 */

import { parseDurationMs } from '../duration.ts';
import type { ControllerSpec, IngressControllerHA } from '../types.generated.ts';
import { celIsDuration } from './durations.ts';
import { celText, format, type Rule } from './rule.ts';

const LABEL = '[a-z0-9]+(-+[a-z0-9]+)*';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const PATH_PART = '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*';
const HOST = '[A-Za-z0-9]+((\\.|-+)[A-Za-z0-9]+)*(:[0-9]{1,5})?';
const QUALIFIED_NAME = '[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?';

/** Longest resource name: the pods' names must stay within 63 characters, the limit of host names. */
const NAME_MAX_LENGTH = 41;

/** The rules on the resource as a whole. */
export const RESOURCE_RULES: readonly Rule<IngressControllerHA>[] = [
  {
    name: 'name-length',
    blames: 'metadata.name',
    cel: `self.metadata.name.size() <= ${NAME_MAX_LENGTH}`,
    message: `\`metadata.name\` must be at most ${NAME_MAX_LENGTH} characters long, so that the names of the pods stay within 63`,
    holds: ({ metadata }) => metadata.name.length <= NAME_MAX_LENGTH,
  },
  {
    name: 'name-format',
    blames: 'metadata.name',
    cel: "self.metadata.name.matches(r'^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message:
      '`metadata.name` must start with a lower-case letter and consist of lower-case letters, digits and hyphens, since a Service is named after it',
    holds: ({ metadata }) => /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(metadata.name),
  },
];

/** `spec.controller.version`: a release, as semantic versions are written. */
export const VERSION_RULES = [
  format(
    'version',
    '^[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}(-[0-9A-Za-z.-]{1,32})?$',
    'a release such as 2.2.0, without a leading v',
  ),
];

/** `image.repository`, in the grammar of the distribution project's image references. */
export const REPOSITORY_RULES = [
  format(
    'repository',
    `^(${HOST}/)?${PATH_PART}(/${PATH_PART})*$`,
    'an image name without tag and digest, for example apache/apisix-ingress-controller',
  ),
];

/** `image.tag`, at most 128 characters. */
export const TAG_RULES = [
  format(
    'tag',
    '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$',
    'letters, digits, dots, hyphens and underscores, and must not start with a dot or a hyphen',
  ),
];

/** `image.digest`. */
export const DIGEST_RULES = [
  format('digest', '^sha256:[a-f0-9]{64}$', 'sha256: followed by 64 lower-case hexadecimal digits'),
];

/** `leaderElection.leaseName`: a DNS subdomain. */
export const LEASE_NAME_RULES = [
  format(
    'leaseName',
    `^${SUBDOMAIN}$`,
    'lower-case letters, digits, hyphens and dots, and must start and end with a letter or digit',
  ),
];

/** `placement.priorityClassName`: a DNS subdomain. */
export const PRIORITY_CLASS_RULES = [
  format(
    'priorityClassName',
    `^${SUBDOMAIN}$`,
    'lower-case letters, digits, hyphens and dots, and must start and end with a letter or digit',
  ),
];

/** `config.controllerName`: what a GatewayClass and an IngressClass name. */
export const CONTROLLER_NAME_RULES = [
  format(
    'controllerName',
    `^${SUBDOMAIN}/[A-Za-z0-9/._~%!$&'()*+,;=:-]+$`,
    'a domain and a path, for example apisix.apache.org/apisix-ingress-controller',
  ),
];

/** Values of inherited labels: empty, or as Kubernetes takes them. */
export const LABEL_VALUE_RULES = [
  format(
    'labels',
    `^(${QUALIFIED_NAME})?$`,
    'at most 63 letters, digits, dots, hyphens and underscores each, and must start and end with a letter or digit',
  ),
];

/** Most characters that the values of all variables of a container have. */
const ENV_MAX_CHARACTERS = 32 * 1024;

/** `env`: what all values of a container may amount to. */
export const ENV_RULES: readonly Rule<readonly { readonly value?: string }[]>[] = [
  {
    name: 'env-size',
    cel: `self.map(e, has(e.value) ? e.value.size() : 0).sum() <= ${ENV_MAX_CHARACTERS}`,
    message: `\`env\` must have values of at most ${ENV_MAX_CHARACTERS} characters in all: mount a ConfigMap for more`,
    holds: (self) =>
      self.reduce((sum, { value = '' }) => sum + [...value].length, 0) <= ENV_MAX_CHARACTERS,
  },
];

/** A count from 1 or a percentage from 1% to 100%. */
export function atLeastOne(field: string): readonly Rule<number | string>[] {
  const percentage = '^([1-9][0-9]?|100)%$';
  return [
    {
      name: `${field}-at-least-one`,
      cel: `type(self) == int ? self >= 1 : self.matches(${celText(percentage)})`,
      message: `\`${field}\` must be a number from 1, or a percentage from 1% to 100%`,
      holds: (self) =>
        typeof self === 'number' ? self >= 1 : new RegExp(percentage).test(String(self)),
    },
  ];
}

/** The rules on `spec.controller`, whose provider depends on the distribution. */
export const CONTROLLER_RULES: readonly Rule<ControllerSpec>[] = [
  {
    name: 'api7-provider-only-with-api7',
    fieldPath: '.config.provider.type',
    cel: "!has(self.config.provider.type) || self.config.provider.type != 'API7EE' || self.distribution == 'API7'",
    message:
      '`config.provider.type` must not be API7EE when `distribution` is APISIX: only API7 knows it',
    holds: ({ config, distribution }) =>
      config.provider.type !== 'API7EE' || distribution === 'API7',
  },
  {
    name: 'sync-period-positive',
    fieldPath: '.config.provider.syncPeriod',
    cel: [
      '!has(self.config.provider.syncPeriod)',
      `!${celIsDuration('self.config.provider.syncPeriod')}`,
      "duration(self.config.provider.syncPeriod) >= duration('1s')",
      "(self.distribution == 'API7' && (!has(self.config.provider.type) || self.config.provider.type == 'API7EE'))",
    ].join(' || '),
    message:
      '`config.provider.syncPeriod` must be at least 1s, except with the provider type API7EE',
    holds: ({ config: { provider }, distribution }) =>
      (parseDurationMs(provider.syncPeriod ?? '') ?? 1000) >= 1000 ||
      (distribution === 'API7' && (provider.type ?? 'API7EE') === 'API7EE'),
  },
];
