/** `kind: StatusReport`: what `status -o json` prints. Fields may be added; none changes its meaning. */
import type { InstanceView } from './decide/instance-view.ts';
import { REPORT_VERSION } from './report-version.ts';

/** One resource as it was when it was read, without its age. */
export function statusReport({ ageMs: _, ...view }: InstanceView) {
  return { apiVersion: REPORT_VERSION, kind: 'StatusReport', ...view } as const;
}

/** Any number of them, in the order given. */
export function statusReportList(views: readonly InstanceView[]) {
  const items = views.map(statusReport);
  return { apiVersion: REPORT_VERSION, kind: 'StatusReportList', items } as const;
}
