/**
 * What any free-form JSON of the resource must keep to, whatever it is for. Must run before every other check:
 * those walk the values by recursion, and one that is nested too deeply could overflow the stack.
 */
import type { Ha } from '../../api/ha.ts';
import type { TerminalError } from '../../api/status.ts';
import { canonicalJson } from '../../base/canonical-json.ts';

/** Largest patch, and largest overrides, in bytes of JSON: 32 KiB. */
const MAX_BYTES = 32 * 1024;
/** Deepest value, in levels: no Kubernetes object needs more, and deep ones exhaust the stack. */
const MAX_DEPTH = 32;

/** Free-form values that are too deep, too large, or hold a null. */
export function freeFormErrors(ha: Ha): readonly TerminalError[] {
  const { controller, placement, podTemplatePatch } = ha;
  return [
    ...refused('spec.podTemplatePatch', {
      reason: 'PodTemplatePatchRefused',
      problem: jsonProblem(podTemplatePatch),
    }),
    ...refused('spec.controller.configOverrides', {
      reason: 'ConfigRefused',
      problem: jsonProblem(controller.configOverrides),
    }),
    ...Object.entries({
      'spec.controller.manager': controller.manager,
      'spec.controller.adc': controller.adc,
      'spec.controller.volumes': controller.volumes,
      'spec.placement': placement,
    }).flatMap(([field, value]) =>
      refused(field, { reason: 'ConfigRefused', problem: depthProblem(value) }),
    ),
  ];
}

function refused(
  field: string,
  { reason, problem }: Pick<TerminalError, 'reason'> & { readonly problem: string | undefined },
): readonly TerminalError[] {
  return problem === undefined ? [] : [{ reason, message: `${field} ${problem}.` }];
}

/** Why a value is not accepted, as the end of a sentence that begins with its path; undefined: it is. */
function jsonProblem(value: unknown): string | undefined {
  const deep = depthProblem(value);
  if (deep !== undefined) return deep;
  const bytes = Buffer.byteLength(canonicalJson(value));
  if (bytes > MAX_BYTES) return `has ${bytes} bytes, more than ${MAX_BYTES}: say less`;
  const nullPath = pathOfNull(value);
  if (nullPath === undefined) return undefined;
  return `has null at ${nullPath}, and null does not remove a field: state the value that you want`;
}

function depthProblem(value: unknown): string | undefined {
  if (!isDeeperThan(value, MAX_DEPTH)) return undefined;
  return `is nested deeper than ${MAX_DEPTH} levels, which nothing needs: make it flatter`;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}

function pathOfNull(value: unknown): string | undefined {
  if (value === null) return '';
  if (typeof value !== 'object') return undefined;
  for (const [key, member] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    const below = pathOfNull(member);
    if (below !== undefined) return below === '' ? key : `${key}.${below}`;
  }
  return undefined;
}
