/** Which shape `podTemplatePatch` must have, so that it is plain what it changes. */
import type { PassThrough } from '../../api/ha.ts';
import type { TerminalError } from '../../api/status.ts';
import { isObject } from '../../base/read.ts';
import { itemIdentity } from '../merge.ts';
import { podListRule } from '../pod/pod-template-patch.ts';

/** Everything about a patch that makes it no patch of a pod template. */
export function patchShapeErrors(patch: PassThrough): readonly TerminalError[] {
  const metadata = isObject(patch.metadata) ? patch.metadata : {};
  return [
    ...unexpectedKeys(patch, ['metadata', 'spec'], ''),
    ...unexpectedKeys(metadata, ['labels', 'annotations'], 'metadata.'),
    ...Object.entries(patch)
      .filter(([, value]) => !isObject(value))
      .map(([key]) => `has "${key}", which must be a map`),
    ...itemsWithoutKey(patch, ''),
  ].map(patchError);
}

function unexpectedKeys(map: PassThrough, expected: readonly string[], path: string) {
  return Object.keys(map)
    .filter((key) => !expected.includes(key))
    .map((key) => `has ${path}${key}, but may only have ${expected.join(' and ')} there`);
}

/** Items of keyed lists that lack a key: nobody could say which item they change. */
function itemsWithoutKey(value: unknown, path: string): readonly string[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, member]) =>
      itemsWithoutKey(member, path === '' ? key : `${path}.${key}`),
    );
  }
  if (!Array.isArray(value)) return [];
  const rule = podListRule(path);
  if (rule === undefined) return [];
  const lacking = value.findIndex((item) => itemIdentity(item, rule.keys) === undefined);
  const keys = rule.keys.filter((key) => key.fallback === undefined).map((key) => key.field);
  const own = lacking === -1 ? [] : [`has ${path}[${lacking}] without its ${keys.join(' and ')}`];
  return [...own, ...value.flatMap((item) => itemsWithoutKey(item, `${path}[]`))];
}

/** Refuses the patch; `problem` is the end of a sentence about it. */
export function patchError(problem: string): TerminalError {
  return { reason: 'PodTemplatePatchRefused', message: `spec.podTemplatePatch ${problem}.` };
}
