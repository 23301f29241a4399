/** What the operator says about the instance, aspect by aspect, in its own sentences. */
import type { PageInstance } from '../../message.ts';
import { el, onChange } from '../dom.ts';
import { conditionMood, conditionName, conditionsInOrder } from '../words.ts';

type Condition = PageInstance['conditions'][number];

const MOODS = { good: 'Yes', bad: 'No', weak: 'No', busy: 'Now', unknown: 'Unknown' } as const;
/** What the mood is drawn with, beside its word. */
const MARKS = { good: '✓', bad: '!', weak: '!', busy: '↻', unknown: '?' } as const;

/** Every condition with its message. Empty until the first update. */
export function createConditionsPanel() {
  const list = el('ul', { class: 'conditions' });
  const root = el(
    'section',
    { class: 'panel', 'aria-label': 'Conditions' },
    el('h3', {}, 'Conditions'),
    list,
  );
  const draw = onChange((conditions: readonly Condition[]) => {
    const none = el('li', { class: 'soft' }, 'The operator has said nothing yet.');
    list.replaceChildren(...(conditions.length === 0 ? [none] : conditions.map(itemOf)));
  });
  return { root, update: ({ conditions }: PageInstance) => draw(conditionsInOrder(conditions)) };
}

function itemOf(condition: Condition): HTMLLIElement {
  const mood = conditionMood(condition);
  const name = conditionName(condition.type);
  return el(
    'li',
    { 'data-mood': mood },
    el('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS[mood]),
    el(
      'div',
      {},
      el('strong', {}, name, el('span', { class: 'hidden' }, `: ${saidOf(condition, mood)}.`)),
      el('span', { class: 'under' }, condition.message),
    ),
  );
}

/** A type that is bad when true is said as it stands. */
function saidOf({ status }: Condition, mood: keyof typeof MOODS): string {
  return mood === 'bad' && status === 'True' ? 'Yes, and that is bad' : MOODS[mood];
}
