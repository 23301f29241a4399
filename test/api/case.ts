/** One resource and what must become of it, by our parser and by a real API server alike. */
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { API_VERSION, RESOURCE_KIND } from '../../operator/base/resource-kinds.ts';

export interface Case {
  readonly sentence: string;
  /** `spec` of the resource; left out, the resource has none. */
  readonly spec?: unknown;
  /** Name of the resource, `apisix` if it does not matter. */
  readonly name?: string;
  readonly accepted: boolean;
  /** Name of the rule that refuses it, if a rule does. */
  readonly breaks?: string;
  /** Where the problem is reported. */
  readonly path?: string;
  /** What both sides must say; structural limits have a wording of their own on each side. */
  readonly message?: RegExp;
}

/** The resource of a case. */
export function resourceOf({ spec, name = 'apisix' }: Pick<Case, 'spec' | 'name'>): KubeObject {
  const resource = {
    apiVersion: API_VERSION,
    kind: RESOURCE_KIND,
    metadata: { name, namespace: 'default' },
  };
  return spec === undefined ? resource : { ...resource, spec };
}
