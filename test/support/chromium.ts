/**
 * A real Chromium without a window, driven by the DevTools protocol over the WebSocket of Node. It reaches
 * nothing but loopback, keeps its profile in a folder of its own, and dies with the test process.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../e2e/support/eventually.ts';
import { PROGRAM_HANG_MS } from './hang-limits.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Chromium {
  /** A page of a new, empty profile. */
  newPage(): Promise<ChromiumPage>;
  close(): Promise<void>;
}

export interface ChromiumPage {
  /** Any command of the protocol: `Emulation.setEmulatedMedia`. */
  send(method: string, params?: Fields): Promise<Fields>;
  /** Loads an address and waits for its load event. */
  open(url: string): Promise<void>;
  /** The value of an expression in the page, which may be a promise. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression in the page is true; it is looked at every 25 ms. */
  until(description: string, expression: string, idleMs?: number): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** `prefers-color-scheme` and `prefers-reduced-motion`. */
  prefer(features: {
    readonly scheme?: 'light' | 'dark';
    readonly motion?: 'reduce';
  }): Promise<void>;
  /** Presses and releases a key: `Tab`, `Enter`. */
  press(key: 'Tab' | 'Enter' | 'Space', options?: { readonly shift?: true }): Promise<void>;
  /** PNG of what the window shows, or of the whole page. */
  screenshot(options?: { readonly whole?: true }): Promise<Buffer>;
  /** Resolves when what has changed is drawn. */
  nextFrames(): Promise<void>;
  /** The accessibility tree, as a screen reader walks it, without what it leaves out. */
  accessible(): Promise<readonly { readonly role: string; readonly name: string }[]>;
  /** What the page and the browser have complained about: exceptions, console errors, refused loads. */
  readonly complaints: readonly string[];
  /** Addresses of all requests so far. */
  readonly requests: readonly string[];
}

/** What keeps a browser quiet and off the network. As root it cannot sandbox itself. */
const FLAGS = [
  ...['--headless=new', '--no-sandbox', '--remote-debugging-port=0', '--no-first-run'],
  ...['--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-extensions', '--mute-audio'],
  ...['--disable-default-apps', '--hide-scrollbars', '--font-render-hinting=none'],
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

const KEYS = { Tab: ['Tab', 9, ''], Enter: ['Enter', 13, '\r'], Space: [' ', 32, ' '] } as const;

export async function startChromium(): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), 'ingress-ha-chromium-'));
  const args = ['--pdeathsig', 'KILL', 'chromium', ...FLAGS, `--user-data-dir=${profile}`];
  const child = spawn('setpriv', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const protocol = await connect(await endpointOf(child));
  return {
    async newPage() {
      const { browserContextId } = await protocol.send('Target.createBrowserContext');
      const target = { url: 'about:blank', browserContextId };
      const { targetId } = await protocol.send('Target.createTarget', target);
      const attach = { targetId, flatten: true };
      const { sessionId } = await protocol.send('Target.attachToTarget', attach);
      return pageOf(protocol, String(sessionId));
    },
    async close() {
      const ended = new Promise((resolve) => child.once('close', resolve));
      protocol.close();
      child.kill('SIGKILL');
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Where it listens, which it tells on standard error. */
function endpointOf(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const said: string[] = [];
  const giveUp = (why: string) => reject(new Error(`Chromium ${why}\n${said.join('\n')}`));
  const timer = setTimeout(() => giveUp('did not start in time'), PROGRAM_HANG_MS);
  child.once('error', (error) => giveUp(`cannot be started: ${error.message}`));
  child.once('close', (code) => giveUp(`ended with code ${code}`));
  if (child.stderr === null) throw new Error('Chromium has no standard error');
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    const url = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (url !== undefined) resolve(url);
  });
  return promise.finally(() => clearTimeout(timer));
}

interface Protocol {
  send(method: string, params?: Fields, sessionId?: string): Promise<Fields>;
  listen(listener: (method: string, params: Fields, sessionId: string) => void): void;
  close(): void;
}

interface Answer {
  readonly id?: number;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: Fields;
  readonly sessionId?: string;
}

async function connect(url: string): Promise<Protocol> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (answer: Answer) => void>();
  const listeners: ((method: string, params: Fields, sessionId: string) => void)[] = [];
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error(`Cannot reach Chromium at ${url}`)));
  });
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    const { id, method, params = {}, sessionId = '' } = answer;
    if (id !== undefined) waiting.get(id)?.(answer);
    if (method !== undefined) for (const one of listeners) one(method, params, sessionId);
  });
  let last = 0;
  return {
    listen: (listener) => void listeners.push(listener),
    close: () => socket.close(),
    send(method, params = {}, sessionId) {
      last += 1;
      const id = last;
      socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
      return new Promise((resolve, reject) => {
        waiting.set(id, ({ error, result = {} }) => {
          waiting.delete(id);
          if (error === undefined) resolve(result);
          else reject(new Error(`${method}: ${error.message}`));
        });
      });
    },
  };
}

