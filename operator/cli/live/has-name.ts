/** Finding one object among many. */
import type { KubeObject } from '../../base/kube-object.ts';

/** `pods.find(hasName('x'))`: whether an object has that name, in whatever namespace. */
export function hasName(name: string) {
  return ({ metadata }: KubeObject) => metadata.name === name;
}
