/** `kind: StatusReport`: what `status -o json` prints. Fields may be added; none changes its meaning. */
import type { InstanceView } from './decide/instance-view.ts';

export const REPORT_VERSION = 'cli.ingressha.dev/v1alpha1';

/** One resource as it was when it was read. */
export interface StatusReport extends InstanceView {
  readonly apiVersion: typeof REPORT_VERSION;
  readonly kind: 'StatusReport';
  /** What could not be read, so that its absence says nothing. */
  readonly gaps: readonly { readonly what: string; readonly message: string }[];
}

export interface StatusReportList {
  readonly apiVersion: typeof REPORT_VERSION;
  readonly kind: 'StatusReportList';
  readonly items: readonly StatusReport[];
}

export function statusReport(view: InstanceView, gaps: StatusReport['gaps']): StatusReport {
  return { apiVersion: REPORT_VERSION, kind: 'StatusReport', ...view, gaps };
}

export function statusReportList(items: readonly StatusReport[]): StatusReportList {
  return { apiVersion: REPORT_VERSION, kind: 'StatusReportList', items };
}
