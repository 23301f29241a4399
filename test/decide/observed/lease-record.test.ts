/** A holder is text of others: cut and cleaned where it is read, and still told from every other. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { jsonSchema } from '../../../operator/api/json-schema.ts';
import { statusSchema } from '../../../operator/api/schema/status.ts';
import { guardedLease } from '../../../operator/decide/failover/guarded-lease.ts';
import { readLease } from '../../../operator/decide/observed/lease.ts';
import { recordOf } from '../../../operator/decide/observed/lease-record.ts';
import { emptyMemory } from '../../../operator/decide/observed/memory.ts';
import {
  isWholeIdentity,
  shownIdentity,
} from '../../../operator/decide/observed/shown-identity.ts';
import { nextStatus } from '../../../operator/decide/status/status.ts';
import { identityOf } from '../../support/a-holder.ts';
import { anHa } from '../../support/an-ha.ts';
import { steady } from '../../support/an-observation.ts';

const MEGABYTE = 'x'.repeat(1_000_000);
const ESCAPES = '\u001B[2J\u001B]0;owned\u0007\r\nprod/edge: fine\u202E\u0000';

/** Each of them different, in ways that cutting and cleaning hide. */
const STRANGE = [
  MEGABYTE,
  `${MEGABYTE}y`,
  'x'.repeat(513),
  ESCAPES,
  ESCAPES.replace('\u0007', '\u0008'),
  `nöde_${identityOf('').slice(1)}`,
  `nåde_${identityOf('').slice(1)}`,
  '\uD800',
  '\uDC00',
  '\n',
];

function aLease(spec: Readonly<Record<string, unknown>>) {
  const metadata = { name: 'l', namespace: 'ns', uid: 'u', resourceVersion: '1' };
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
}

describe('an identity', () => {
  const kept = [identityOf('edge-icha-6b6fb6b765-aaaaa'), 'somebody else', 'x'.repeat(512), ''];
  for (const identity of kept) {
    test(`such as ${identity.slice(0, 40)} stays as it is`, () => {
      assert.equal(shownIdentity(identity), identity);
      assert.ok(isWholeIdentity(identity));
    });
  }

  test('that is long or unprintable is short and printable', () => {
    for (const identity of STRANGE) {
      assert.match(shownIdentity(identity), /^[ -~]{0,128}…[0-9a-f]{32}$/u);
      assert.ok(!isWholeIdentity(shownIdentity(identity)));
    }
  });

  test('never becomes another one by being cut', () => {
    const shown = STRANGE.map(shownIdentity);
    const again = shown.map(shownIdentity);

    assert.equal(new Set([...shown, ...again]).size, shown.length + again.length);
  });
});

describe('a record', () => {
  test('has only times that the status may carry', () => {
    const times = ['yesterday', '2026-13-01T00:00:00Z', '2026-01-01', `${MEGABYTE}Z`, 7];
    for (const acquireTime of times) {
      assert.equal(recordOf({ acquireTime, renewTime: acquireTime }).acquireTime, undefined);
    }
    const acquireTime = '2026-01-01T00:00:00.000000Z';
    assert.equal(recordOf({ acquireTime }).acquireTime, acquireTime);
  });

  test('has only numbers that the status may carry', () => {
    for (const spoilt of [-1, 0.5, 2 ** 31, Number.MAX_SAFE_INTEGER, '7', null]) {
      const record = recordOf({ leaseDurationSeconds: spoilt, leaseTransitions: spoilt });

      assert.deepEqual([record.leaseDurationSeconds, record.leaseTransitions], [undefined, 0]);
    }
  });

  test('reads alike for status and failover', () => {
    const lease = aLease({ holderIdentity: MEGABYTE, leaseDurationSeconds: 15 });

    assert.equal(readLease(lease).holder, guardedLease(lease, { name: 'edge' }, 0).holder);
  });

  test('is kept as its hash when it is long, and any change of it still shows', () => {
    const read = (holderIdentity: string, renewTime: string) =>
      guardedLease(aLease({ holderIdentity, renewTime }), { name: 'edge' }, 0).record;
    const [first, renewed] = [read(MEGABYTE, '1'), read(MEGABYTE, '2')];

    assert.ok(first.length < 5_000);
    assert.notEqual(first, renewed);
    assert.equal(first, read(MEGABYTE, '1'));
  });
});

describe('the status', () => {
  const ha = anHa();
  const ajv = new Ajv({ strict: false });
  const isAdmitted = ajv.compile(jsonSchema(statusSchema, 'Refused'));
  for (const holderIdentity of STRANGE) {
    const spec = { holderIdentity, acquireTime: MEGABYTE, leaseTransitions: 2 ** 40 };
    test(`is one that our schema takes, with a holder of ${holderIdentity.length} characters`, () => {
      const change = nextStatus({
        ha,
        observation: steady(ha, { lease: readLease(aLease(spec)), memory: emptyMemory }),
        outcome: { kind: 'settled' },
        advice: [],
        selector: 'a=b',
        configMapName: 'c',
        now: '2026-01-01T00:00:00Z',
      });

      assert.ok(change.kind === 'changed');
      assert.equal(isAdmitted(change.status), true, JSON.stringify(isAdmitted.errors));
      assert.equal(change.status.leader?.identity, shownIdentity(holderIdentity));
    });
  }
});
