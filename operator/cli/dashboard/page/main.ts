/** The page: messages in, elements out, and ten ticks a second for what counts. */

import { byId, setText } from './dom.ts';
import { takeKey } from './key.ts';
import { type LinkState, openLink } from './link.ts';
import { announcementBetween, apply, type Model, NOTHING } from './model.ts';
import { createBanners, isStale } from './panels/banners.ts';
import { type Card, createCard } from './panels/card.ts';
import { createOverview } from './panels/overview.ts';
import { startTheme } from './theme.ts';

/** Above this many, details are folded at first. */
const MANY = 3;
/** Tenths of a second are the finest that is shown. */
const TICK_EVERY_MS = 100;

let model: Model = NOTHING;
let link: LinkState = 'starting';
let tickedAtMs = 0;
const cards = new Map<string, Card>();
const overview = createOverview();
const banners = createBanners();
const list = byId('instances');

// First of all, so that the key leaves the address.
const key = takeKey();
startTheme();
void openLink({
  key,
  onEvent(event, atMs) {
    const before = model;
    model = apply(model, event, atMs);
    announce(before, model);
    draw(atMs);
  },
  onState(state) {
    link = state;
    banners.update(model, link);
    document.body.toggleAttribute('data-stale', isStale(model, link));
  },
});
requestAnimationFrame(tick);

/** At once, without waiting for a frame: a window in the background gets none. */
function draw(atMs: number): void {
  const nowMs = model.calendarMs + atMs;
  const { scope, instances } = model;
  if (scope !== undefined) {
    const where = scope.namespace === undefined ? 'All namespaces' : scope.namespace;
    setText(byId('scope'), `${where} · ${scope.server}`);
  }
  removeOld();
  instances.forEach((instance, at) => {
    const card = cards.get(instance.key) ?? addCard(instance.key);
    if (list.children[at] !== card.root) list.insertBefore(card.root, list.children[at] ?? null);
    card.update(instance, nowMs);
    card.tick(instance, atMs, nowMs);
  });
  overview.update(instances);
  banners.update(model, link);
  document.body.toggleAttribute('data-stale', isStale(model, link));
}

function addCard(key: string): Card {
  const card = createCard(key, model.instances.length > MANY ? 'closed' : 'open');
  cards.set(key, card);
  return card;
}

function removeOld(): void {
  const keys = new Set(model.instances.map(({ key }) => key));
  for (const [key, card] of cards) {
    if (keys.has(key)) continue;
    card.root.remove();
    cards.delete(key);
  }
}

/** While no messages come, nothing is counted: it would be a guess. */
function tick(atMs: number): void {
  requestAnimationFrame(tick);
  if (atMs - tickedAtMs < TICK_EVERY_MS) return;
  tickedAtMs = atMs;
  banners.tick(atMs);
  if (!isStale(model, link)) {
    const nowMs = model.calendarMs + atMs;
    for (const instance of model.instances) cards.get(instance.key)?.tick(instance, atMs, nowMs);
  }
}

/** Puts it where a screen reader says it once, when it has nothing else to say. */
function announce(before: Model, after: Model): void {
  const announcements = after.instances.flatMap((instance) => {
    const old = before.instances.find(({ key }) => key === instance.key);
    return announcementBetween(old, instance) ?? [];
  });
  if (announcements.length > 0) setText(byId('announcer'), announcements.join('. '));
}
