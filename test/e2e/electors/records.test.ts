import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsOf, type LeaseVersion, recordProblems } from './records.ts';

const FIRST = '2026-01-01T00:00:00.000001Z';
const LATER = '2026-01-01T00:00:02.000000Z';

function held(holderIdentity: string, fields: LeaseVersion['spec'] = {}): LeaseVersion {
  const spec = {
    holderIdentity,
    leaseDurationSeconds: 4,
    acquireTime: FIRST,
    renewTime: FIRST,
    leaseTransitions: 0,
  };
  return { lease: 'lease', spec: { ...spec, ...fields } };
}

const released = held('', { leaseDurationSeconds: 1, acquireTime: LATER, renewTime: LATER });

const cases: Record<string, { versions: readonly LeaseVersion[]; problems: readonly string[] }> = {
  'a Lease is acquired, renewed, released and acquired': {
    versions: [
      held('a'),
      held('a', { renewTime: LATER }),
      released,
      held('b', { leaseTransitions: 1, acquireTime: LATER }),
    ],
    problems: [],
  },
  'a Lease is acquired when it has expired': {
    versions: [held('a'), held('b', { leaseTransitions: 1, acquireTime: LATER })],
    problems: [],
  },
  'the Lease of another counts for itself': {
    versions: [held('a'), { ...held('b'), lease: 'other' }],
    problems: [],
  },
  'a new holder counts nothing': {
    versions: [held('a'), held('b')],
    problems: ['lease, version 1: leaseTransitions is 0 and not 1'],
  },
  'a renewal counts': {
    versions: [held('a'), held('a', { leaseTransitions: 1 })],
    problems: ['lease, version 1: leaseTransitions is 1 and not 0'],
  },
  'a release counts': {
    versions: [held('a'), { lease: 'lease', spec: { ...released.spec, leaseTransitions: 1 } }],
    problems: ['lease, version 1: leaseTransitions is 1 and not 0'],
  },
  'a renewal moves acquireTime': {
    versions: [held('a'), held('a', { acquireTime: LATER })],
    problems: ['lease, version 1: acquireTime moved with a renewal of a'],
  },
  'a time has three digits': {
    versions: [held('a', { renewTime: '2026-01-01T00:00:00.001Z' })],
    problems: ['lease, version 0: renewTime is 2026-01-01T00:00:00.001Z, no time in microseconds'],
  },
  'a time is missing': {
    versions: [held('a', { acquireTime: undefined })],
    problems: ['lease, version 0: acquireTime is undefined, no time in microseconds'],
  },
  'the duration is no whole number of seconds': {
    versions: [held('a', { leaseDurationSeconds: 3.5 })],
    problems: ['lease, version 0: leaseDurationSeconds is 3.5 and not 4'],
  },
  'a released Lease keeps its duration': {
    versions: [held('a'), held('')],
    problems: ['lease, version 1: leaseDurationSeconds is 4 and not 1'],
  },
};

for (const [sentence, { versions, problems }] of Object.entries(cases)) {
  test(sentence, () => assert.deepEqual(recordProblems(versions, 4), problems));
}

test('holders are told in order, each once for each time that it held the Lease, and whether it was freed', () => {
  const versions = [held('a'), held('a'), released, released, held('b'), held('a'), released];

  assert.deepEqual(holdsOf(versions, 'lease'), [
    { holder: 'a', freed: true },
    { holder: 'b', freed: false },
    { holder: 'a', freed: true },
  ]);
  assert.deepEqual(holdsOf(versions, 'other'), []);
});
