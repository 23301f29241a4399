/** One process that holds electors, of ours or of client-go's. It dies with the test process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { newIdentity } from '../../../operator/control/election/elect.ts';
import type { ElectionSettings } from '../../../operator/decide/election/settings.ts';
import { uniqueName } from '../support/an-object.ts';
import type { EventLog } from './event-log.ts';
import type { Family } from './history.ts';
import { type Command, type HostLine, monotonicMs, type Seat, type Unheard } from './protocol.ts';

export interface HostSetup {
  readonly namespace: string;
  readonly kubeconfig: string;
  /** The program with client-go's electors. */
  readonly goProgram: string;
  readonly logFolder: string;
  readonly log: EventLog;
}

export class ElectorHost {
  readonly family: Family;
  readonly #setup: HostSetup;
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  /** Of electors that have not ended yet. */
  readonly #seats = new Map<string, Seat>();
  #isExpectedToEnd = false;
  #exitedAtMs = 0;

  constructor(family: Family, setup: HostSetup) {
    this.family = family;
    this.#setup = setup;
    const command = ['--pdeathsig', 'KILL', ...commandOf(family, setup)];
    this.#child = spawn('setpriv', command, {
      env: { PATH: process.env.PATH },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#child, 'close');
    this.#child.on('exit', () => {
      this.#exitedAtMs = monotonicMs();
    });
    this.#child.on('close', (code, signal) => this.#ended(code ?? signal));
    this.#collect(join(setup.logFolder, `${uniqueName(family)}.log`));
  }

  /** A new elector on the Lease; its identity is new as well. */
  start(lease: string, settings: ElectionSettings): Seat {
    const seat = { elector: newIdentity(this.family), lease };
    this.#seats.set(seat.elector, seat);
    this.#tell({ kind: 'start', namespace: this.#setup.namespace, ...seat, ...settings });
    return seat;
  }

  release({ elector }: Seat): void {
    this.#tell({ kind: 'release', elector });
  }

  /** Of an elector of ours: it releases, and no request of its is answered from now on. */
  releaseUnheard({ elector }: Seat, fate: Unheard): void {
    this.#tell({ kind: 'release-unheard', elector, fate });
  }

  /** Blocks the event loop of a host of ours. */
  block(ms: number): void {
    this.#tell({ kind: 'block', ms });
  }

  /** SIGSTOP. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  /** SIGCONT; gives the time right before it. */
  resume(): number {
    const atMs = monotonicMs();
    this.#child.kill('SIGCONT');
    return atMs;
  }

  /** SIGKILL, unless it has ended; nothing is released, and all that it told is in the log. */
  async kill(): Promise<void> {
    this.#isExpectedToEnd = true;
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  #tell(command: Command): void {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  #collect(logFile: string): void {
    const { stdin, stdout, stderr } = this.#child;
    const file = createWriteStream(logFile);
    for (const stream of [stdout, stderr]) stream?.pipe(file, { end: false });
    void this.#closed.then(() => file.end());
    stdin?.on('error', () => {}); // told by the end of the process
    if (stdout === null) return;
    createInterface({ input: stdout }).on('line', (text) => {
      const { atNs, ...line }: HostLine = JSON.parse(text);
      if (line.kind === 'ended') this.#seats.delete(line.elector);
      this.#setup.log.add({ ...line, family: this.family, atMs: atNs / 1e6 });
    });
  }

  /** Once all that was still in its pipes has been told. */
  #ended(how: number | string | null): void {
    const atMs = this.#exitedAtMs;
    for (const seat of this.#seats.values()) {
      this.#setup.log.add({ ...seat, kind: 'ended', family: this.family, atMs, how: 'killed' });
    }
    if (this.#isExpectedToEnd) return;
    this.#setup.log.fail(new Error(`A host of ${this.family} electors ended with ${how}.`));
  }
}

function commandOf(family: Family, { goProgram, kubeconfig }: HostSetup): readonly string[] {
  return family === 'ours'
    ? [process.execPath, join(import.meta.dirname, 'host.ts'), kubeconfig]
    : [goProgram, '--kubeconfig', kubeconfig];
}
