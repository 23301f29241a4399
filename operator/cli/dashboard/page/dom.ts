/** Elements without markup: text is only ever set as text, so nothing that a cluster says becomes code. */

type Attributes = Readonly<Record<string, string>>;
type Child = Node | string;

/** `el('p', { class: 'note' }, 'text')`. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The same for SVG. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Touches the page only when the text is another one. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Touches the page only when the value is another one. */
export function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** The element of index.html with that id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no element "${id}"`);
  return found;
}

/** Runs `draw` only for a value that differs from the last one. */
export function onChange<Value>(draw: (value: Value) => void): (value: Value) => void {
  let drawn: string | undefined;
  return (value) => {
    const next = JSON.stringify(value);
    if (next === drawn) return;
    drawn = next;
    draw(value);
  };
}
