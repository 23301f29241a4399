/** How the page's server answers: the same headers on every answer, and a length on all but the stream of events. */
import type { ServerResponse } from 'node:http';
import { defined } from '../../../base/defined.ts';
import type { Asset } from '../assets.ts';

/** Nothing from elsewhere, nothing written into the page, no frame around it. */
const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  "require-trusted-types-for 'script'",
].join('; ');

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** A file of the page. */
export function sendAsset(response: ServerResponse, { contentType, body }: Asset): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': contentType, ...lengthOf(body) });
  response.end(body);
}

/** Writes the head of a stream of Server-Sent Events; its body follows. */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
}

/** One sentence as plain text, for whatever is not served. `status` 405 also ends the connection. */
export function sendText(response: ServerResponse, status: number, sentence: string): void {
  const body = `${sentence}\n`;
  const isMethodRefused = status === 405;
  const headers = defined({
    ...HEADERS,
    'Content-Type': 'text/plain; charset=utf-8',
    ...lengthOf(body),
    Allow: isMethodRefused ? 'GET' : undefined,
    // What it still wants to send is not read.
    Connection: isMethodRefused ? 'close' : undefined,
  });
  response.writeHead(status, headers);
  response.end(body);
}

/**
 * Answers the printed address: a cookie and a key take the place of its token. The cookie is strict: no other page can
 * make a browser send it. Without an end: it goes with the browser. The key stands behind `#`, where the page takes it
 * from: browsers send that part to nobody.
 */
export function sendLogin(
  response: ServerResponse,
  { cookie, key }: { readonly cookie: string; readonly key: string },
): void {
  response.writeHead(303, {
    ...HEADERS,
    Location: `/#key=${key}`,
    'Set-Cookie': `${cookie}; Path=/; HttpOnly; SameSite=Strict`,
    ...lengthOf(''),
  });
  response.end();
}

function lengthOf(body: string) {
  return { 'Content-Length': Buffer.byteLength(body) };
}
