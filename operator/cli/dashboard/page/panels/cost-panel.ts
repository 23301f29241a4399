/** What the loss of the leader would cost, and what readiness for it costs, as the operator has calculated. */
import type { PageInstance } from '../../message.ts';
import { el, onChange } from '../dom.ts';
import { durationText } from '../words.ts';

type Costs = Pick<PageInstance, 'election'> & { readonly isHelped: boolean };

/** How long a failover takes. Empty until the first update. */
export function createCostPanel() {
  const body = el('div');
  const root = el(
    'section',
    { class: 'panel', 'aria-label': 'If the leader fails' },
    el('h3', {}, 'If the leader fails'),
    body,
  );
  const draw = onChange((costs: Costs) => body.replaceChildren(...drawn(costs)));
  return {
    root,
    update({ election, conditions }: PageInstance): void {
      const isHelped = conditions.some(
        ({ type, status, reason }) =>
          type === 'FailoverAssistReady' && status === 'True' && reason === 'Watching',
      );
      draw({ ...(election && { election }), isHelped });
    },
  };
}

function drawn({ election, isHelped }: Costs): readonly HTMLElement[] {
  if (election === undefined)
    return [el('p', { class: 'soft' }, 'Not calculated yet, or there is no election.')];
  const assisted = durationText(election.assistedFailoverMilliseconds);
  const expected = durationText(election.expectedFailoverMilliseconds);
  const worst = durationText(election.worstCaseFailoverMilliseconds);
  const { apiRequestsPerMinute, apiOutageToleranceSeconds } = election;
  const rows = el(
    'dl',
    { class: 'costs' },
    ...row('The operator frees the Lease', `≤ ${assisted}`, isHelped ? 'yes' : 'not-now'),
    ...row('The Lease expires, usually', expected, 'plain'),
    ...row('The Lease expires, at worst', `≤ ${worst}`, 'plain'),
  );
  const help = isHelped
    ? 'For that long nobody would lead.'
    : 'For that long nobody would lead. The operator does not help now: see the conditions.';
  const price = `The election costs the API server ${apiRequestsPerMinute} requests a minute. A leader survives ${apiOutageToleranceSeconds} s without the API server.`;
  return [rows, el('p', { class: 'soft' }, help), el('p', { class: 'soft' }, price)];
}

function row(term: string, value: string, help: 'yes' | 'not-now' | 'plain') {
  return [el('dt', { 'data-help': help }, term), el('dd', { 'data-help': help }, value)];
}