async function pageOf(protocol: Protocol, session: string): Promise<ChromiumPage> {
  const complaints: string[] = [];
  const requests: string[] = [];
  const loads = new Set<() => void>();
  const send = (method: string, params?: Fields) => protocol.send(method, params, session);
  protocol.listen((method, params, of) => {
    if (of !== session) return;
    const complaint = complaintIn(method, params);
    if (complaint !== undefined) complaints.push(complaint);
    if (method === 'Network.requestWillBeSent') requests.push(String(at(params, 'request', 'url')));
    if (method === 'Page.loadEventFired') for (const told of loads) told();
  });
  for (const domain of ['Page', 'Runtime', 'Log', 'Network', 'Accessibility']) {
    await send(`${domain}.enable`);
  }

  async function evaluate<T>(expression: string): Promise<T> {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await send('Runtime.evaluate', asked);
    if (exceptionDetails === undefined) return at(result, 'value') as T;
    throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
  }

  return {
    send,
    evaluate,
    complaints,
    requests,
    async open(url) {
      const { promise, resolve } = Promise.withResolvers<void>();
      loads.add(resolve);
      await send('Page.navigate', { url });
      await promise;
      loads.delete(resolve);
    },
    async until(description, expression, idleMs) {
      await eventually(description, () => evaluate<boolean>(expression), {
        ...(idleMs !== undefined && { within: idleMs }),
      });
    },
    async resize(width, height) {
      const metrics = { width, height, deviceScaleFactor: 1, mobile: false };
      await send('Emulation.setDeviceMetricsOverride', metrics);
    },
    async prefer({ scheme = 'light', motion = '' }) {
      const features = [
        { name: 'prefers-color-scheme', value: scheme },
        { name: 'prefers-reduced-motion', value: motion },
      ];
      await send('Emulation.setEmulatedMedia', { features });
    },
    async press(name, { shift } = {}) {
      const [key, windowsVirtualKeyCode, text] = KEYS[name];
      const pressed = { key, code: name, windowsVirtualKeyCode, modifiers: shift ? 8 : 0 };
      await send('Input.dispatchKeyEvent', { type: 'keyDown', ...pressed, ...(text && { text }) });
      await send('Input.dispatchKeyEvent', { type: 'keyUp', ...pressed });
    },
    async nextFrames() {
      const frame = 'new Promise((done) => requestAnimationFrame(done))';
      await evaluate(`${frame}.then(() => ${frame}).then(() => undefined)`);
    },
    async accessible() {
      const { nodes } = await send('Accessibility.getFullAXTree');
      return (nodes as readonly Fields[])
        .filter(({ ignored }) => ignored !== true)
        .map((node) => ({
          role: String(at(node, 'role', 'value')),
          name: String(at(node, 'name', 'value') ?? ''),
        }));
    },
    async screenshot({ whole } = {}) {
      const asked = { format: 'png', captureBeyondViewport: whole === true };
      const { data } = await send('Page.captureScreenshot', asked);
      return Buffer.from(String(data), 'base64');
    },
  };
}

/** Whatever a person would see in red or yellow in the console. */
function complaintIn(method: string, params: Fields): string | undefined {
  if (method === 'Runtime.exceptionThrown') return JSON.stringify(params.exceptionDetails);
  const isLoud = (level: unknown) => level === 'error' || level === 'warning' || level === 'assert';
  if (method === 'Runtime.consoleAPICalled' && isLoud(params.type))
    return JSON.stringify(params.args);
  const { entry } = params;
  if (method !== 'Log.entryAdded' || !isLoud(at(entry, 'level'))) return undefined;
  return `${at(entry, 'source')}: ${at(entry, 'text')} ${at(entry, 'url') ?? ''}`.trim();
}

function at(object: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Fields | undefined)?.[key], object);
}
