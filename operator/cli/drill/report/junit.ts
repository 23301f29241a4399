/** A drill as JUnit's XML, for pipelines. */
import { type DrillReport, type DrillVerdict, trialProblem } from '../decide/verdict.ts';

/** One test case a trial; one that was not begun is skipped, and the first of those an error unless the drill was skipped. */
export function junitOf({ drill, verdict }: DrillReport): string {
  const { namespace, name, method, trials, wantedTrials, maxLeaderlessMs, stop } = drill;
  const missing = Array.from({ length: wantedTrials - trials.length }, (_, index) => {
    return trials.length + index + 1;
  });
  const problems = trials.map((trial) => trialProblem(trial, maxLeaderlessMs));
  const failures = problems.filter((problem) => problem !== undefined).length;
  const recovered = stop?.kind !== 'not-recovered';
  const errors = missing.length > 0 && verdict.kind !== 'skipped' ? 1 : 0;
  const counts = `tests="${wantedTrials}" failures="${failures}" errors="${errors}" skipped="${missing.length - errors}"`;
  const called = (number: number) =>
    `classname="${escaped(`${namespace}.${name}`)}" name="${escaped(`${method} the leader, trial ${number}`)}"`;
  const cases = trials.flatMap((trial, index) => {
    const seconds = ((trial.takeover?.leaderless.atMostMs ?? 0) / 1000).toFixed(3);
    const open = `    <testcase ${called(trial.number)} time="${seconds}"`;
    const problem = problems[index];
    if (problem === undefined) return [`${open}/>`];
    return [`${open}>`, `      <failure message="${escaped(problem)}"/>`, '    </testcase>'];
  });
  const unbegun = missing.flatMap((number, index) => {
    const why = escaped(stop?.why ?? verdict.text);
    const type = recovered ? 'not-told' : 'not-recovered';
    const error = `<error type="${type}" message="${why}"/>`;
    const what = index < errors ? error : skippedBy(verdict);
    return [`    <testcase ${called(number)}>`, `      ${what}`, '    </testcase>'];
  });
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="${escaped(`ingress-ha drill ${namespace}/${name}`)}" ${counts}>`,
    ...cases,
    ...unbegun,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')}\n`;
}

function skippedBy({ kind, text }: DrillVerdict): string {
  return kind === 'skipped' ? `<skipped message="${escaped(text)}"/>` : '<skipped/>';
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML takes no other control characters than these three. */
function escaped(words: string): string {
  return words
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
    .replace(/(?![\t\n\r])\p{Cc}/gu, ' ');
}
