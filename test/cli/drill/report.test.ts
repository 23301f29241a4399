/** The three forms of a drill's report. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Drill, verdictOf } from '../../../operator/cli/drill/decide/verdict.ts';
import { type Format, reportText } from '../../../operator/cli/drill/report/report.ts';
import { aDrill, aTrial } from '../../support/a-drill.ts';

const TWO = aDrill([aTrial(1, 639, 1_111), aTrial(2, 5_200, 6_000)]);
const STOPPED: Drill = {
  ...aDrill([aTrial(1, 639, 1_111)], 3),
  stop: { kind: 'interrupted', why: 'Interrupted by <somebody> & "all".' },
};

function print(drill: Drill, format: Format, columns = 80): string {
  return reportText({ drill, verdict: verdictOf(drill) }, format, columns);
}

test('the table has a line a trial, within 80 columns, and the verdict below', () => {
  const text = print(TWO, 'table');

  assert.deepEqual(text.split('\n'), [
    'TRIAL  METHOD  FROM  TO  LEADERLESS   WORKS AFTER  WINNER       ASSIST',
    '1      delete  a     b   0.63-1.12 s  0.63-1.32 s  Replacement  Cleared',
    '2      delete  a     b   5.20-6.00 s  5.20-6.20 s  Replacement  Cleared',
    '',
    'Failed: Trial 2 without a leader for more than 5 s; the longest 5.20-6.00 s.',
    '',
  ]);
  assert.ok(text.split('\n').every((line) => line.length <= 80));
});

test('what is not known is said so', () => {
  const { record: _, ...trial } = aTrial(1);

  const [, row] = print(aDrill([trial]), 'table').split('\n');

  assert.match(row ?? '', /^1 +delete +a +<none> +<none> +<none> +<unknown> +<unknown>$/);
});

test('a narrow terminal gets a field a line', () => {
  const lines = print(TWO, 'table', 40).split('\n');

  assert.equal(lines[4], 'LEADERLESS   0.63-1.12 s');
  assert.equal(lines.filter((line) => line.startsWith('TRIAL ')).length, 2);
});

test('JSON has a kind with a version, all trials, and what is wrong with each', () => {
  const report = JSON.parse(print(TWO, 'json'));

  assert.deepEqual(
    [report.apiVersion, report.kind, report.metadata],
    ['cli.ingressha.dev/v1alpha1', 'DrillReport', { namespace: 'prod', name: 'apisix' }],
  );
  assert.equal(report.verdict.result, 'failed');
  assert.deepEqual(
    report.trials.map(({ problem }: { problem: unknown }) => problem),
    [null, 'without a leader for more than 5 s'],
  );
  assert.deepEqual(report.trials[0].takeover.leaderless, { atLeastMs: 639, atMostMs: 1_111 });
});

test('JUnit has a case a trial, a failure for each that is too slow', () => {
  const text = print(TWO, 'junit');

  assert.match(text, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites>\n/);
  assert.match(text, /tests="2" failures="1" errors="0" skipped="0"/);
  assert.match(text, /name="delete the leader, trial 1" time="1\.111"\/>/);
  assert.match(text, /<failure message="without a leader for more than 5 s"\/>/);
});

test('JUnit tells trials that did not begin: one as the error, the others as skipped, all of it escaped', () => {
  const text = print(STOPPED, 'junit');

  assert.match(text, /tests="3" failures="0" errors="1" skipped="1"/);
  const words =
    /<error type="not-told" message="Interrupted by &lt;somebody&gt; &amp; &quot;all&quot;\."\/>/;
  assert.match(text, words);
  assert.equal(text.match(/<skipped\/>/g)?.length, 1);
});
