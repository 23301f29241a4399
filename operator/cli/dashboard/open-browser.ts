/** Hands an address to whatever opens addresses here. Never waits for it, and never fails because of it. */
import { spawn } from 'node:child_process';

/** `onFailure` is told why nothing could be started. */
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
