/** Opens an address in the user's browser by the desktop's own program for it (`xdg-open`, `open`, rundll32). */
import { spawn } from 'node:child_process';

/** Does not wait for the browser, and never throws. `onFailure` is called with the reason if nothing could be started. */
export function openBrowser(url: string, onFailure: (why: string) => void): void {
  const [program, ...args] = openerOf(process.platform);
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', (error) => onFailure(error.message));
  child.unref();
}

function openerOf(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}
