/**
 * One process of the bundled operator: its log lines, its pages, its end. It dies with the test
 * process, however that ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { systemClock } from '../../../operator/base/time.ts';
import { eventually } from './eventually.ts';

/** A line of the operator's log. */
export interface LogLine {
  readonly msg: string;
  readonly level: string;
  readonly [field: string]: unknown;
}

/** How a process ended: one of code and signal is null, as node:child_process has it. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the signal that we sent to the end, in ms. */
  readonly tookMs: number;
}

const START_LIMIT_MS = 30_000;

export class OperatorProcess {
  readonly #child: ChildProcess;
  readonly #lines: LogLine[] = [];
  readonly #file: string;
  readonly #ended: Promise<Omit<ProcessEnd, 'tookMs'>>;

  /** Starts the bundle at `entry`; what it prints also goes to `logFile`. */
  constructor(entry: string, args: readonly string[], logFile: string) {
    this.#file = logFile;
    const command = ['--pdeathsig', 'KILL', process.execPath, entry, ...args];
    this.#child = spawn('setpriv', command, {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => resolve({ code, signal }));
    });
    this.#ended.catch(() => {}); // told by whoever waits for it
    this.#collect(logFile);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Still running. */
  get runs(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Lines so far, oldest first; with `msg` only those of that message. */
  log(msg?: string): readonly LogLine[] {
    return msg === undefined ? this.#lines : this.#lines.filter((line) => line.msg === msg);
  }

  /** Waits for a line, at once if there is one already; an end of the process ends the wait. */
  async logged(msg: string, within = START_LIMIT_MS): Promise<LogLine> {
    const look = () => this.log(msg).at(-1) ?? (this.runs ? undefined : 'ended');
    const line = await eventually(`the operator logs "${msg}"`, look, { within }).catch((cause) => {
      throw new Error(`${cause.message}\n${this.#tail()}`, { cause });
    });
    if (line === 'ended') throw new Error(`The operator ended without "${msg}"\n${this.#tail()}`);
    return line;
  }

  /** A page of its own servers, `metrics` or `probes`. */
  async page(server: 'metrics' | 'probes', path: string) {
    const started = await this.logged('Started');
    const response = await fetch(`http://${String(started[server])}${path}`);
    return { status: response.status, body: await response.text() };
  }

  /** Sends the signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<ProcessEnd> {
    const startedAtMs = systemClock.nowMs();
    this.#child.kill(signal);
    const end = await this.#ended;
    return { ...end, tookMs: systemClock.nowMs() - startedAtMs };
  }

  #collect(logFile: string): void {
    const file = createWriteStream(logFile, { flags: 'a' });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      stream.pipe(file, { end: false });
      createInterface({ input: stream }).on('line', (line) => this.#lines.push(lineOf(line)));
    }
    this.#child.on('close', () => file.end());
  }

  /** The end of the log, for the message of a failed test. */
  #tail(): string {
    const lines = this.#lines.slice(-20).map((line) => JSON.stringify(line));
    return [`The operator's log (all of it: ${this.#file}):`, ...lines].join('\n');
  }
}

/** Whatever is not a line of our log becomes one, with the text as its message. */
function lineOf(text: string): LogLine {
  try {
    return JSON.parse(text);
  } catch {
    return { msg: text, level: 'raw' };
  }
}
