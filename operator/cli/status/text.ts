/** What `status` prints of one look, in each of its formats. */

import { API_GROUP, IngressControllerHAKind } from '../../base/resource-kinds.ts';
import { NO_TERMINAL } from '../io.ts';
import { dataText } from '../view/data-text.ts';
import type { InstanceView } from '../view/decide/instance-view.ts';
import { instanceColumns } from '../view/instance-table.ts';
import { instanceText } from '../view/instance-text.ts';
import { paintFor } from '../view/paint.ts';
import { type StatusReport, statusReport, statusReportList } from '../view/report.ts';
import { tableLines } from '../view/table.ts';
import type { StatusRequest } from './request.ts';

/** One resource as it was seen. */
export interface Seen {
  readonly view: InstanceView;
  readonly ageMs: number;
  /** Its standing as one line, with namespace and name. */
  readonly headline: string;
  readonly gaps: StatusReport['gaps'];
}

export type Wanted = Pick<StatusRequest, 'flags' | 'io' | 'namespace' | 'surroundings'> & {
  /** Absent: all of them. */
  readonly name: string | undefined;
};

/** Everything that goes to stdout for one look. */
export function statusText(all: readonly Seen[], wanted: Wanted): string {
  const { flags, name } = wanted;
  const output = flags.output ?? { kind: flags.verbose ? 'wide' : 'people' };
  switch (output.kind) {
    case 'people':
    case 'wide': {
      const [only] = all;
      if (name === undefined || only === undefined) return listText(all, wanted);
      return treeText(only, wanted);
    }
    case 'name':
      return all.map(({ view }) => `${PREFIX}/${view.name}\n`).join('');
    default: {
      const reports = all.map(({ view, gaps }) => statusReport(view, gaps));
      const [report] = reports;
      return dataText(name === undefined ? statusReportList(reports) : report, output);
    }
  }
}

const SINGULAR = IngressControllerHAKind.kind.toLowerCase();
const PREFIX = `${SINGULAR}.${API_GROUP}`;

function treeText({ view, headline, gaps }: Seen, wanted: Wanted): string {
  const { io, surroundings } = wanted;
  const terminal = io.terminal ?? NO_TERMINAL;
  const look = {
    view,
    headline,
    unread: gaps.map(({ what }) => what),
    gaps: gaps.map(({ message }) => message),
  };
  return instanceText(look, {
    paint: paintFor(terminal),
    width: terminal.columns,
    detail: detailOf(wanted),
    nowMs: surroundings.clock.wallClock().getTime(),
  });
}

/** In a file or a pipe no cell is cut and no column left out. */
function listText(all: readonly Seen[], wanted: Wanted): string {
  const { io, namespace } = wanted;
  const { interactive, columns } = io.terminal ?? NO_TERMINAL;
  const shape = { namespaces: namespace === '' ? 'all' : 'one', detail: detailOf(wanted) } as const;
  const rows = all.map(({ view, ageMs, gaps }) => ({
    view,
    ageMs,
    unread: gaps.map(({ what }) => what),
  }));
  const lines = tableLines(instanceColumns(shape), rows, interactive ? { width: columns } : {});
  return lines.map((line) => `${line}\n`).join('');
}

function detailOf({ flags }: Wanted): 'some' | 'all' {
  return flags.verbose || flags.output?.kind === 'wide' ? 'all' : 'some';
}
