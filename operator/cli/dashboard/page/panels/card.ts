/** One instance. Its elements are made once and then changed, so that focus and reading place stay. */

import { el, setAttribute, setText } from '../dom.ts';
import type { Known } from '../model.ts';
import { STANDINGS, whyNot } from '../words.ts';
import { createConditionsPanel } from './conditions-panel.ts';
import { createCostPanel } from './cost-panel.ts';
import { createHistoryPanel } from './history-panel.ts';
import { createLeaderPanel } from './leader-panel.ts';
import { createPodsPanel } from './pods-panel.ts';
import { createTimelinePanel } from './timeline-panel.ts';

/** The elements of one instance. */
export interface Card {
  readonly root: HTMLElement;
  update(instance: Known, nowMs: number): void;
  /** Ten times a second. `atMs`: the browser's monotonic clock; `nowMs`: the calendar. */
  tick(instance: Known, atMs: number, nowMs: number): void;
}

/** `details`: whether history and conditions are unfolded at first. */
export function createCard(key: string, details: 'open' | 'closed'): Card {
  const id = cardId(key);
  const name = el('h2', { id: `${id}-name` });
  const place = el('span', { class: 'place' });
  const standing = el('span', { class: 'pill' });
  const paused = el('span', { class: 'pill', 'data-kind': 'paused' }, 'Paused');
  const version = el('span', { class: 'version' });
  const why = el('p', { class: 'why' });
  const leader = createLeaderPanel();
  const pods = createPodsPanel();
  const cost = createCostPanel();
  const timeline = createTimelinePanel(key);
  const history = createHistoryPanel();
  const conditions = createConditionsPanel();
  const more = el(
    'details',
    details === 'open' ? { open: '' } : {},
    el('summary', {}, 'Changes of leader and conditions'),
    history.root,
    conditions.root,
  );
  const root = el(
    'article',
    { class: 'card', id, tabindex: '-1', 'aria-labelledby': `${id}-name` },
    el('header', {}, el('div', { class: 'names' }, name, ' ', place), version, paused, standing),
    why,
    el('div', { class: 'columns' }, leader.root, pods.root, cost.root),
    timeline.root,
    more,
  );

  return {
    root,
    update(instance, nowMs) {
      setText(name, instance.name);
      setText(place, instance.namespace);
      setText(version, instance.version === undefined ? '' : `Controller ${instance.version}`);
      setText(standing, STANDINGS[instance.standing.kind]);
      setAttribute(standing, 'data-kind', instance.standing.kind);
      setAttribute(standing, 'title', instance.standing.text);
      setText(why, whyNot(instance));
      paused.hidden = !instance.paused;
      for (const panel of [leader, pods, cost, timeline, history, conditions]) {
        panel.update(instance, nowMs);
      }
    },
    tick(instance, atMs, nowMs) {
      for (const panel of [leader, timeline, history]) panel.tick(instance, atMs, nowMs);
    },
  };
}

/** Names and namespaces are DNS labels and subdomains: nothing in them needs to be escaped. */
export function cardId(key: string): string {
  return `instance-${key.replace('/', '--')}`;
}
