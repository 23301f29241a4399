/** Findings of ajv as problems: a path as Kubernetes writes it, and one sentence. */
import type { ErrorObject } from 'ajv';
import { type Problem, pathTo } from './problem.ts';

/** One problem for each finding. */
export function structuralProblems(errors: readonly ErrorObject[]): readonly Problem[] {
  return errors.map((error) => ({ path: pathOf(error), message: sentence(error) }));
}

function pathOf({ instancePath, keyword, params }: ErrorObject): string {
  const base = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, step) => pathTo(path, /^[0-9]+$/.test(step) ? Number(step) : step), '');
  return keyword === 'required' ? pathTo(base, String(params.missingProperty)) : base;
}

function sentence({ keyword, params, message }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return `\`${params.missingProperty}\` must be set`;
    case 'type':
      return `Must be ${[params.type].flat().map(describeType).join(' or ')}`;
    case 'enum':
      return `Must be ${alternatives(params.allowedValues)}`;
    case 'minimum':
      return `Must be at least ${params.limit}`;
    case 'maximum':
      return `Must be at most ${params.limit}`;
    case 'minLength':
      return `Must be at least ${params.limit} characters long`;
    case 'maxLength':
      return `Must be at most ${params.limit} characters long`;
    case 'maxItems':
      return `Must have at most ${params.limit} entries`;
    case 'maxProperties':
      return `Must have at most ${params.limit} keys`;
    default:
      return message ?? 'Must be valid';
  }
}

function describeType(type: string): string {
  const article = /^[aeio]/.test(type) ? 'an' : 'a';
  return type === 'array' ? 'a list' : `${article} ${type}`;
}

function alternatives(values: readonly string[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
}
