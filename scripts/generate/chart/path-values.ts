/**
 * The values that have a path of their own, because people know it: from our documents, from the
 * vendor's guide, or from the vendor's parent chart. None has a default: the resource's own hold.
 */
import { DURATION, group, SWITCH, unset, type Value, whole } from './value.ts';

const REPLICAS = whole(0, 20);

const replicas = unset(
  'How many controllers run: one leads, the others stand by. Not set: 2, or whatever `kubectl scale` or an autoscaler has set.',
  REPLICAS,
  3,
);

const LEASE_NAME = {
  type: 'string',
  minLength: 1,
  maxLength: 253,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
} as const;

export const pathValues: Readonly<Record<string, Value>> = {
  replicas,
  deployment: group('The path of the vendor’s guide.', {
    replicas: unset('The same as `replicas`.', REPLICAS, 3),
  }),
  'ingress-controller': group('The path under the vendor’s parent chart.', {
    deployment: group('As there.', {
      replicas: unset('The same as `replicas`.', REPLICAS, 3),
    }),
  }),
  config: group('As in the vendor’s chart, but in effect.', {
    leaderElection: group('How the controllers agree on the one that leads.', {
      id: unset(
        'Name of the Lease. It cannot change. Not set: apisix-ingress-controller-leader.',
        LEASE_NAME,
        'apisix-ingress-controller-leader',
      ),
      leaseDuration: unset(
        'How long standbys wait for a silent leader. Not set: 30s; the faster preset is 10s, 7s, 1s.',
        DURATION,
        '30s',
      ),
      renewDeadline: unset(
        'How long a leader tries to renew before it gives up. Not set: 20s.',
        DURATION,
        '20s',
      ),
      retryPeriod: unset('Pause between two tries. Not set: 2s.', DURATION, '2s'),
      disable: unset('No election at all: only with `replicas: 1` or 0.', SWITCH, false),
    }),
  }),
};
