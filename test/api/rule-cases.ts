/**
 * What the rules accept and refuse. The parser's tests and the e2e test against a real API server
 * both feed from this table, so neither side can drift.
 */
import type { Case } from './case.ts';

function accepts(sentence: string, spec: unknown): Case {
  return { sentence: `accepts ${sentence}`, spec, accepted: true };
}

function refuses(
  sentence: string,
  spec: unknown,
  refusal: { readonly breaks: string; readonly path: string; readonly message?: RegExp },
): Case {
  return { sentence: `refuses ${sentence}`, spec, accepted: false, ...refusal };
}

const election = (leaderElection: unknown) => ({ leaderElection });
const timing = (leaseDuration: string, renewDeadline: string, retryPeriod: string) =>
  election({ leaseDuration, renewDeadline, retryPeriod });
const leaseDuration = 'spec.leaderElection.leaseDuration';
const renewDeadline = 'spec.leaderElection.renewDeadline';
const retryPeriod = 'spec.leaderElection.retryPeriod';

const timings: readonly Case[] = [
  { sentence: 'accepts a resource without a spec', accepted: true },
  accepts('an empty spec', {}),
  accepts("the vendor's settings", timing('30s', '20s', '2s')),
  accepts("the vendor's faster preset", timing('10s', '7s', '1s')),
  accepts('the shortest settings there are', timing('4s', '2s', '1s')),
  accepts('minutes and hours', timing('1h', '10m', '1m30s')),
  accepts('a slack small against the retry period', timing('137s', '107s', '26s')),
  accepts('a longer lease alone', election({ leaseDuration: '60s' })),
  refuses(
    'a shorter lease alone, naming the defaults it meets',
    election({ leaseDuration: '15s' }),
    {
      breaks: 'lease-outlives-the-leader',
      path: leaseDuration,
      message: /15s is less than 20s \+ 2s \+ 1s/,
    },
  ),
  refuses('a lease that ends as the leader stops', timing('22s', '20s', '2s'), {
    breaks: 'lease-outlives-the-leader',
    path: leaseDuration,
  }),
  refuses('the settings of OVN-Kubernetes', timing('100s', '90s', '20s'), {
    breaks: 'lease-outlives-the-leader',
    path: leaseDuration,
  }),
  refuses('a renew deadline below two tries', timing('30s', '3s', '2s'), {
    breaks: 'renew-deadline-covers-two-tries',
    path: renewDeadline,
    message: /3s is less than 2 x 2s/,
  }),
  refuses('no pause between tries', timing('30s', '20s', '0s'), {
    breaks: 'retryPeriod-minimum',
    path: retryPeriod,
    message: /`retryPeriod` must be at least 1s/,
  }),
  refuses(
    'a push that may take no time',
    { controller: { config: { execADCTimeout: '0s' } } },
    {
      breaks: 'execADCTimeout-minimum',
      path: 'spec.controller.config.execADCTimeout',
    },
  ),
];

/** Every duration field, with a spec that sets it to a value. */
const DURATIONS: Readonly<
  Record<string, readonly [path: string, set: (value: string) => unknown]>
> = {
  leaseDuration: [leaseDuration, (value) => election({ leaseDuration: value })],
  renewDeadline: [
    renewDeadline,
    (value) => election({ leaseDuration: '24h', renewDeadline: value }),
  ],
  retryPeriod: [retryPeriod, (value) => election({ retryPeriod: value })],
  drainPeriod: ['spec.failover.drainPeriod', (value) => ({ failover: { drainPeriod: value } })],
  clearDelay: ['spec.failover.clearDelay', (value) => ({ failover: { clearDelay: value } })],
  execADCTimeout: [
    'spec.controller.config.execADCTimeout',
    (value) => ({ controller: { config: { execADCTimeout: value } } }),
  ],
  syncPeriod: [
    'spec.controller.config.provider.syncPeriod',
    (value) => ({ controller: { config: { provider: { syncPeriod: value } } } }),
  ],
  initSyncDelay: [
    'spec.controller.config.provider.initSyncDelay',
    (value) => ({ controller: { config: { provider: { initSyncDelay: value } } } }),
  ],
};

