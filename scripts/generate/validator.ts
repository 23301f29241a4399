/**
 * The structural check as plain JavaScript, compiled by ajv at build time: the operator never
 * compiles code while it runs, and the command line starts at once.
 */
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { type JsonSchema, resourceJsonSchema } from '../../operator/api/json-schema.ts';

const HEADER = '// Generated from operator/api/schema by `npm run generate`. Do not edit.\n';

/** ajv's only helper, which its output would load by `require`: a module of ours cannot. */
const LENGTH_HELPER = /require\("ajv\/dist\/runtime\/ucs2length"\)\.default/g;
const CODE_POINTS =
  '((text) => { let count = 0; for (const _ of text) count += 1; return count; })';

/** The content of operator/api/validate.generated.js. */
export function validatorContent(): string {
  const ajv = new Ajv({
    allErrors: true,
    useDefaults: true,
    strict: true,
    allowUnionTypes: true,
    code: { source: true, esm: true, lines: true },
  });
  const validate = ajv.compile(withoutDescriptions(resourceJsonSchema()));
  const source = standalone.default(ajv, validate).replace(LENGTH_HELPER, CODE_POINTS);
  if (source.includes('require(')) {
    throw new Error(
      'ajv needs a further runtime helper: inline it in scripts/generate/validator.ts',
    );
  }
  return `${HEADER}${source.replaceAll('"use strict";', '').replace(/^export default .*\n/m, '')}`;
}

/** The validator carries its schema along: no need for the prose. */
function withoutDescriptions(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === 'description' && typeof value === 'string' ? undefined : value,
  );
}

/** The content of operator/api/validate.generated.d.ts. */
export function validatorTypes(): string {
  return `${HEADER}import type { ErrorObject } from 'ajv';
import type { IngressControllerHA } from './types.generated.ts';

/** Checks the structure, fills in defaults (in \`data\` itself) and leaves its findings in \`errors\`. */
export declare const validate: {
  (data: unknown): data is IngressControllerHA;
  errors?: readonly ErrorObject[] | null;
};
`;
}
