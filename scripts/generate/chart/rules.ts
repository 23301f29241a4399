/** The chart's copies of the rights that are listed in operator/desired, as rules of a Role. */
import { stringify } from 'yaml';
import { CONTROLLER_RULES } from '../../../operator/desired/controller-rules.ts';
import { CLUSTER_RULES, SERVED_RULES } from '../../../operator/desired/rights.ts';

const RULES = {
  operatorCluster: CLUSTER_RULES,
  operatorServed: SERVED_RULES,
  controller: CONTROLLER_RULES,
} as const;

/** The content of a file in chart/files/rules. */
export function rulesContent(whose: keyof typeof RULES): string {
  const yaml = stringify(RULES[whose], {
    version: '1.1',
    indentSeq: false,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
  return `# Generated from operator/desired by \`npm run generate\`. Do not edit.\n${yaml}`;
}
