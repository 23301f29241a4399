/** The changes of leader as a table, which a narrow window shows as a list. */
import { nameOfHolder } from '../../../../decide/observed/holder-name.ts';
import type { Handover, PageInstance } from '../../message.ts';
import { el, onChange, setText } from '../dom.ts';
import { agoText, assistText, causeText, clockText, durationText, winnerText } from '../words.ts';

const COLUMNS = ['When', 'Cause', 'New leader', 'Help', 'Without a leader'] as const;

/** The last changes of leader as a table. Empty until the first update. */
export function createHistoryPanel() {
  const body = el('tbody', { role: 'rowgroup' });
  const heads = COLUMNS.map((name) => el('th', { scope: 'col', role: 'columnheader' }, name));
  const table = el(
    'table',
    { role: 'table' },
    el('caption', { class: 'hidden' }, 'Changes of leader, newest first'),
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...heads)),
    body,
  );
  const none = el('p', { class: 'soft' }, 'No change of leader is known yet.');
  const root = el(
    'section',
    { class: 'panel history', 'aria-label': 'Changes of leader' },
    el('h3', {}, 'Changes of leader'),
    none,
    table,
  );
  let ages: readonly { readonly cell: HTMLElement; readonly atMs: number }[] = [];

  const draw = onChange(
    ({ handovers, nowMs }: { handovers: readonly Handover[]; nowMs: number }) => {
      const rows = handovers.map((one) => rowOf(one, nowMs));
      ages = rows.map(({ age, atMs }) => ({ cell: age, atMs }));
      body.replaceChildren(...rows.map(({ row }) => row));
      table.hidden = handovers.length === 0;
      none.hidden = handovers.length > 0;
    },
  );

  return {
    root,
    /** The day of `nowMs` decides how times are written. */
    update({ handovers }: PageInstance, nowMs: number): void {
      draw({ handovers, nowMs: new Date(nowMs).setHours(0, 0, 0, 0) });
    },
    tick(_: PageInstance, __: number, nowMs: number): void {
      for (const { cell, atMs } of ages) setText(cell, `${agoText(nowMs - atMs)} ago`);
    },
  };
}

function rowOf(handover: Handover, nowMs: number) {
  const { time, leaderlessMilliseconds: gapMs, toIdentity, fromIdentity, assistReason } = handover;
  const atMs = Date.parse(time);
  const age = el('span', { class: 'under' });
  const winner = winnerText(handover);
  const leader = el('span', { class: 'mono', title: `after ${nameOfHolder(fromIdentity)}` });
  leader.textContent = nameOfHolder(toIdentity);
  const cells = [
    [el('time', { datetime: time }, clockText(atMs, nowMs)), age],
    [causeText(handover)],
    [leader, ...(winner ? [el('span', { class: 'under' }, winner)] : [])],
    [assistText(handover), ...(assistReason ? [el('span', { class: 'under' }, assistReason)] : [])],
    [
      gapMs === undefined
        ? 'Not known'
        : el('strong', { class: 'gap' }, `≤ ${durationText(gapMs)}`),
    ],
  ];
  const row = el(
    'tr',
    { role: 'row' },
    ...cells.map((parts, at) => {
      return el('td', { role: 'cell', 'data-label': COLUMNS[at] ?? '' }, el('div', {}, ...parts));
    }),
  );
  return { row, age, atMs };
}
