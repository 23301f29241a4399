/** The page without its window: what it knows, says and draws. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventText } from '../../operator/cli/dashboard/http/stream.ts';
import type { FeedEvent, Handover, PageInstance } from '../../operator/cli/dashboard/message.ts';
import { createEventReader } from '../../operator/cli/dashboard/page/event-reader.ts';
import {
  announcementBetween,
  apply,
  leadershipOf,
  type Model,
  NOTHING,
} from '../../operator/cli/dashboard/page/model.ts';
import { type Present, segmentsOf, spanFor } from '../../operator/cli/dashboard/page/timeline.ts';
import {
  agoText,
  conditionMood,
  durationText,
  whyNot,
} from '../../operator/cli/dashboard/page/words.ts';
import { nameOfHolder } from '../../operator/decide/observed/holder-name.ts';

const NOW_MS = Date.parse('2026-01-01T00:10:00Z');
const HELD_BY_C: Present = { holder: 'c' };

describe('the timeline', () => {
  test('shows each tenure, and in between how long nobody led', () => {
    const handovers = [change('08:00', 'b', 'c', 3_000), change('04:00', 'a', 'b', 14_000)];
    assert.deepEqual(drawn(handovers, HELD_BY_C), [
      'led a 00:00-03:46 open',
      'gap 03:46-04:00',
      'led b 04:00-07:57',
      'gap 07:57-08:00',
      'led c 08:00-10:00 now',
    ]);
  });

  test('does not guess who led where the changes do not fit together', () => {
    const handovers = [change('08:00', 'b', 'c', 3_000), change('04:00', 'x', 'y', 1_000)];
    assert.deepEqual(drawn(handovers, HELD_BY_C), [
      'led x 00:00-03:59 open',
      'gap 03:59-04:00',
      'unknown 04:00-07:57',
      'gap 07:57-08:00',
      'led c 08:00-10:00 now',
    ]);
  });

  test('shows a leader that no change tells about from when it took the Lease', () => {
    const sinceMs = NOW_MS - 120_000;
    assert.deepEqual(drawn([], { holder: 'c', sinceMs }), [
      'unknown 00:00-08:00 open',
      'led c 08:00-10:00 now',
    ]);
  });

  test('grows a gap while nobody leads', () => {
    const handovers = [change('04:00', 'a', 'b', 2_000)];
    assert.deepEqual(drawn(handovers, { holder: '', vacantSinceMs: NOW_MS - 5_000 }), [
      'led a 00:00-03:58 open',
      'gap 03:58-04:00',
      'led b 04:00-09:55',
      'gap 09:55-10:00 now',
    ]);
  });

  test('knows nothing where nobody leads and nobody has seen since when', () => {
    assert.deepEqual(drawn([], { holder: '' }), ['unknown 00:00-10:00 open now']);
  });

  test('leaves out what was before its span', () => {
    const handovers = [change('04:00', 'a', 'c', 2_000)];
    const span = { fromMs: NOW_MS - 60_000, nowMs: NOW_MS };
    assert.equal(segmentsOf(handovers, HELD_BY_C, span).length, 1);
  });

  test('spans every change, with some room', () => {
    assert.equal(spanFor([], NOW_MS), 60_000);
    assert.equal(spanFor([change('05:00', 'a', 'b', 0)], NOW_MS), 900_000);
    const old = { ...change('05:00', 'a', 'b', 0), time: '2020-01-01T00:00:00Z' };
    assert.equal(spanFor([old], NOW_MS), 604_800_000);
  });
});

describe('what the page knows', () => {
  test('counts a Lease from when it was told, whatever else is told since', () => {
    const full = told([instance()], 1_000);
    const set = { pods: [] };
    const next = apply(
      full,
      { event: 'change', data: { nowMs: NOW_MS, key: 'prod/edge', set, unset: ['version'] } },
      3_000,
    );
    const [edge] = next.instances;
    assert.ok(edge);
    assert.deepEqual(leadershipOf(edge, 5_000), { kind: 'led', leftMs: 11_000, ofMs: 15_000 });
    assert.deepEqual(leadershipOf(edge, 17_000), { kind: 'overdue', byMs: 1_000 });
    assert.equal(edge.version, undefined);
    assert.equal(next.receivedAtMs, 3_000);
  });

  test('counts on while nobody leads', () => {
    const lease = { name: 'l', holder: '', transitions: 1, vacant: { forMs: 500, after: 'a' } };
    const [edge] = told([{ ...instance(), lease }], 1_000).instances;
    assert.ok(edge);
    assert.deepEqual(leadershipOf(edge, 2_000), { kind: 'vacant', forMs: 1_500, after: 'a' });
  });

  test('sorts what comes and forgets what goes', () => {
    const set = { ...instance(), key: 'prod/a', name: 'a' };
    const more = apply(
      told([instance()], 0),
      { event: 'change', data: { nowMs: NOW_MS, key: 'prod/a', set, unset: [] } },
      1,
    );
    assert.deepEqual(
      more.instances.map(({ key }) => key),
      ['prod/a', 'prod/edge'],
    );
    const less = apply(more, { event: 'gone', data: { key: 'prod/a' } }, 2);
    assert.deepEqual(
      less.instances.map(({ key }) => key),
      ['prod/edge'],
    );
  });

  test('says aloud who leads now, and after how long', () => {
    const [before] = told([instance()], 0).instances;
    const handovers = [{ ...change('09:00', 'a', 'edge-2', 3_140) }];
    const lease = { name: 'l', holder: 'edge-2', transitions: 2 };
    const [after] = told([{ ...instance(), lease, handovers }], 1).instances;
    assert.ok(before && after);
    assert.equal(
      announcementBetween(before, after),
      'edge: edge-2 leads now, after at most 3.1 s without a leader',
    );
    assert.equal(announcementBetween(after, after), undefined);
    assert.equal(announcementBetween(undefined, after), undefined);
    const vacant = { ...after, lease: { ...lease, holder: '' } };
    assert.equal(announcementBetween(before, vacant), 'edge has no leader now');
  });
});

describe('words', () => {
  test('for durations are as exact as they need to be', () => {
    const texts = [0, 3_140, 9_940, 9_960, 14_400, 59_400, 125_000, 1_200_000, 12_000_000, 2e8];
    assert.deepEqual(texts.map(durationText), [
      ...['0.0 s', '3.1 s', '9.9 s', '10 s', '14 s', '59 s'],
      ...['2 min 05 s', '20 min', '3 h 20 min', '2 d 7 h'],
    ]);
    assert.equal(agoText(-5), '0 s');
  });

  test('for conditions know which way each type is meant', () => {
    const mood = (type: string, status: 'True' | 'False' | 'Unknown') =>
      conditionMood({ type, status, reason: '', message: '', lastTransitionTime: '' });
    assert.equal(mood('Ready', 'True'), 'good');
    assert.equal(mood('Ready', 'False'), 'bad');
    assert.equal(mood('HighlyAvailable', 'False'), 'weak');
    assert.equal(mood('Stalled', 'True'), 'bad');
    assert.equal(mood('Reconciling', 'True'), 'busy');
    assert.equal(mood('SomethingNew', 'Unknown'), 'unknown');
  });

  test('for an instance that is not Ready are those of what keeps it', () => {
    const failed = { kind: 'failed', text: 'Ready=False' } as const;
    const conditions = [
      { type: 'Ready', status: 'False', reason: 'X', message: 'second', lastTransitionTime: '' },
      { type: 'Stalled', status: 'True', reason: 'X', message: 'first', lastTransitionTime: '' },
    ] as const;
    assert.equal(whyNot({ ...instance(), standing: failed, conditions }), 'first');
    assert.equal(whyNot({ ...instance(), standing: failed, conditions: [] }), 'Ready=False');
    assert.equal(whyNot(instance()), '');
  });

  test('for an identity are the name of its pod, if it has one', () => {
    assert.equal(nameOfHolder('edge-1_04a638ba-02af-4619-bd68-7b2bce213b60'), 'edge-1');
    assert.equal(nameOfHolder('by-hand'), 'by-hand');
  });
});

/** `led a 00:00-03:46`, minutes and seconds of the ten minutes before now. */
function drawn(handovers: readonly Handover[], present: Present): readonly string[] {
  const span = { fromMs: NOW_MS - 600_000, nowMs: NOW_MS };
  return segmentsOf(handovers, present, span).map((one) => {
    const times = [one.fromMs, one.toMs].map((ms) => new Date(ms).toISOString().slice(14, 19));
    const { kind, identity, isOpen, isNow } = one;
    return [kind, identity, times.join('-'), isOpen && 'open', isNow && 'now']
      .filter(Boolean)
      .join(' ');
  });
}

