/** The page in a Chromium that notes when it shows another leader. */
import { startChromium } from '../../support/chromium.ts';

export interface Screen {
  /** When the page first showed this pod as leader, on the calendar, in ms. */
  shown(pod: string): Promise<number>;
  close(): Promise<void>;
}

export async function startScreen(
  url: string,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<Screen> {
  const chromium = await startChromium();
  const page = await chromium.newPage();
  await page.open(url);
  const card = `document.getElementById('instance-${namespace}--${name}')`;
  await page.until('the instance is shown', `${card} !== null`);
  await page.evaluate(`
    window.shownAt = {};
    const name = ${card}.querySelector('.leader-name');
    new MutationObserver(() => {
      window.shownAt[name.textContent] ??= performance.timeOrigin + performance.now();
    }).observe(name, { childList: true, characterData: true, subtree: true });`);
  return {
    async shown(pod) {
      await page.until(`${pod} is shown`, `'${pod}' in window.shownAt`);
      return page.evaluate<number>(`window.shownAt['${pod}']`);
    },
    close: () => chromium.close(),
  };
}
