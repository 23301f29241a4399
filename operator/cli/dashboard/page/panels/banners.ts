/** What is wrong with the page itself: no connection, no rights, nothing to show. */
import { byId, el, onChange, setAttribute, setText } from '../dom.ts';
import type { LinkState } from '../link.ts';
import type { Model } from '../model.ts';
import { agoText } from '../words.ts';

const LINK_WORDS: Readonly<Record<LinkState, string>> = {
  starting: 'Connecting',
  open: 'Live',
  lost: 'Reconnecting',
  refused: 'Ended',
  keyless: 'Not connected',
};

const LOST = 'ingress-ha dashboard does not answer. The page tries again by itself.';
const REFUSED =
  'This page belongs to an earlier run of ingress-ha dashboard. Open the address that it has printed last.';

const KEYLESS =
  'A tab may read only once it was opened by the address that ingress-ha dashboard has printed, with its token: open that address here.';

interface Banner {
  readonly kind: 'bad' | 'note';
  readonly title: string;
  readonly text: string;
}

/** True while what is shown may be old. */
export function isStale({ problems }: Model, link: LinkState): boolean {
  const ended = link === 'lost' || link === 'refused' || link === 'keyless';
  return ended || problems.some(isOfAll);
}

/** Without the resources nothing can be trusted; without the rest something is missing. */
function isOfAll({ what, kind }: Model['problems'][number]): boolean {
  return what === 'ingresscontrollerhas' || kind !== 'rights';
}

/** Fills the elements for banners, for the state of the connection, and for a page without instances. */
export function createBanners() {
  const box = byId('banners');
  const blank = byId('blank');
  // Hidden from screen readers: they would say it every second.
  const age = el('span', { 'aria-hidden': 'true' });
  let receivedAtMs = 0;
  let stale = false;

  const drawBanners = onChange((banners: readonly Banner[]) => {
    box.replaceChildren(...banners.map(bannerOf));
    if (stale) box.lastElementChild?.append(age);
  });
  const drawBlank = onChange((texts: readonly string[]) => {
    const [title, ...rest] = texts;
    if (title === undefined) return blank.replaceChildren();
    const paragraphs = rest.map((text) => el('p', {}, text));
    blank.replaceChildren(el('section', { class: 'blank' }, el('h2', {}, title), ...paragraphs));
  });

  return {
    update(model: Model, link: LinkState): void {
      stale = isStale(model, link);
      if (!stale || receivedAtMs === 0) receivedAtMs = model.receivedAtMs;
      setText(byId('link-text'), stale && link === 'open' ? 'No cluster' : LINK_WORDS[link]);
      setAttribute(byId('link'), 'data-state', stale && link === 'open' ? 'lost' : link);
      drawBanners(bannersOf(model, link));
      drawBlank(blankOf(model, link));
    },
    tick(atMs: number): void {
      if (stale) setText(age, ` Shown is what was known ${agoText(atMs - receivedAtMs)} ago.`);
    },
  };
}

function bannersOf({ problems, instances }: Model, link: LinkState): readonly Banner[] {
  if (link === 'lost') return [{ kind: 'bad', title: 'Connection lost', text: LOST }];
  if (link === 'refused') return [{ kind: 'bad', title: 'Connection ended', text: REFUSED }];
  if (link === 'keyless') return [{ kind: 'bad', title: 'This tab has no key', text: KEYLESS }];
  const ofResources = problems.filter(({ what }) => what === 'ingresscontrollerhas');
  // With nothing else to show it fills the page instead.
  if (ofResources.length > 0 && instances.length === 0) return [];
  const shown = ofResources.length > 0 ? ofResources : problems;
  return shown.map((problem) => ({
    kind: isOfAll(problem) ? 'bad' : 'note',
    title:
      problem.kind === 'rights'
        ? `No right to read ${problem.what}`
        : `${problem.what} cannot be read`,
    text: problem.text,
  }));
}

function blankOf(
  { synced, instances, problems, scope }: Model,
  link: LinkState,
): readonly string[] {
  if (instances.length > 0) return [];
  const problem = problems.find(({ what }) => what === 'ingresscontrollerhas');
  if (problem !== undefined) {
    const title =
      problem.kind === 'rights' ? 'You may not read the instances' : 'No answer from the cluster';
    return [title, problem.text, 'The page tries again by itself.'];
  }
  if (!synced) return link === 'starting' || link === 'open' ? ['Looking …'] : [];
  const where =
    scope?.namespace === undefined ? 'in this cluster' : `in namespace "${scope.namespace}"`;
  return [`No instance ${where}`, 'Create an IngressControllerHA, and it appears here by itself.'];
}

function bannerOf({ kind, title, text }: Banner): HTMLElement {
  const line = el('p', {}, el('strong', {}, title), ` ${text}`);
  return el('div', { class: 'banner', 'data-kind': kind }, line);
}
