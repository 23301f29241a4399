/** What no library has a name for: resources, their leaders and failovers, writes and watches. */
import { counter, gauge, histogram, perResource } from '../declare.ts';

/** From a fast poll to a long Lease that has to expire. Few, since each resource has them. Seconds. */
const LEADERLESS_SECONDS = [1, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 60, 120];
/** The goals are 0.03 and 0.15. Seconds. */
const ASSIST_SECONDS = [0.01, 0.03, 0.05, 0.1, 0.15, 0.25, 0.5, 1];

const watch = ['kind', 'namespace'] as const;
const resource = ['namespace', 'name'] as const;

/** Those that name a resource go with it: counted ones by `perResource`, sampled ones because a scrape finds it no more. */
export const INGRESSHA_METRICS = {
  buildInfo: gauge(
    'ingressha_build_info',
    ['version'],
    '1, labelled with the version of the operator.',
  ),
  resources: gauge(
    'ingressha_resources',
    [],
    'IngressControllerHA resources in the served namespaces.',
  ),
  applies: counter(
    'ingressha_applies_total',
    ['kind', 'verb', 'result'],
    'Writes to children, by kind, verb (create, update, delete, give-back, mark) and result (success or the kind of failure).',
  ),
  leader: gauge(
    'ingressha_leader',
    ['namespace', 'name', 'pod'],
    '1 with the pod that holds the Lease of a resource; 0 with an empty pod while nobody does.',
  ),
  condition: gauge(
    'ingressha_condition',
    [...resource, 'type', 'status', 'reason'],
    '1 for what each condition of a resource says; another status or reason is another series.',
  ),
  leaseAge: gauge(
    'ingressha_lease_age_seconds',
    resource,
    'Seconds since the Lease of a resource last changed, by the clock of the operator; absent while nobody holds it.',
  ),
  leaseDuration: gauge(
    'ingressha_lease_duration_seconds',
    resource,
    'Age at which the Lease of a resource expires, as its holder wrote it; absent while nobody holds it.',
  ),
  failovers: perResource(
    counter(
      'ingressha_failovers_total',
      [...resource, 'assist', 'cause'],
      'Changes of leader that were seen, by what the operator did (Cleared, Observed, Refused, NotNeeded, Disabled) and why the old leader ended.',
    ),
  ),
  leaderless: perResource(
    histogram('ingressha_leaderless_seconds', resource, {
      help: 'From the last sign of life of a leader to its successor: an upper bound of the time without one.',
      buckets: LEADERLESS_SECONDS,
    }),
  ),
  assistDuration: perResource(
    histogram('ingressha_assist_seconds', resource, {
      help: 'From the news that decided it to the acknowledged write that freed a Lease.',
      buckets: ASSIST_SECONDS,
    }),
  ),
  assistRefused: perResource(
    counter(
      'ingressha_assist_refused_total',
      [...resource, 'reason'],
      'Holders that were left to expire, by reason.',
    ),
  ),
  assistMissingRight: gauge(
    'ingressha_assist_missing_right',
    ['namespace', 'right'],
    '1 while the operator lacks a right that freeing a Lease needs.',
  ),
  watchLastHeard: gauge(
    'ingressha_watch_last_heard_seconds',
    watch,
    'Seconds since a watch last heard from the API server; up to 90 for a kind without news, whose watch is then opened anew.',
  ),
  watchRestarts: counter(
    'ingressha_watch_restarts_total',
    [...watch, 'reason'],
    'Watches begun again, by reason: ended, short, or the kind of failure.',
  ),
} as const;
