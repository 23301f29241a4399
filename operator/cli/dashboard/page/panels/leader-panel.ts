/** Who leads, since when, and how long the Lease still holds: a ring that empties between renewals. */
import { nameOfHolder } from '../../../../decide/observed/holder-name.ts';
import { el, onChange, setAttribute, setText, svg } from '../dom.ts';
import { type Known, type Leadership, leadershipOf } from '../model.ts';
import { agoText, clockText } from '../words.ts';

/** A part of a card. */
interface Panel {
  readonly root: HTMLElement;
  update(instance: Known, nowMs: number): void;
  /** `atMs`: the browser's monotonic clock; `nowMs`: the calendar. */
  tick(instance: Known, atMs: number, nowMs: number): void;
}

const RADIUS = 44;
const ROUND = 2 * Math.PI * RADIUS;

/** Empty until the first update. */
export function createLeaderPanel(): Panel {
  const ring = createRing();
  const name = el('p', { class: 'leader-name' });
  const about = el('p', { class: 'soft' });
  const changes = el('p', { class: 'soft' });
  const root = el(
    'section',
    { class: 'panel leader', 'aria-label': 'Leader' },
    ring.root,
    el('div', { class: 'leader-text' }, el('h3', {}, 'Leader'), name, about, changes),
  );

  return {
    root,
    update(instance) {
      const { leader, lease } = instance;
      const nobody = lease === undefined ? 'Not known' : 'Nobody';
      const pod = leader?.podName ?? (leader && nameOfHolder(leader.identity));
      setText(name, pod ?? nobody);
      const times = lease === undefined ? '' : changesText(lease.transitions);
      setText(changes, times);
    },
    tick(instance, atMs, nowMs) {
      const leadership = leadershipOf(instance, atMs);
      setAttribute(root, 'data-kind', leadership.kind);
      ring.show(leadership);
      const after = leadership.kind === 'vacant' && leadership.after;
      setText(about, after ? `after ${nameOfHolder(after)}` : tenureText(instance, nowMs));
    },
  };
}

/** Where it leads, and since when. */
function tenureText({ leader, lease }: Known, nowMs: number): string {
  if (leader === undefined) return lease === undefined ? 'There is no Lease to read.' : '';
  const { nodeName, sinceAtMs } = leader;
  const where = nodeName === undefined ? [] : [`on ${nodeName}`];
  if (sinceAtMs === undefined) return where.join();
  const since = [`for ${agoText(nowMs - sinceAtMs)}`, `since ${clockText(sinceAtMs, nowMs)}`];
  return [...where, ...since].join(', ');
}

function changesText(transitions: number): string {
  if (transitions === 0) return 'The Lease was never taken';
  return `The Lease was taken ${transitions === 1 ? 'once' : `${transitions} times`}`;
}

function createRing() {
  const circle = { cx: '50', cy: '50', r: String(RADIUS) };
  const arc = svg('circle', { ...circle, class: 'arc', 'stroke-dasharray': String(ROUND) });
  const picture = svg(
    'svg',
    { viewBox: '0 0 100 100', 'aria-hidden': 'true' },
    svg('circle', { ...circle, class: 'track' }),
    arc,
  );
  const number = el('span', { class: 'ring-number' });
  const unit = el('span', { class: 'ring-unit' });
  const words = el('span', { class: 'hidden' });
  const root = el('div', { class: 'ring' }, picture, el('p', {}, number, unit, words));
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const setWords = onChange((text: string) => setText(words, text));

  return {
    root,
    show(leadership: Leadership): void {
      const { share, figure, unit: below, text } = ringOf(leadership);
      // Whole seconds for users who prefer reduced motion.
      const steps = calm.matches && leadership.kind === 'led' ? leadership.ofMs / 1000 : 0;
      const shown = steps === 0 ? share : Math.ceil(share * steps) / steps;
      setAttribute(arc, 'stroke-dashoffset', (ROUND * (1 - shown)).toFixed(1));
      setText(number, figure);
      setText(unit, below);
      setWords(text);
    },
  };
}

interface RingState {
  /** Of the ring, 0 to 1. */
  readonly share: number;
  readonly figure: string;
  readonly unit: string;
  /** For screen readers; it does not tick. */
  readonly text: string;
}

function ringOf(leadership: Leadership): RingState {
  switch (leadership.kind) {
    case 'led':
      return {
        share: Math.min(1, leadership.leftMs / leadership.ofMs),
        figure: String(Math.ceil(leadership.leftMs / 1000)),
        unit: 's left',
        text: ` of ${leadership.ofMs / 1000}, until standbys may take the Lease`,
      };
    case 'overdue':
      return {
        share: 0,
        figure: tenths(leadership.byMs),
        unit: 's over',
        text: ': the Lease has expired',
      };
    case 'vacant':
      return vacantRing(leadership.forMs);
    case 'held':
      return { share: 1, figure: '–', unit: '', text: 'Until when the Lease holds is not known' };
    case 'none':
      return { share: 0, figure: '–', unit: '', text: 'No Lease' };
  }
}

function vacantRing(forMs: number | undefined): RingState {
  if (forMs === undefined) return { share: 1, figure: '–', unit: 'no leader', text: '' };
  return { share: 1, figure: tenths(forMs), unit: 's without', text: ' a leader' };
}

function tenths(ms: number): string {
  return ms < 99_950 ? (ms / 1000).toFixed(1) : String(Math.round(ms / 1000));
}
