/** What `status` prints of resources that were read, in each of its formats. */

import { API_GROUP, IngressControllerHAKind } from '../../base/resource-kinds.ts';
import { NO_TERMINAL } from '../io.ts';
import { dataText } from '../view/data-text.ts';
import type { InstanceView } from '../view/decide/instance-view.ts';
import { instanceColumns } from '../view/instance-table.ts';
import { instanceText } from '../view/instance-text.ts';
import { paintFor } from '../view/paint.ts';
import { statusReport, statusReportList } from '../view/status-report.ts';
import { tableLines } from '../view/table.ts';
import type { StatusRequest } from './request.ts';

/** What `status` was asked, as far as its output depends on it. */
export type OutputRequest = Pick<StatusRequest, 'flags' | 'io' | 'namespace' | 'surroundings'> & {
  /** Absent: all of them. */
  readonly name: string | undefined;
};

/** Everything that goes to stdout for one read. */
export function statusText(views: readonly InstanceView[], request: OutputRequest): string {
  const { flags, name } = request;
  const output = flags.output ?? { kind: flags.verbose ? 'wide' : 'people' };
  switch (output.kind) {
    case 'people':
    case 'wide': {
      const [only] = views;
      if (name === undefined || only === undefined) return listText(views, request);
      return treeText(only, request);
    }
    case 'name':
      return views.map((view) => `${PREFIX}/${view.name}\n`).join('');
    default: {
      const [only] = views;
      const one = only && statusReport(only);
      return dataText(name === undefined ? statusReportList(views) : one, output);
    }
  }
}

const SINGULAR = IngressControllerHAKind.kind.toLowerCase();
const PREFIX = `${SINGULAR}.${API_GROUP}`;

function treeText(view: InstanceView, request: OutputRequest): string {
  const { io, surroundings } = request;
  const terminal = io.terminal ?? NO_TERMINAL;
  return instanceText(view, {
    paint: paintFor(terminal),
    width: terminal.columns,
    detail: detailOf(request),
    nowMs: surroundings.clock.wallClock().getTime(),
  });
}

/** In a file or a pipe no cell is cut and no column left out. */
function listText(views: readonly InstanceView[], request: OutputRequest): string {
  const { io, namespace } = request;
  const { interactive, columns } = io.terminal ?? NO_TERMINAL;
  const shape = {
    namespaces: namespace === '' ? 'all' : 'one',
    detail: detailOf(request),
  } as const;
  const lines = tableLines(instanceColumns(shape), views, interactive ? { width: columns } : {});
  return lines.map((line) => `${line}\n`).join('');
}

function detailOf({ flags }: OutputRequest): 'some' | 'all' {
  return flags.verbose || flags.output?.kind === 'wide' ? 'all' : 'some';
}
