/** An explanation for people and for scripts. */
import { defined } from '../../base/defined.ts';
import type { ObjectKey } from '../../base/kube-object.ts';
import type { Terminal } from '../io.ts';
import { jsonText } from '../view/data-text.ts';
import { filled } from '../view/lines.ts';
import { type Paint, paintFor, type Tone } from '../view/paint.ts';
import { REPORT_VERSION } from '../view/report-version.ts';
import type { ExplainedRule } from './decide/explain-view.ts';
import type { FailoverExplanation } from './decide/explanation.ts';

const MARKS = { yes: '✓', no: '✗', unknown: '?' } as const;
const TONES: Readonly<Record<ExplainedRule['holds'], Tone>> = {
  yes: 'good',
  no: 'bad',
  unknown: 'warn',
};

/** The conclusion first, then a line a rule, then who would lead next. */
export function explanationText(explanation: FailoverExplanation, terminal: Terminal): string {
  const { conclusion, rules, next } = explanation;
  const paint = paintFor(terminal);
  const width = Math.min(terminal.columns, 100);
  const lines = [
    ...filled(conclusion.text, width).map((line) => paint('title', line)),
    '',
    ...rules.flatMap((rule) => ruleLines(rule, width, paint)),
    ...(next.length === 0 ? [] : ['']),
    ...next.flatMap((sentence) => filled(sentence, width)),
  ];
  return `${lines.join('\n')}\n`;
}

function ruleLines(rule: ExplainedRule, width: number, paint: Paint): readonly string[] {
  const source = rule.source === 'operator' ? ' (known to the operator only)' : '';
  const words = `${rule.rule}${source}: ${rule.found}`;
  const mark = paint(TONES[rule.holds], MARKS[rule.holds]);
  return filled(words, width, { first: `${mark} `, further: '    ' });
}

/** `kind: FailoverExplanation`, for scripts. Fields may be added; none changes its meaning. */
export function explanationJson(
  explanation: FailoverExplanation,
  { namespace, name }: ObjectKey,
): string {
  const { conclusion, leader, rules, next, times } = explanation;
  const report = defined({
    apiVersion: REPORT_VERSION,
    kind: 'FailoverExplanation',
    metadata: { namespace, name },
    conclusion,
    leader,
    rules,
    next,
    times,
  });
  return jsonText(report, 2);
}
