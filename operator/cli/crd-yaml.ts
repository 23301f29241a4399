/** The CustomResourceDefinition as YAML: what crds/ holds, and what `crds print` prints. */
import { stringify } from 'yaml';
import { customResourceDefinition } from '../api/crd.ts';

/** Safe for YAML 1.1 readers too. */
export function crdYaml(): string {
  return stringify(customResourceDefinition(), {
    aliasDuplicateObjects: false,
    compat: 'yaml-1.1',
    lineWidth: 100,
  });
}
