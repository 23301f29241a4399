/**
 * The names in a PromQL expression: metrics, and the labels that it selects or groups by. No parser:
 * it tells names by what stands around them, which is enough for valid expressions.
 */

export interface Names {
  readonly metrics: ReadonlySet<string>;
  readonly labels: ReadonlySet<string>;
}

/** Strings and ranges are one token each, so that nothing within them is taken for a name. */
const TOKEN = /"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[A-Za-z_:][\w:]*|[\d.]+\w*|\S/g;
const NAME = /^[A-Za-z_:]/;
/** A list of labels follows them. */
const LABELLED = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const OPERATORS = new Set(['and', 'or', 'unless', 'bool', 'offset']);

export function namesIn(expression: string): Names {
  const tokens = expression.match(TOKEN) ?? [];
  const metrics = new Set<string>();
  const labels = new Set<string>();
  let closing = ''; // of the list of labels that is being read
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1] ?? '';
    const after = tokens[index + 1] ?? '';
    if (closing !== '') {
      if (token === closing) closing = '';
      else if (NAME.test(token)) labels.add(token);
    } else if (token === '{') closing = '}';
    else if (token === '(' && LABELLED.has(before)) closing = ')';
    else if (isMetric(token, after)) metrics.add(token);
  }
  return { metrics, labels };
}

function isMetric(token: string, after: string): boolean {
  if (!NAME.test(token) || LABELLED.has(token) || OPERATORS.has(token)) return false;
  const isFunction = after === '(' || after === 'by' || after === 'without';
  return !isFunction;
}
