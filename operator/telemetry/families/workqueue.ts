/** The work queue, with the names that client-go gives them. */
import { counter, gauge, histogram } from '../declare.ts';

/** client-go's exponential buckets of queue times: 10 ns to 1000 s, ours from 10 µs. Seconds. */
const QUEUE_SECONDS = [1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000];

const queue = ['name', 'controller'] as const;

/** By queue and controller: one series each, since there is one queue. */
export const WORKQUEUE_METRICS = {
  queueDepth: gauge('workqueue_depth', queue, 'Keys that wait for a worker.'),
  queueAdds: counter('workqueue_adds_total', queue, 'Keys added to the queue.'),
  queueDuration: histogram('workqueue_queue_duration_seconds', queue, {
    help: 'Time a key waits for a worker.',
    buckets: QUEUE_SECONDS,
  }),
  workDuration: histogram('workqueue_work_duration_seconds', queue, {
    help: 'Time a worker spends on a key.',
    buckets: QUEUE_SECONDS,
  }),
  unfinishedWork: gauge(
    'workqueue_unfinished_work_seconds',
    queue,
    'Sum of the time spent so far on the keys in work.',
  ),
  longestRunning: gauge(
    'workqueue_longest_running_processor_seconds',
    queue,
    'Age of the oldest key in work.',
  ),
  queueRetries: counter('workqueue_retries_total', queue, 'Keys added again after a failure.'),
} as const;
