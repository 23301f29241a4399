/**
 * Reconciliations, with the names that controller-runtime gives them, so that its dashboards work:
 * https://book.kubebuilder.io/reference/metrics-reference
 */
import { counter, gauge, histogram } from '../declare.ts';

/** controller-runtime's buckets of reconcile times, thinned out. Seconds. */
const RECONCILE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** By controller, as `CONTROLLER` of metrics.ts names it; `reconcileTotal` by the four results that controller-runtime knows. */
export const CONTROLLER_METRICS = {
  reconcileTotal: counter(
    'controller_runtime_reconcile_total',
    ['controller', 'result'],
    'Reconciliations, by result: success, error, requeue, requeue_after.',
  ),
  reconcileErrors: counter(
    'controller_runtime_reconcile_errors_total',
    ['controller'],
    'Reconciliations that failed, or whose status was refused.',
  ),
  reconcileTime: histogram('controller_runtime_reconcile_time_seconds', ['controller'], {
    help: 'Time of one reconciliation.',
    buckets: RECONCILE_SECONDS,
  }),
  activeWorkers: gauge(
    'controller_runtime_active_workers',
    ['controller'],
    'Workers that are reconciling now.',
  ),
  maxConcurrentReconciles: gauge(
    'controller_runtime_max_concurrent_reconciles',
    ['controller'],
    'Workers there are.',
  ),
  terminalReconcileErrors: counter(
    'controller_runtime_terminal_reconcile_errors_total',
    ['controller'],
    'Reconciliations that failed in a way only a person can mend.',
  ),
  reconcilePanics: counter(
    'controller_runtime_reconcile_panics_total',
    ['controller'],
    'Reconciliations that threw something unexpected: bugs.',
  ),
} as const;
