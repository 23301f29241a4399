/** The rules of every duration field: its grammar and its bounds. */
import { DURATION_LIMIT, DURATION_PATTERN, isDuration, parseDurationMs } from '../duration.ts';
import { celText, type Rule } from './rule.ts';

/** CEL: whether the text at `path` is a duration. Rules that compare are guarded by it. */
export function celIsDuration(path: string): string {
  return `${path}.matches(${celText(DURATION_PATTERN)})`;
}

/** Grammar and upper bound, which every duration has, and a lower bound where one makes sense. */
export function durationRules(field: string, atLeast?: string): readonly Rule<string>[] {
  const bounds = atLeast === undefined ? [] : [minimum(field, atLeast)];
  return [grammar(field), ...bounds, maximum(field, DURATION_LIMIT)];
}

function grammar(field: string): Rule<string> {
  const sentence = `\`${field}\` must be whole hours, minutes and seconds, for example 30s or 1m30s`;
  return {
    name: `${field}-grammar`,
    cel: celIsDuration('self'),
    message: sentence,
    withValues: {
      cel: `"${sentence}: '" + self + "' is not"`,
      text: (self) => `${sentence}: '${self}' is not`,
    },
    holds: isDuration,
  };
}

function minimum(field: string, bound: string): Rule<string> {
  const boundMs = parseDurationMs(bound) ?? 0;
  return {
    name: `${field}-minimum`,
    cel: `!${celIsDuration('self')} || duration(self) >= duration('${bound}')`,
    message: `\`${field}\` must be at least ${bound}`,
    holds: (self) => (parseDurationMs(self) ?? boundMs) >= boundMs,
  };
}

function maximum(field: string, bound: string): Rule<string> {
  const boundMs = parseDurationMs(bound) ?? 0;
  return {
    name: `${field}-maximum`,
    cel: `!${celIsDuration('self')} || duration(self) <= duration('${bound}')`,
    message: `\`${field}\` must be at most ${bound}`,
    holds: (self) => (parseDurationMs(self) ?? 0) <= boundMs,
  };
}
