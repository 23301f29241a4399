/** The bundle's drill in a process of its own, and the journals' word on what it has measured. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { Trial } from '../../../operator/cli/drill/decide/verdict.ts';
import { monotonicNs } from '../../bench/support/container-process.ts';
import { leaderlessNs, type Term, termsOf } from '../../support/history.ts';
import type { CommandEnd } from './command.ts';
import type { FailoverScene } from './failover-scene.ts';
import { bundle } from './operator.ts';

export interface RunningDrill {
  readonly ended: Promise<CommandEnd>;
  /** Resolves when standard error holds `words`. */
  said(words: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

export interface DrillReport {
  readonly kind: string;
  readonly verdict: { readonly result: string; readonly message: string };
  readonly stopped?: { readonly reason: string; readonly message: string };
  readonly trials: readonly Trial[];
}

/** Nothing of our environment but PATH reaches it. */
export function startDrill(args: readonly string[]): RunningDrill {
  const child = spawn(process.execPath, [bundle(), ...args], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (printed.stdout += data));
  child.stderr.on('data', (data) => (printed.stderr += data));
  const { promise: ended, resolve } = Promise.withResolvers<CommandEnd>();
  child.once('close', (code) => resolve({ ...printed, exitCode: code ?? -1 }));
  return {
    ended,
    signal: (name) => child.kill(name),
    async said(words) {
      const { promise, resolve: heard, reject } = Promise.withResolvers<void>();
      const listen = () => (printed.stderr.includes(words) ? heard() : undefined);
      child.stderr.on('data', listen);
      child.once('close', () => reject(new Error(`it ended with: ${printed.stderr}`)));
      listen();
      await promise;
    },
  };
}

export async function drill(args: readonly string[]): Promise<CommandEnd & DrillReport> {
  const end = await startDrill([...args, '-o', 'json']).ended;
  assert.notEqual(end.stdout, '', end.stderr);
  return { ...end, ...JSON.parse(end.stdout) };
}

/** One trial as the journals have it, beside what the drill has told; all in ms. */
export interface Compared {
  readonly number: number;
  readonly leaderlessMs: number;
  readonly atLeastMs: number;
  readonly atMostMs: number;
  readonly isInside: boolean;
  /** Both instants lie in the spans that are told for them. */
  readonly endsInside: boolean;
  /** The drill's sight of the new leader, after its own word. */
  readonly endErrorMs: number;
}

/** Instants are told by the calendar in whole ms, and the journals' are turned into it. */
const ROUNDING_MS = 2;

export function compare(scene: FailoverScene, resource: string, trial: Trial): Compared {
  const { journals } = scene;
  journals.read();
  const { takeover } = trial;
  assert.ok(takeover !== undefined, JSON.stringify(trial));
  const terms = termsOf(journals.of(resource));
  const [from, to] = [termOf(terms, trial.from.identity), termOf(terms, takeover.to.identity)];
  const leaderlessMs = leaderlessNs(terms, from.identity, to.identity) / 1e6;
  const { atLeastMs, atMostMs } = takeover.leaderless;
  return {
    number: trial.number,
    ...{ leaderlessMs, atLeastMs, atMostMs },
    isInside: atLeastMs <= leaderlessMs && leaderlessMs <= atMostMs,
    endsInside: within(from.toNs, takeover.end) && within(to.fromNs, takeover.begin),
    endErrorMs: Date.parse(takeover.begin.seen) - calendarMs(to.fromNs),
  };
}

function termOf(terms: readonly Term[], identity: string): Term {
  const term = terms.find((one) => one.identity === identity);
  assert.ok(term !== undefined, `${identity} never led`);
  return term;
}

function within(atNs: number, span: { readonly earliest: string; readonly latest: string }) {
  const atMs = calendarMs(atNs);
  const [earliestMs, latestMs] = [Date.parse(span.earliest), Date.parse(span.latest)];
  return earliestMs - ROUNDING_MS <= atMs && atMs <= latestMs + ROUNDING_MS;
}

function calendarMs(atNs: number): number {
  return Date.now() - (monotonicNs() - atNs) / 1e6;
}
