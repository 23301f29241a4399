/**
 * The key by which this tab may read. The printed address leads to one that has it behind `#`, which no
 * browser sends to anybody. It leaves the address at once, and stays with the tab for as long as that is
 * open: other origins, and that is other ports too, cannot read it.
 */

const NAME = 'key';

/** Undefined in a tab that the printed address has not opened. */
export function takeKey(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get(NAME);
  if (given === null) return remembered() ?? undefined;
  history.replaceState(null, '', location.pathname);
  remember(given);
  return given;
}

/** A browser may forbid to store anything; then the key is gone with the next reload. */
function remembered(): string | null {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}

function remember(key: string): void {
  try {
    sessionStorage.setItem(NAME, key);
  } catch {}
}
