/** Questions about how a page looks and is heard, answered by the browser itself. */

/** An element of the accessibility tree. */
export interface HeardNode {
  readonly role: string;
  readonly name: string;
}

const CONTROLS = new Set(['button', 'link', 'combobox', 'textbox', 'checkbox', 'image', 'table']);

/** What a person can use or look at, and a screen reader has no word for. */
export function namelessControls(nodes: readonly HeardNode[]): readonly string[] {
  return nodes
    .filter(({ role, name }) => CONTROLS.has(role) && name === '')
    .map(({ role }) => role);
}

/** Expression: what reaches beyond the window to the right, so that one would have to scroll. */
export const sidewaysScroll = `(() => {
  const root = document.documentElement;
  if (root.scrollWidth <= innerWidth) return [];
  return [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
    .map((one) => one.tagName + '.' + one.className);
})()`;

/**
 * Expression: texts whose contrast to what is behind them is below AA: 4.5, or 3 for large ones. Colours
 * are read by painting them, since CSS has many ways to write one.
 */
export const faintTexts = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = ([r, g, b, a], below) =>
    [r, g, b].map((part, at) => (part * a + below[at] * (255 - a)) / 255);
  const behind = (one) => {
    if (one === null) return [255, 255, 255];
    const own = rgba(getComputedStyle(one).backgroundColor);
    return own[3] === 255 ? own.slice(0, 3) : over(own, behind(one.parentElement));
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  for (const one of document.querySelectorAll('body *')) {
    const text = [...one.childNodes].filter(({ nodeType }) => nodeType === 3)
      .map(({ data }) => data).join('').trim();
    if (text === '' || !one.checkVisibility() || one.closest('.hidden, .skip, noscript')) continue;
    const style = getComputedStyle(one);
    const ground = behind(one);
    const [a, b] = [light(over(rgba(style.color), ground)), light(ground)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (isLarge ? 3 : 4.5)) faint.push(text + ': ' + contrast.toFixed(2));
  }
  return faint;
})()`;
