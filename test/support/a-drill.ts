/** Drills and trials that say only what matters. */
import type { Drill, Trial } from '../../operator/cli/drill/decide/verdict.ts';

/** Within 5 s, as many trials as there are unless more were wanted. */
export function aDrill(trials: Drill['trials'], wantedTrials = trials.length): Drill {
  return {
    namespace: 'prod',
    name: 'apisix',
    method: 'delete',
    wantedTrials,
    maxLeaderlessMs: 5_000,
    trials,
  };
}

/** Without bounds: nobody took over. */
export function aTrial(number: number, atLeastMs?: number, atMostMs?: number): Trial {
  const at = '2026-01-01T00:00:00.000Z';
  const trial: Trial = {
    number,
    method: 'delete',
    from: { identity: 'apisix-icha-7d9f-a_1', pod: 'apisix-icha-7d9f-a', node: 'one' },
    struckAt: at,
  };
  if (atLeastMs === undefined || atMostMs === undefined) return trial;
  return {
    ...trial,
    takeover: {
      to: { identity: 'apisix-icha-7d9f-b_1', pod: 'apisix-icha-7d9f-b', node: 'two' },
      leaderless: { atLeastMs, atMostMs },
      end: { earliest: at, latest: at },
      begin: { earliest: at, seen: at, latest: at },
      works: { kind: 'known', after: { atLeastMs, atMostMs: atMostMs + 200 } },
    },
    record: {
      time: at,
      cause: 'Drill',
      fromIdentity: 'a',
      toIdentity: 'b',
      winner: 'Replacement',
      assist: 'Cleared',
    },
  };
}