const UNREADABLE = ['', '30', '1.5s', '500ms', '-1s', '1d', '30 s', '30S', '1h1m1s1s', '1000000s'];

const durations: readonly Case[] = Object.entries(DURATIONS).flatMap(([field, [path, set]]) => [
  ...UNREADABLE.map((value) =>
    refuses(`${field} '${value}' with one message and no type error`, set(value), {
      breaks: `${field}-grammar`,
      path,
      message: new RegExp(`\`${field}\` must be whole hours, minutes and seconds`),
    }),
  ),
  refuses(`a ${field} beyond a day`, set('24h1s'), { breaks: `${field}-maximum`, path }),
]);

const variables = (...lengths: readonly number[]) => ({
  controller: {
    adc: { env: lengths.map((length, at) => ({ name: `A${at}`, value: 'x'.repeat(length) })) },
  },
});

const blocks: readonly Case[] = [
  accepts('variables of 32768 characters in all', variables(16_384, 16_384)),
  refuses('variables of one character more', variables(16_384, 16_384, 1), {
    breaks: 'env-size',
    path: 'spec.controller.adc.env',
    message: /`env` must have values of at most 32768 characters in all/,
  }),
  accepts('a disabled election with one replica', {
    replicas: 1,
    leaderElection: { mode: 'Disabled' },
  }),
  accepts('a disabled election with no replica', {
    replicas: 0,
    leaderElection: { mode: 'Disabled' },
  }),
  refuses('a disabled election with the default replicas', election({ mode: 'Disabled' }), {
    breaks: 'election-disabled-only-alone',
    path: 'spec.leaderElection.mode',
    message: /must not be Disabled when `replicas` is more than 1/,
  }),
  accepts('the longest drain within the grace period', { failover: { drainPeriod: '8s' } }),
  accepts('a longer drain with a longer grace period', {
    failover: { drainPeriod: '1m' },
    rollout: { terminationGracePeriodSeconds: 62 },
  }),
  refuses(
    'a drain that ends with the grace period',
    { failover: { drainPeriod: '9s' } },
    {
      breaks: 'drain-ends-within-grace-period',
      path: 'spec.failover.drainPeriod',
      message: /9s is too long/,
    },
  ),
  ...[1, 20, '1%', '50%', '100%'].flatMap((value) => [
    accepts(`maxUnavailable ${value}`, { podDisruptionBudget: { maxUnavailable: value } }),
    accepts(`maxSurge ${value}`, { rollout: { maxSurge: value } }),
  ]),
  ...[0, '0%', '101%', '5', 'all', '', -1].flatMap((value) => [
    refuses(
      `maxUnavailable '${value}'`,
      { podDisruptionBudget: { maxUnavailable: value } },
      {
        breaks: 'maxUnavailable-at-least-one',
        path: 'spec.podDisruptionBudget.maxUnavailable',
      },
    ),
    refuses(
      `maxSurge '${value}'`,
      { rollout: { maxSurge: value } },
      {
        breaks: 'maxSurge-at-least-one',
        path: 'spec.rollout.maxSurge',
      },
    ),
  ]),
];

const names: readonly Case[] = [
  { sentence: 'accepts a name of 41 characters', name: 'a'.repeat(41), accepted: true },
  {
    sentence: 'refuses a name of 42 characters',
    name: 'a'.repeat(42),
    accepted: false,
    breaks: 'name-length',
    path: 'metadata.name',
    message: /`metadata.name` must be at most 41 characters/,
  },
  ...['a.b', '1a'].map((name) => ({
    sentence: `refuses the name ${name}, which no Service can have`,
    name,
    accepted: false,
    breaks: 'name-format',
    path: 'metadata.name',
  })),
];

export const RULE_CASES: readonly Case[] = [...timings, ...durations, ...blocks, ...names];