function change(
  minutes: string,
  fromIdentity: string,
  toIdentity: string,
  leaderlessMilliseconds: number,
): Handover {
  const time = `2026-01-01T00:${minutes}.000Z`;
  return { time, fromIdentity, toIdentity, leaderlessMilliseconds };
}

function told(instances: readonly PageInstance[], atMs: number): Model {
  const data = { nowMs: NOW_MS, scope: { server: 's' }, synced: true, problems: [], instances };
  return apply(NOTHING, { event: 'state', data }, atMs);
}

function instance(): PageInstance {
  return {
    ...{ key: 'prod/edge', name: 'edge', namespace: 'prod', version: '2.1.0', paused: false },
    standing: { kind: 'current', text: 'Ready=True' },
    replicas: { wanted: 2, ready: 2 },
    pods: [],
    lease: { name: 'l', holder: 'edge-1', transitions: 1, durationMs: 15_000, expiresInMs: 15_000 },
    handovers: [],
    conditions: [],
  };
}

test('events are read whole, wherever the stream is cut', () => {
  const told: FeedEvent[] = [
    { event: 'gone', data: { key: 'prod/a\n\nevent: state\ndata: 1' } },
    { event: 'gone', data: { key: 'b' } },
  ];
  const text = told.map((event) => `: alive\n\n${eventText(event)}`).join('');
  for (let size = 1; size <= text.length; size += 1) {
    const read: FeedEvent[] = [];
    const reader = createEventReader((event) => read.push(event));
    for (let at = 0; at < text.length; at += size) reader(text.slice(at, at + size));
    assert.deepEqual(read, told);
  }
});
