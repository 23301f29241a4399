/** `spec.leaderElection` and `spec.failover`: who leads, and how fast the next one does. */
import { DEFAULT_LEASE_NAME } from '../lease-name.ts';
import { ELECTION_RULES } from '../rules/election.ts';
import { LEASE_NAME_RULES } from '../rules/formats.ts';
import { immutable, lasting } from '../rules/rule.ts';
import { choice, defaulted, object, type Schema, text } from './build.ts';
import { duration } from './duration.ts';

/** `spec.leaderElection`. */
export const leaderElectionSchema: Schema = defaulted(
  object(
    'LeaderElectionSpec',
    "How the replicas agree on the one that writes to the gateway. Vendor's faster preset: 10s, 7s, 1s.",
    {
      rules: ELECTION_RULES,
      properties: {
        mode: choice(
          'Lease: the replicas elect a leader. Disabled: the one replica always leads, and an update stops it before its successor starts.',
          ['Lease', 'Disabled'],
          'Lease',
        ),
        leaseName: text(
          "Name of the Lease in the namespace of the resource. It can't change: replicas under two names would elect two leaders.",
          {
            minLength: 1,
            maxLength: 253,
            default: DEFAULT_LEASE_NAME,
            rules: [immutable('leaseName'), ...LEASE_NAME_RULES],
          },
        ),
        leaseDuration: duration(
          'leaseDuration',
          'How long standbys wait without a sign of the leader before they may take over. Shorter means faster failover and more load on the API server. It must be at least `renewDeadline` plus `retryPeriod` plus 1s.',
          { fallback: '30s' },
        ),
        renewDeadline: duration(
          'renewDeadline',
          'How long a leader keeps trying to renew its Lease before it gives up and restarts. It is also how long an outage of the API server it survives. It must be at least twice `retryPeriod`.',
          { fallback: '20s' },
        ),
        retryPeriod: duration(
          'retryPeriod',
          'Pause between two tries to renew or to take the Lease. Each replica asks the API server this often.',
          { fallback: '2s', atLeast: '1s' },
        ),
        existingLease: {
          ...choice(
            'What to do with a Lease that an earlier installation uses. Refuse: write nothing and say so. Share, where the installer allows it: take part in its election, so that a migration never has two leaders; a shared Lease is labelled, and it is given back and never deleted. Share stays: others may use the Lease from then on.',
            ['Refuse', 'Share'],
            'Refuse',
          ),
          rules: [
            lasting(
              'existingLease',
              'Share',
              'others may use the Lease, and it changes nothing once they are gone; for a Lease of its own create another resource',
            ),
          ],
        },
      },
    },
  ),
);

/** `spec.failover`. */
export const failoverSchema: Schema = defaulted(
  object(
    'FailoverSpec',
    'What the operator does when the leader is dead but still holds the Lease.',
    {
      properties: {
        mode: choice(
          "Assisted: free the Lease once the kubelet reports the leader's process dead. Observe: only report what that would have saved. Disabled: wait for the Lease to expire.",
          ['Assisted', 'Observe', 'Disabled'],
          'Assisted',
        ),
        drainPeriod: duration(
          'drainPeriod',
          'How long the sidecar of a stopping pod may finish its pushes. This plus 1s must be less than `rollout.terminationGracePeriodSeconds`.',
          { fallback: '2s' },
        ),
        clearDelay: duration(
          'clearDelay',
          "Extra wait between the report of the leader's end and the freeing of its Lease, for those who want late pushes to end first.",
          { fallback: '0s' },
        ),
      },
    },
  ),
);
