/**
 * What the journals of a resource's candidates tell: who led from when to when, how long nobody did,
 * and whether two ever acted at once. Pure: lines in, findings out. All instants are readings of
 * CLOCK_MONOTONIC in ns, which all processes of one machine share.
 *
 *     leader A   ──leading───push─push──✕ killed
 *     leader B                          ┊          ──leading───push─push──
 *                                       └ leaderless ┘
 */

/** A line of the candidate's journal, or of its sidecar's. */
export interface JournalLine {
  readonly event: string;
  /** Of the candidate that writes, or (in the sidecar's) for which a push is carried out. */
  readonly identity: string;
  readonly mono_ns: number;
  /** Which push of that candidate, from 1. */
  readonly number?: number;
  /** How a push ended: `success` or `failure`. */
  readonly result?: string;
}

/** All that one process has written, oldest first. */
export interface Journal {
  readonly lines: readonly JournalLine[];
  /** When it was killed, for one that could not write so itself; what it wrote later it lived to write. */
  readonly endedAtNs?: number;
}

/** One time of leading: after `toNs` no push begins. */
export interface Term {
  readonly identity: string;
  readonly fromNs: number;
  /** Infinity while it leads, and for a process whose end nobody has told. */
  readonly toNs: number;
}

export interface Violation {
  readonly kind:
    | 'two-leaders'
    /** Two candidates had a push in flight. */
    | 'overlapping-writes'
    /** A push began before its candidate led, or after it had stopped. */
    | 'write-without-leadership'
    /** A sidecar still carried out a push of one candidate while another one led. */
    | 'late-write';
  readonly between: readonly [string, string];
  readonly fromNs: number;
  readonly toNs: number;
}

/** Who led from when to when, oldest first. */
export function termsOf(journals: readonly Journal[]): readonly Term[] {
  return journals.flatMap(termOf).toSorted(byBegin);
}

/**
 * How long nobody led from the end of one's term to the beginning of another's, all gaps between them
 * taken together; 0 for one and the same. Throws when it cannot be told.
 */
export function leaderlessNs(terms: readonly Term[], from: string, to: string): number {
  const first = terms.find(({ identity }) => identity === from);
  const last = terms.find(({ identity }) => identity === to);
  if (first === undefined) throw new Error(`${from} never led.`);
  if (last === undefined) throw new Error(`${to} never led.`);
  const between = terms.filter(({ fromNs }) => fromNs >= first.fromNs && fromNs <= last.fromNs);
  let ledUntilNs = first.fromNs;
  let gapsNs = 0;
  for (const { identity, fromNs, toNs } of between.toSorted(byBegin)) {
    if (identity !== to && toNs === Infinity) throw new Error(`The end of ${identity} is unknown.`);
    gapsNs += Math.max(0, fromNs - ledUntilNs);
    ledUntilNs = Math.max(ledUntilNs, toNs);
  }
  return gapsNs;
}

/** When a candidate's first push had succeeded, if one has. */
export function firstSyncAtNs(journals: readonly Journal[], identity: string): number | undefined {
  return journals
    .flatMap(({ lines }) => lines)
    .find((line) => {
      return line.identity === identity && line.event === 'push-end' && line.result === 'success';
    })?.mono_ns;
}

/** Everything that must not have been, oldest first. */
export function violations(journals: readonly Journal[]): readonly Violation[] {
  const terms = termsOf(journals);
  const pushes = journals.flatMap((journal) => spansOf(journal, 'push', endOf(journal)));
  const lasts = journals.flatMap((journal) => spansOf(journal, 'sync', lastSignOf(journal)));
  return [
    ...overlaps('two-leaders', pairsOf(terms)),
    ...overlaps('overlapping-writes', pairsOf(pushes)),
    ...overlaps('late-write', pairsOf(lasts, terms)),
    ...withoutLeadership(pushes, terms),
  ].toSorted(byBegin);
}

/** Something that one candidate did for a while. */
type Span = Term;

const ENDS_OF_WORK: ReadonlySet<string> = new Set(['stopped', 'exiting', 'lost', 'crashing']);
const ENDS_OF_PROCESS: ReadonlySet<string> = new Set(['exiting', 'lost', 'crashing']);

function termOf(journal: Journal): readonly Term[] {
  const begin = journal.lines.find(({ event }) => event === 'leading');
  if (begin === undefined) return [];
  const end = journal.lines.find(
    ({ event, mono_ns }) => ENDS_OF_WORK.has(event) && mono_ns >= begin.mono_ns,
  );
  const toNs = Math.min(end?.mono_ns ?? Infinity, killedAtNs(journal));
  return [{ identity: begin.identity, fromNs: begin.mono_ns, toNs }];
}

/** The end of the process, Infinity when nobody has told it. */
function endOf(journal: Journal): number {
  const told = journal.lines.find(({ event }) => ENDS_OF_PROCESS.has(event))?.mono_ns ?? Infinity;
  return Math.min(told, killedAtNs(journal));
}

/** The kill is noted just before it, or when its victim was last seen alive: a line may come after that. */
function killedAtNs({ lines, endedAtNs = Infinity }: Journal): number {
  return Math.max(endedAtNs, lines.at(-1)?.mono_ns ?? 0);
}

/** A sidecar is ended without a word: what it had not finished by its last one counts until then. */
function lastSignOf({ lines }: Journal): number {
  return lines.at(-1)?.mono_ns ?? 0;
}

/** From each `<what>-begin` to its `<what>-end`, or to `unfinishedToNs`. */
function spansOf({ lines }: Journal, what: string, unfinishedToNs: number): readonly Span[] {
  const ends = lines.filter(({ event }) => event === `${what}-end`);
  return lines
    .filter(({ event }) => event === `${what}-begin`)
    .map(({ identity, number, mono_ns: fromNs }) => {
      const end = ends.find((line) => line.identity === identity && line.number === number);
      return { identity, fromNs, toNs: Math.max(fromNs, end?.mono_ns ?? unfinishedToNs) };
    });
}

/** Of two overlapping spans the later begins within the earlier, so each is held against those before it. */
function* pairsOf(spans: readonly Span[], others?: readonly Span[]): Generator<[Span, Span]> {
  const sorted = spans.toSorted(byBegin);
  for (const [index, span] of sorted.entries()) {
    for (const other of others ?? sorted.slice(index + 1)) {
      if (other.identity !== span.identity) yield [span, other];
    }
  }
}

function overlaps(kind: Violation['kind'], pairs: Iterable<[Span, Span]>): readonly Violation[] {
  return [...pairs].flatMap(([one, other]) => {
    const fromNs = Math.max(one.fromNs, other.fromNs);
    const toNs = Math.min(one.toNs, other.toNs);
    return fromNs < toNs ? [{ kind, between: [one.identity, other.identity], fromNs, toNs }] : [];
  });
}

function withoutLeadership(pushes: readonly Span[], terms: readonly Term[]): readonly Violation[] {
  return pushes
    .filter(({ identity, fromNs }) => {
      return !terms.some(
        (term) => term.identity === identity && term.fromNs <= fromNs && fromNs <= term.toNs,
      );
    })
    .map(({ identity, fromNs, toNs }) => ({
      kind: 'write-without-leadership',
      between: [identity, identity],
      fromNs,
      toNs,
    }));
}

function byBegin(one: { readonly fromNs: number }, other: { readonly fromNs: number }): number {
  return one.fromNs - other.fromNs;
}
