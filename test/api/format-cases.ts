/** What the grammars of names, images, labels and lists accept and refuse. Feeds as rule-cases.ts. */
import { DENIED_KEYS, DENIED_PREFIXES } from '../../operator/api/rules/inherited.ts';
import type { Case } from './case.ts';

interface Grammar {
  readonly path: string;
  readonly breaks: string;
  readonly set: (value: string) => unknown;
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

const image = (field: string) => (value: string) => ({
  controller: { manager: { image: { [field]: value } } },
});
const SUBDOMAINS = {
  good: ['a', 'a-b', 'a--b', 'a.b-c.d', '0a', 'a'.repeat(253)],
  bad: ['A', '-a', 'a-', 'a..b', '.a', 'a_b', 'a b', 'a\n', 'ä'],
};

const GRAMMARS: readonly Grammar[] = [
  {
    path: 'spec.controller.manager.image.repository',
    breaks: 'repository-format',
    set: image('repository'),
    good: [
      'apisix',
      'apache/apisix-ingress-controller',
      'ghcr.io/api7/adc',
      'Registry.Example:5000/a/b__c/d.e',
      'localhost:5000/x',
    ],
    bad: ['', 'a:tag', 'a@sha256:0', '/a', 'a/', 'a//b', 'A/B', 'https://x/y', 'a___b', 'a b'],
  },
  {
    path: 'spec.controller.manager.image.tag',
    breaks: 'tag-format',
    set: image('tag'),
    good: ['2.2.0', 'latest', '_x', 'A-b.c_d'],
    bad: ['', '.a', '-a', 'a:b', 'a/b', 'a b'],
  },
  {
    path: 'spec.controller.manager.image.digest',
    breaks: 'digest-format',
    set: image('digest'),
    good: [`sha256:${'0a'.repeat(32)}`],
    bad: ['', 'sha256:0a', `sha256:${'0A'.repeat(32)}`, `md5:${'0a'.repeat(32)}`],
  },
  {
    path: 'spec.controller.version',
    breaks: 'version-format',
    set: (version) => ({ controller: { version } }),
    good: ['2.2.0', '2.10.11', '3.0.0-rc.1'],
    bad: ['', 'v2.2.0', '2.2', 'latest', '2.2.0+x', '2.2.0-'],
  },
  {
    path: 'spec.controller.config.controllerName',
    breaks: 'controllerName-format',
    set: (controllerName) => ({ controller: { config: { controllerName } } }),
    good: ['apisix.apache.org/apisix-ingress-controller', 'a/b', "a.b/~c/d'e"],
    bad: ['', 'a', 'a/', '/a', 'A/b', 'a b/c', 'a/b c', 'a/b#c'],
  },
  {
    path: 'spec.leaderElection.leaseName',
    breaks: 'leaseName-format',
    set: (leaseName) => ({ leaderElection: { leaseName } }),
    ...SUBDOMAINS,
  },
  {
    path: 'spec.placement.priorityClassName',
    breaks: 'priorityClassName-format',
    set: (priorityClassName) => ({ placement: { priorityClassName } }),
    ...SUBDOMAINS,
  },
  {
    path: 'spec.inheritedMetadata.labels.team',
    breaks: 'labels-format',
    set: (team) => ({ inheritedMetadata: { labels: { team } } }),
    good: ['', 'edge', 'a.b_c-D', '1'],
    bad: ['-a', 'a-', 'a b', 'a/b', 'ä'],
  },
  ...['labels', 'annotations'].flatMap((field) => [
    {
      path: `spec.inheritedMetadata.${field}`,
      breaks: `${field}-key-format`,
      set: (key: string) => ({ inheritedMetadata: { [field]: { [key]: 'x' } } }),
      good: ['a', 'a.b_c-D', 'example.com/a', 'a'.repeat(63), `${'a'.repeat(253)}/b`],
      bad: ['', '-a', 'a/b/c', 'A.com/b', 'a b', '/a', 'a'.repeat(64), `${'a'.repeat(254)}/b`],
    },
    {
      path: `spec.inheritedMetadata.${field}`,
      breaks: `${field}-key-foreign`,
      set: (key: string) => ({ inheritedMetadata: { [field]: { [key]: 'x' } } }),
      good: [
        'app.kubernetes.io/part-of',
        'example.helm.sh/x',
        'cluster-autoscaler.kubernetes.io/safe-to-evict',
      ],
      bad: [...DENIED_KEYS, ...DENIED_PREFIXES.map((prefix) => `${prefix}x`)],
    },
  ]),
];

const grammars: readonly Case[] = GRAMMARS.flatMap(({ path, breaks, set, good, bad }) => [
  ...good.map((value) => ({
    sentence: `accepts ${path} ${shown(value)}, as to ${breaks}`,
    spec: set(value),
    accepted: true,
  })),
  ...bad.map((value) => ({
    sentence: `refuses ${path} ${shown(value)} by ${breaks}`,
    spec: set(value),
    accepted: false,
    breaks,
    path,
  })),
]);

function shown(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 20)}… (${value.length})` : value);
}

const provider = (distribution: string, settings: unknown) => ({
  controller: { distribution, config: { provider: settings } },
});

const providers: readonly Case[] = [
  ...[
    provider('APISIX', { type: 'APISIX' }),
    provider('APISIX', { type: 'APISIXStandalone', syncPeriod: '1s' }),
    provider('API7', { type: 'API7EE' }),
    provider('API7', { type: 'APISIX' }),
    provider('API7', { syncPeriod: '0s' }),
    provider('API7', { type: 'API7EE', syncPeriod: '0s' }),
    provider('APISIX', { initSyncDelay: '0s' }),
  ].map((spec) => ({ sentence: `accepts ${JSON.stringify(spec)}`, spec, accepted: true })),
  {
    sentence: 'refuses the provider of API7 with the distribution APISIX',
    spec: provider('APISIX', { type: 'API7EE' }),
    accepted: false,
    breaks: 'api7-provider-only-with-api7',
    path: 'spec.controller.config.provider.type',
    message: /must not be API7EE when `distribution` is APISIX/,
  },
  ...[
    provider('APISIX', { syncPeriod: '0s' }),
    provider('API7', { type: 'APISIXStandalone', syncPeriod: '0s' }),
  ].map((spec) => ({
    sentence: `refuses ${JSON.stringify(spec)}`,
    spec,
    accepted: false,
    breaks: 'sync-period-positive',
    path: 'spec.controller.config.provider.syncPeriod',
  })),
];

export const FORMAT_CASES: readonly Case[] = [...grammars, ...providers];
