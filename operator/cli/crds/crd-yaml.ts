/** The CustomResourceDefinition as YAML: what crds/ holds, and what `crds print` prints. */
import { stringify } from 'yaml';
import { customResourceDefinition } from '../../api/crd.ts';

/** Kubernetes' own shapes are nested so deeply that most of their block style would be indentation. */
const ONE_LINE_MAX_LENGTH = 1000;

/** Safe for YAML 1.1 readers too. */
export function crdYaml(): string {
  const oneLiners: string[] = [];
  const blocks: unknown = JSON.parse(JSON.stringify(customResourceDefinition()), (_, value) => {
    const text = isUndescribed(value) ? withLineBack(JSON.stringify(value), oneLiners) : '';
    if (text === '' || text.length > ONE_LINE_MAX_LENGTH) return value;
    return `<line ${oneLiners.push(text) - 1}>`;
  });
  const text = stringify(blocks, {
    aliasDuplicateObjects: false,
    compat: 'yaml-1.1',
    lineWidth: 100,
  });
  return withLineBack(text, oneLiners);
}

/** JSON is YAML, in either version of it. */
function withLineBack(text: string, oneLiners: readonly string[]): string {
  return text.replaceAll(/"?<line (\d+)>"?/g, (_, at) => oneLiners[Number(at)] ?? '');
}

/** A node of the schema that says nothing about itself. */
function isUndescribed(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const isNode =
    'type' in value ||
    'x-kubernetes-int-or-string' in value ||
    'x-kubernetes-preserve-unknown-fields' in value;
  return isNode && !('description' in value) && !('jsonPath' in value);
}
