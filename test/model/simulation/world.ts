/**
 * Virtual time: what is due, in the order of its instants (ties: in the order in which it was set).
 * Nothing waits, and nothing happens but what was set. All times here are true time, in ms from the
 * start of the story; what a clock in the story shows is another matter (`clock.ts`).
 */
import { Random } from './random.ts';

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class World {
  readonly random: Random;
  /** What happened, line by line; undefined: nobody reads it, and it is not written. */
  readonly trace: string[] | undefined;
  nowMs = 0;
  /** How often the API server has begun anew, from an older state. */
  restores = 0;
  readonly #heap: Due[] = [];
  #order = 0;

  constructor(seed: number, trace?: string[]) {
    this.random = new Random(seed);
    this.trace = trace;
  }

  /** Never before now. */
  at(atMs: number, run: () => void): void {
    this.#order += 1;
    push(this.#heap, { atMs: Math.max(atMs, this.nowMs), order: this.#order, run });
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.nowMs + delayMs, run);
  }

  /** One line of the trace. The text is only made when somebody reads it. */
  note(text: () => string): void {
    if (this.trace === undefined) return;
    this.trace.push(`${(this.nowMs / 1000).toFixed(3).padStart(9)}  ${text()}`);
  }

  /** Runs until `isOver` says so, which is asked after each event, or nothing is due any more. */
  run(isOver: () => boolean): void {
    for (let due = pop(this.#heap); due !== undefined; due = pop(this.#heap)) {
      this.nowMs = due.atMs;
      due.run();
      if (isOver()) return;
    }
  }
}

function precedes(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Due[], due: Due): void {
  let hole = heap.length;
  heap.push(due);
  while (hole > 0) {
    const above = (hole - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !precedes(due, parent)) break;
    heap[hole] = parent;
    hole = above;
  }
  heap[hole] = due;
}

function pop(heap: Due[]): Due | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let hole = 0;
  for (;;) {
    const left = heap[2 * hole + 1];
    if (left === undefined) break;
    const right = heap[2 * hole + 2];
    const isRight = right !== undefined && precedes(right, left);
    const child = isRight ? right : left;
    if (!precedes(child, last)) break;
    heap[hole] = child;
    hole = 2 * hole + (isRight ? 2 : 1);
  }
  heap[hole] = last;
  return first;
}
