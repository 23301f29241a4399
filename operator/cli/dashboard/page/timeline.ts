/**
 * Who led when, from the changes of leader that are known. Between two changes whose names do not fit together the
 * leader is unknown. Instants are of the calendar, in ms since 1970.
 */
import type { Handover } from '../message.ts';

/** A stretch of the line. Instants in ms since 1970. */
export interface Segment {
  /** `gap`: nobody was known to lead. `unknown`: nothing was seen. */
  readonly kind: 'led' | 'gap' | 'unknown';
  readonly fromMs: number;
  readonly toMs: number;
  /** Whoever led. */
  readonly identity?: string;
  /** It lasts. */
  readonly isNow: boolean;
  /** When it began is not known: before what is shown. */
  readonly isOpen: boolean;
}

/** Who leads now. */
export interface Present {
  /** Empty: nobody. */
  readonly holder: string;
  /** Since when it leads, by its own word. */
  readonly sinceMs?: number;
  /** Nobody leads since then. */
  readonly vacantSinceMs?: number;
}

/** From `fromMs` to `nowMs`, without holes, oldest first. `handovers`: newest first. */
export function segmentsOf(
  handovers: readonly Handover[],
  present: Present,
  { fromMs, nowMs }: { readonly fromMs: number; readonly nowMs: number },
): readonly Segment[] {
  const points: Segment[] = [];
  let cursorMs = Number.NEGATIVE_INFINITY;
  let leader: string | undefined;

  function add(kind: Segment['kind'], toMs: number, identity?: string): void {
    if (toMs <= cursorMs) return;
    const who = identity === undefined ? {} : { identity };
    const isOpen = cursorMs === Number.NEGATIVE_INFINITY;
    points.push({ kind, fromMs: cursorMs, toMs, ...who, isNow: false, isOpen });
    cursorMs = toMs;
  }

  for (const change of handovers.toReversed()) {
    const takenAtMs = Date.parse(change.time);
    if (Number.isNaN(takenAtMs) || takenAtMs < cursorMs) continue;
    const lostAtMs = takenAtMs - (change.leaderlessMilliseconds ?? 0);
    const isKnown = leader === undefined || leader === change.fromIdentity;
    add(isKnown ? 'led' : 'unknown', lostAtMs, isKnown ? change.fromIdentity : undefined);
    add('gap', takenAtMs);
    leader = change.toIdentity;
  }
  presentOf(present, leader, { add, nowMs });
  return points.flatMap((one) => clipped(one, fromMs, nowMs));
}

/** The end of the line: who leads now, or since when nobody does. */
function presentOf(
  { holder, sinceMs, vacantSinceMs }: Present,
  leader: string | undefined,
  {
    add,
    nowMs,
  }: { add: (kind: Segment['kind'], toMs: number, who?: string) => void; nowMs: number },
): void {
  if (holder === '') {
    // When the vacancy began was not seen, so it is not known who led until when.
    const isKnown = leader !== undefined && vacantSinceMs !== undefined;
    add(isKnown ? 'led' : 'unknown', vacantSinceMs ?? nowMs, isKnown ? leader : undefined);
    add('gap', nowMs);
    return;
  }
  if (leader !== holder) add('unknown', sinceMs ?? nowMs);
  add('led', nowMs, holder);
}

function clipped(segment: Segment, fromMs: number, nowMs: number): readonly Segment[] {
  const toMs = Math.min(segment.toMs, nowMs);
  if (toMs <= fromMs) return [];
  return [{ ...segment, fromMs: Math.max(segment.fromMs, fromMs), toMs, isNow: toMs === nowMs }];
}

/** Spans that can be looked at, in ms. */
export const SPANS_MS = [
  60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000,
] as const;

/** The shortest span that shows every change, with some room before the oldest; else the longest. */
export function spanFor(handovers: readonly Handover[], nowMs: number): number {
  const oldestMs = Math.min(nowMs, ...handovers.map(({ time }) => Date.parse(time) || nowMs));
  const wantedMs = (nowMs - oldestMs) * 1.1;
  return SPANS_MS.find((spanMs) => spanMs >= wantedMs) ?? 604_800_000;
}
