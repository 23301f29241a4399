/** Who led when, as one line: tenures in calm colours, and in red the times when nobody led. */
import { nameOfHolder } from '../../../../decide/observed/holder-name.ts';
import type { PageInstance } from '../../message.ts';
import { el, onChange, setAttribute, setText } from '../dom.ts';
import { type Known, leadershipOf } from '../model.ts';
import { type Present, type Segment, SPANS_MS, segmentsOf, spanFor } from '../timeline.ts';
import { agoText, clockText, durationText, shortName } from '../words.ts';

const SPAN_NAMES = [
  'minute',
  '5 minutes',
  '15 minutes',
  'hour',
  '6 hours',
  'day',
  '7 days',
] as const;
const REDRAW_EVERY_MS = 1_000;

/** Who led when, as a line. Empty until the first update. */
export function createTimelinePanel(key: string) {
  const id = `span-${key.replace('/', '-')}`;
  const choice = el(
    'select',
    { id },
    el('option', { value: '' }, 'All changes'),
    ...SPANS_MS.map((ms, at) => el('option', { value: String(ms) }, `Last ${SPAN_NAMES[at]}`)),
  );
  const line = el('div', { class: 'line', role: 'img' });
  const [from, middle] = [el('span'), el('span')];
  const root = el(
    'section',
    { class: 'panel timeline', 'aria-label': 'Who led when' },
    el(
      'div',
      { class: 'panel-head' },
      el('h3', {}, 'Who led when'),
      el('label', { class: 'hidden', for: id }, 'Span of the timeline'),
      choice,
    ),
    line,
    el('p', { class: 'axis', 'aria-hidden': 'true' }, from, middle, el('span', {}, 'now')),
  );
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  const describe = onChange((text: string) => setAttribute(line, 'aria-label', text));

  function draw(instance: Known, atMs: number, nowMs: number): void {
    drawnAtMs = atMs;
    const spanMs = Number(choice.value) || spanFor(instance.handovers, nowMs);
    const fromMs = nowMs - spanMs;
    const present = presentOf(instance, atMs, nowMs);
    const segments = segmentsOf(instance.handovers, present, { fromMs, nowMs });
    drawSegments(line, segments, { fromMs, spanMs });
    describe(textOf(segments, instance.handovers, spanMs));
    setText(from, clockText(fromMs, nowMs));
    setText(middle, clockText(fromMs + spanMs / 2, nowMs));
  }

  choice.addEventListener('change', () => {
    drawnAtMs = Number.NEGATIVE_INFINITY; // at the next frame
  });
  return {
    root,
    update(): void {
      drawnAtMs = Number.NEGATIVE_INFINITY;
    },
    tick(instance: Known, atMs: number, nowMs: number): void {
      if (atMs - drawnAtMs >= REDRAW_EVERY_MS) draw(instance, atMs, nowMs);
    },
  };
}

function presentOf(instance: Known, atMs: number, nowMs: number): Present {
  const leadership = leadershipOf(instance, atMs);
  const sinceMs = instance.leader?.sinceAtMs;
  return {
    holder: instance.lease?.holder ?? '',
    ...(sinceMs !== undefined && { sinceMs }),
    ...(leadership.kind === 'vacant' &&
      leadership.forMs !== undefined && { vacantSinceMs: nowMs - leadership.forMs }),
  };
}

interface Scale {
  readonly fromMs: number;
  readonly spanMs: number;
}

/** Room for what a gap says, in pixels; one that comes sooner after another says nothing. */
const LABEL_PX = 46;

/** Elements are kept, so that a pointer that rests on one keeps its hint. */
function drawSegments(line: HTMLElement, segments: readonly Segment[], scale: Scale): void {
  while (line.childElementCount > segments.length) line.lastElementChild?.remove();
  let tenure = 0;
  let labelledAt = Number.NEGATIVE_INFINITY;
  segments.forEach((segment, at) => {
    const part = (line.children[at] as HTMLElement | undefined) ?? line.appendChild(el('div'));
    if (segment.kind === 'led') tenure += 1;
    drawSegment(part, segment, { ...scale, tone: tenure % 2 === 0 ? 'even' : 'odd' });
    if (segment.kind !== 'gap') return;
    const px = ((segment.fromMs - scale.fromMs) / scale.spanMs) * line.clientWidth;
    if (px - labelledAt < LABEL_PX) setText(part, '');
    else labelledAt = px;
    part.toggleAttribute('data-end', line.clientWidth - px < LABEL_PX);
  });
}

function drawSegment(
  part: HTMLElement,
  { kind, fromMs, toMs, identity = '', isNow, isOpen }: Segment,
  scale: Scale & { readonly tone: string },
): void {
  const pod = nameOfHolder(identity);
  const length = durationText(toMs - fromMs);
  const texts = {
    led: { says: shortName(pod), hint: isOpen ? pod : `${pod}, ${length}` },
    gap: { says: length, hint: `Nobody, for at most ${length}` },
    unknown: { says: '', hint: 'Nothing was seen' },
  };
  setAttribute(part, 'data-kind', kind);
  setAttribute(part, 'data-tone', isNow && kind === 'led' ? 'now' : scale.tone);
  part.toggleAttribute('data-open', isOpen);
  setAttribute(part, 'title', texts[kind].hint);
  part.style.setProperty('--from', ((fromMs - scale.fromMs) / scale.spanMs).toFixed(5));
  part.style.setProperty('--size', ((toMs - fromMs) / scale.spanMs).toFixed(5));
  setText(part, texts[kind].says);
}

/** For who hears the page; whole numbers of changes, nothing that ticks. */
function textOf(
  segments: readonly Segment[],
  handovers: PageInstance['handovers'],
  spanMs: number,
): string {
  const gaps = segments.filter(({ kind }) => kind === 'gap').length;
  const last = segments.at(-1);
  const who =
    last?.kind === 'led' && last.identity !== undefined
      ? `${nameOfHolder(last.identity)} leads now`
      : 'Nobody leads now';
  const often = gaps === 1 ? 'once' : `${gaps} times`;
  const without = gaps === 0 ? 'never without a leader' : `${often} without a leader`;
  const known = handovers.length === 0 ? ', no change of leader is known' : '';
  return `The last ${agoText(spanMs)}: ${who}, ${without}${known}`;
}
