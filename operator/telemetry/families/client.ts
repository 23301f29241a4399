/** Requests and the operator's own election, with the names that client-go gives them. */
import { counter, gauge } from '../declare.ts';

/** By the host of the API server and its answers, and by the Lease of the election. */
export const CLIENT_METRICS = {
  restRequests: counter(
    'rest_client_requests_total',
    ['code', 'method', 'host'],
    'Requests to the API server, by status code, method and host.',
  ),
  leaderStatus: gauge(
    'leader_election_master_status',
    ['name'],
    '1 while this process leads the election of that name, else 0.',
  ),
  leaderSlowpath: counter(
    'leader_election_slowpath_total',
    ['name'],
    'Renewals that needed a fresh read of the Lease.',
  ),
} as const;
