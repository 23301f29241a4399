import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isTimeZone,
  minuteAt,
  outsideText,
  parseWindow,
} from '../../../operator/cli/drill/decide/window.ts';

const NIGHT = new Date('2026-07-01T01:30:00Z');

for (const text of ['', '2:00-4:00', '02:00', '25:00-26:00', '02:00-02:00', '24:00-01:00', '1-2']) {
  test(`"${text}" is no window`, () => {
    assert.equal(parseWindow(text), undefined);
  });
}

const cases: Record<string, { inside: boolean; zone?: string }> = {
  '01:30-02:00': { inside: true },
  '01:00-01:30': { inside: false },
  '23:00-02:00': { inside: true },
  '23:00-01:30': { inside: false },
  '00:00-24:00': { inside: true },
  '03:00-04:00': { inside: true, zone: 'Europe/Berlin' },
};

for (const [text, { inside, zone = 'UTC' }] of Object.entries(cases)) {
  test(`01:30 UTC is ${inside ? 'in' : 'outside'} ${text} ${zone}`, () => {
    const window = parseWindow(text);
    assert.ok(window !== undefined);

    assert.equal(outsideText(window, NIGHT, zone) === undefined, inside);
  });
}

test('it says what time it is there', () => {
  const window = parseWindow('02:00-04:00');
  assert.ok(window !== undefined);

  const text = outsideText(window, NIGHT, 'Asia/Kolkata');

  assert.equal(text, 'It is 07:00 in Asia/Kolkata, outside the window 02:00-04:00.');
  assert.equal(minuteAt(new Date('2026-07-01T00:00:00Z'), 'UTC'), 0);
});

test('a time zone is what the calendar knows', () => {
  assert.deepEqual(['UTC', 'Europe/Berlin', 'Nowhere/Land'].map(isTimeZone), [true, true, false]);
});
