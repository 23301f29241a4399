/** Durations in the schema: text with a grammar and bounds. */
import { defined } from '../../base/defined.ts';
import { DURATION_MAX_LENGTH } from '../duration.ts';
import { durationRules } from '../rules/durations.ts';
import type { Rule } from '../rules/rule.ts';
import { type Schema, text } from './build.ts';

/** A duration field. Its name stands in its messages; `atLeast` is its lower bound. */
export function duration(
  name: string,
  description: string,
  { fallback, atLeast }: { readonly fallback?: string; readonly atLeast?: string } = {},
): Schema {
  const rules: readonly Rule[] = durationRules(name, atLeast);
  const extra = { maxLength: DURATION_MAX_LENGTH, rules, ...defined({ default: fallback }) };
  return text(description, extra);
}
