/**
 * Follows what the containers of candidates print, in the files where the kubelet keeps it. A file is
 * opened as soon as it appears, so its last lines are read even when its pod has been deleted.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { childName } from '../../../operator/desired/naming.ts';
import type { Journal, JournalLine } from '../../support/history.ts';

/** The journal of one life of one container. */
export interface FollowedJournal extends Journal {
  readonly pod: string;
  readonly podUid: string;
  readonly container: string;
  /** How often the container had been restarted in its pod before. */
  readonly restarts: number;
}

/** Shorter than any container lives; instants are in the lines, so it adds to no measured time. */
const LOOK_EVERY_MS = 100;

interface OpenFile extends FollowedJournal {
  readonly descriptor: number;
  readonly lines: JournalLine[];
  endedAtNs?: number;
  /** What follows the last whole line. */
  rest: Buffer;
}

export class Journals {
  readonly namespace: string;
  readonly #folder: string;
  readonly #files = new Map<string, OpenFile>();
  readonly #chunk = Buffer.alloc(64 * 1024);
  readonly #timer: NodeJS.Timeout;

  /** Follows the pods of one namespace; `folder` is the kubelet's podLogsDir. */
  constructor(folder: string, namespace: string) {
    this.#folder = folder;
    this.namespace = namespace;
    this.#timer = setInterval(() => this.read(), LOOK_EVERY_MS);
  }

  /** All of a resource's candidates and their sidecars, those that are gone included. */
  of(resource: string): readonly FollowedJournal[] {
    return [...this.#files.values()].filter((file) => belongsTo(file, resource));
  }

  /** The journal that a candidate writes itself: it begins with its start. */
  by(identity: string): FollowedJournal | undefined {
    return this.#by(identity);
  }

  /** Notes when a candidate was killed. */
  killed(identity: string, endedAtNs: number): void {
    const journal = this.#by(identity);
    if (journal === undefined) throw new Error(`${identity} has no journal.`);
    journal.endedAtNs = endedAtNs;
  }

  /** Drops a resource's journals. */
  forget(resource: string): void {
    for (const [path, file] of this.#files) {
      if (!belongsTo(file, resource)) continue;
      closeSync(file.descriptor);
      this.#files.delete(path);
    }
  }

  /** Reads what has been written up to now. */
  read(): void {
    for (const path of this.#newFiles()) this.#open(path);
    for (const file of this.#files.values()) readOn(file, this.#chunk);
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const { descriptor } of this.#files.values()) closeSync(descriptor);
    this.#files.clear();
  }

  #by(identity: string): OpenFile | undefined {
    return [...this.#files.values()].find(({ lines: [first] }) => {
      return first?.event === 'started' && first.identity === identity;
    });
  }

  /** `<namespace>_<pod>_<uid>/<container>/<restarts>.log`, those that are not open. */
  #newFiles(): readonly string[] {
    return entriesOf(this.#folder)
      .filter((pod) => pod.startsWith(`${this.namespace}_`))
      .flatMap((pod) => below(this.#folder, pod))
      .flatMap((container) => below(this.#folder, container))
      .filter((path) => /\/\d+\.log$/.test(path) && !this.#files.has(path));
  }

  #open(path: string): void {
    const [folder = '', container = '', log = ''] = path.split('/');
    const [, pod = '', podUid = ''] = folder.split('_');
    const descriptor = opened(join(this.#folder, path));
    if (descriptor === undefined) return;
    const restarts = Number.parseInt(log, 10);
    const rest = Buffer.alloc(0);
    this.#files.set(path, { pod, podUid, container, restarts, descriptor, lines: [], rest });
  }
}

function belongsTo({ pod }: OpenFile, resource: string): boolean {
  return pod.startsWith(`${childName({ name: resource })}-`);
}

/** Reads to the end of the file, wherever that is by now. */
function readOn(file: OpenFile, chunk: Buffer): void {
  for (;;) {
    const length = readSync(file.descriptor, chunk);
    if (length === 0) return;
    const text = Buffer.concat([file.rest, chunk.subarray(0, length)]);
    const end = text.lastIndexOf('\n') + 1;
    file.rest = text.subarray(end);
    for (const line of text.toString('utf8', 0, end).split('\n')) file.lines.push(...told(line));
  }
}

/** The journal's line in one of the log (`<time> stdout F <text>`); none in what goes to stderr. */
function told(line: string): readonly JournalLine[] {
  const text = /^\S+ stdout F (\{.*\})$/.exec(line)?.[1];
  return text === undefined ? [] : [JSON.parse(text)];
}

function below(folder: string, path: string): readonly string[] {
  return entriesOf(join(folder, path)).map((name) => join(path, name));
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // the pod has gone meanwhile
  }
}

function opened(path: string): number | undefined {
  try {
    const descriptor = openSync(path, 'r');
    if (fstatSync(descriptor).isFile()) return descriptor;
    closeSync(descriptor);
    return undefined;
  } catch {
    return undefined; // gone meanwhile
  }
}
