/** All cases: what the parser's tests and the e2e test against a real API server feed from. */
import { BOUND_CASES } from './bound-cases.ts';
import type { Case } from './case.ts';
import { FORMAT_CASES } from './format-cases.ts';
import { RULE_CASES } from './rule-cases.ts';
import { STRUCTURE_CASES } from './structure-cases.ts';

export const ALL_CASES: readonly Case[] = [
  ...RULE_CASES,
  ...FORMAT_CASES,
  ...BOUND_CASES,
  ...STRUCTURE_CASES,
];
