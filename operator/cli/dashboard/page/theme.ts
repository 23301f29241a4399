/** Light, dark, or as the system has it; remembered by the browser where it may be. */
import { byId, setText } from './dom.ts';

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const NAMES: Readonly<Record<Theme, readonly [string, string]>> = {
  auto: ['Auto', 'Colours: as the system'],
  light: ['Light', 'Colours: light'],
  dark: ['Dark', 'Colours: dark'],
};
const KEY = 'theme';

/** Applies the remembered theme, and the next one at each press of the button. */
export function startTheme(): void {
  const button = byId('theme');
  let theme = THEMES.find((one) => one === remembered()) ?? 'auto';
  show(theme);
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
    remember(theme);
    show(theme);
  });

  function show(next: Theme): void {
    const [text, label] = NAMES[next];
    document.documentElement.dataset.theme = next;
    setText(byId('theme-text'), text);
    button.setAttribute('aria-label', label);
  }
}

/** A browser may forbid to store anything. */
function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {}
}
