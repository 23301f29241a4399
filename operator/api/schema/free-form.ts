/**
 * A map with any keys, and bounded all the same. A structural schema cannot limit depth, so each level is written out:
 * a value on the last one can be neither a map nor a list with anything in it.
 */
import type { Schema } from './build.ts';
import { keepingNulls, scalar } from './pod/shape.ts';

/** How large a free-form map may be. */
export interface FreeFormLimits {
  /** Most keys, or entries of a list, on each level from the top. As many levels as there are numbers. */
  readonly widths: readonly number[];
  /** Longest string, in characters. */
  readonly maxLength: number;
}

/** A free-form map. Atomic: managedFields for each of its parts would take far more room than the map itself. */
export function freeForm(description: string, { widths, maxLength }: FreeFormLimits): Schema {
  const [top = 0, ...below] = widths;
  return {
    type: 'object',
    description,
    shape: 'Free',
    'x-kubernetes-preserve-unknown-fields': true,
    'x-kubernetes-map-type': 'atomic',
    maxProperties: top,
    additionalProperties: keepingNulls(level(below, maxLength)),
  };
}

/** A map, a list or a scalar: hence without a type. */
function level([width, ...below]: readonly number[], maxLength: number): Schema {
  if (width === undefined) return scalar(maxLength);
  const next = level(below, maxLength);
  return {
    ...scalar(maxLength),
    maxItems: width,
    maxProperties: width,
    items: next,
    additionalProperties: next,
  };
}
