/** `drill`: a CronJob that takes the leader down now and then, to know that failover works. */
import { choice, DURATION, group, leaf, SWITCH, type Value, whole } from './value.ts';

/** Five fields, or a word for them. */
const FIELD = '[0-9A-Za-z*?/,-]+';
const WORDS = '@(yearly|annually|monthly|weekly|daily|midnight|hourly)';
const SCHEDULE = {
  type: 'string',
  maxLength: 128,
  pattern: `^(${WORDS}|@every ([0-9]+(h|m|s))+|${FIELD}( +${FIELD}){4})$`,
} as const;
/** Whether there is a zone of that name, only the API server knows. */
const TIME_ZONE = {
  type: 'string',
  maxLength: 64,
  pattern: '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$',
} as const;
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]';
const WINDOW = { type: 'string', pattern: `^(${TIME}-(${TIME}|24:00))?$` } as const;

export const drillValues: Readonly<Record<string, Value>> = {
  drill: group(
    'A CronJob that takes the leader down on purpose and says in an event how long nobody led. It does nothing where that is not safe.',
    {
      enabled: leaf(
        'Create it, with an account of its own that may take pods of the resource’s namespace down.',
        SWITCH,
        false,
      ),
      schedule: leaf(
        'When it starts, as cron writes it: five fields, or `@weekly`.',
        SCHEDULE,
        '0 3 * * 2',
      ),
      timeZone: leaf('Time zone of schedule and window.', TIME_ZONE, 'Etc/UTC'),
      window: leaf(
        'Hours in which a leader may be taken down, such as `02:00-04:00`: a late start does nothing. Empty: whenever it starts.',
        WINDOW,
        '',
      ),
      method: leaf(
        'How the leader’s pod ends. `evict` is refused by the API server when the PodDisruptionBudget says no.',
        choice('evict', 'delete'),
        'evict',
      ),
      trials: leaf('How often in a row; each waits until all is as before.', whole(1, 10), 1),
      maxLeaderless: leaf(
        'The longest time without a leader that passes, from 1s to 1h.',
        DURATION,
        '5s',
      ),
      readMetrics: leaf(
        'Also tell when the new leader works, from its metrics. Needs `get` on pods/proxy in that namespace, which reaches every port of every pod there.',
        SWITCH,
        false,
      ),
      startingDeadlineSeconds: leaf(
        'A start that is later than this is left out.',
        whole(10, 86_400),
        300,
      ),
      activeDeadlineSeconds: leaf('How long all trials may take.', whole(60, 86_400), 3600),
      successfulJobsHistoryLimit: leaf('Jobs that are kept.', whole(0, 100), 3),
      failedJobsHistoryLimit: leaf('Failed Jobs that are kept.', whole(0, 100), 3),
    },
  ),
};
