/** The replicas: who could take over, and who could not. */
import type { PageInstance } from '../../message.ts';
import { el, onChange, setText } from '../dom.ts';

type Pod = PageInstance['pods'][number];

const ROLES: Readonly<Record<Pod['role'], string>> = {
  leader: 'leads',
  standby: 'stands by',
  starting: 'starts',
  stopping: 'stops',
};

/** The pods and their roles. Empty until the first update. */
export function createPodsPanel() {
  const heading = el('h3', {}, 'Replicas');
  const list = el('ul', { class: 'pods' });
  const root = el('section', { class: 'panel', 'aria-label': 'Replicas' }, heading, list);

  const drawPods = onChange((pods: readonly Pod[]) => {
    const none = el('li', { class: 'soft' }, 'No pod to read');
    list.replaceChildren(...(pods.length === 0 ? [none] : pods.map(podItem)));
  });

  return {
    root,
    update({ replicas, pods }: PageInstance): void {
      setText(heading, `Replicas: ${replicas.ready} of ${replicas.wanted} ready`);
      drawPods(pods);
    },
  };
}

function podItem({ name, role, ready, restarts, nodeName }: Pod): HTMLLIElement {
  const notes = [
    ready ? undefined : 'not ready',
    restarts === 0 ? undefined : restarts === 1 ? '1 restart' : `${restarts} restarts`,
    nodeName && `on ${nodeName}`,
  ].filter((note) => note !== undefined);
  return el(
    'li',
    { 'data-role': role, 'data-ready': String(ready) },
    el('span', { class: 'mark', 'aria-hidden': 'true' }, role === 'leader' ? '★' : ''),
    el(
      'div',
      {},
      el('span', { class: 'pod-name' }, name),
      el('span', { class: 'pod-notes' }, [ROLES[role], ...notes].join(' · ')),
    ),
  );
}
