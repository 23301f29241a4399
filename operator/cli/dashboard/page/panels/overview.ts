/** All instances in one row of links, when there is more than one. */
import { nameOfHolder } from '../../../../decide/observed/holder-name.ts';
import { byId, el, onChange } from '../dom.ts';
import type { Known } from '../model.ts';
import { STANDINGS, shortName } from '../words.ts';
import { cardId } from './card.ts';

interface Link {
  readonly key: string;
  readonly name: string;
  readonly standing: Known['standing']['kind'];
  readonly leader: string;
}

/** Links to all instances, for a page with many. Empty until the first update. */
export function createOverview() {
  const nav = byId('overview');
  const list = el('ul');
  nav.append(list);
  const draw = onChange((links: readonly Link[]) => {
    nav.hidden = links.length < 2;
    list.replaceChildren(...links.map(itemOf));
  });
  return {
    update: (instances: readonly Known[]) => draw(instances.map(linkOf)),
  };
}

function linkOf({ key, name, standing, leader, lease }: Known): Link {
  const pod = leader?.podName ?? (leader && nameOfHolder(leader.identity));
  const nobody = lease === undefined ? 'no Lease' : 'no leader';
  return { key, name, standing: standing.kind, leader: pod ? `★ ${shortName(pod)}` : nobody };
}

function itemOf({ key, name, standing, leader }: Link): HTMLLIElement {
  return el(
    'li',
    {},
    el(
      'a',
      { href: `#${cardId(key)}`, 'data-kind': standing, title: key },
      el('span', { class: 'dot', 'aria-hidden': 'true' }),
      el('span', {}, name),
      el('span', { class: 'hidden' }, `, ${STANDINGS[standing]}, leader: `),
      el('span', { class: 'soft' }, leader),
    ),
  );
}
