/** What the cases of one bench share: an operator that leads, an observer, and the audit log. */
import type { PassThrough } from '../../../operator/api/ha.ts';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { IngressControllerHAKind } from '../../../operator/base/resource-kinds.ts';
import { systemClock } from '../../../operator/base/time.ts';
import { mergeMaps } from '../../../operator/desired/merge.ts';
import { repositoryOf } from '../../../operator/desired/pod/image-name.ts';
import type { Address } from '../../e2e/support/admin.ts';
import { anObject, conditionText } from '../../e2e/support/an-object.ts';
import type { AuditLog } from '../../e2e/support/audit.ts';
import type { OperatorProcess } from '../../e2e/support/operator-process.ts';
import type { BenchContext } from '../bench.ts';
import type { Installation } from './installation.ts';
import type { Observer } from './observer.ts';

export interface Scene {
  readonly context: BenchContext;
  readonly installation: Installation;
  readonly observer: Observer;
  readonly operator: OperatorProcess;
  readonly audit: AuditLog;
}

/** Long enough for the last write of a pass, and for its line in the audit log. */
const QUIET_MS = 300;

/** The resource of a trial, with the image that was asked for. */
export function resourceOf(address: Address, { image }: BenchContext, spec: PassThrough = {}) {
  const { namespace = '', name } = address;
  return anObject({ namespace, name, spec: mergeMaps(spec, imageSpec(image)) });
}

/** `repository:tag@digest` as the resource has it. */
function imageSpec(reference: string | undefined): PassThrough {
  if (reference === undefined) return {};
  const repository = repositoryOf(reference);
  const [name = '', digest] = reference.split('@');
  const tag = name.slice(repository.length + 1);
  const image = { repository, ...(tag !== '' && { tag }), ...(digest && { digest }) };
  return { controller: { manager: { image } } };
}

/** Waits until the resource reports `Type=Status/Reason`. */
export function shows({ observer }: Scene, address: Address, wanted: string): Promise<void> {
  const type = wanted.split('=')[0] ?? '';
  return observer.once(`${address.name} has ${wanted}`, () => {
    const resource = observer.resource(address);
    return resource !== undefined && conditionText(resource, type) === wanted;
  });
}

/** Until the operator has nothing left to do and the audit log has it all. */
export function quiet(): Promise<void> {
  return systemClock.sleep(QUIET_MS);
}

/** Deletes the resource and waits until nothing of it is left. */
export async function removed({ context, observer }: Scene, address: Address): Promise<void> {
  await context.admin.remove(IngressControllerHAKind, address);
  await observer.once(`nothing is left of ${address.name}`, () => {
    return observer.resource(address) === undefined && observer.children(address).length === 0;
  });
  await quiet();
}

/** How long it takes from sending the resource until all its children have been seen. */
export async function applyToChildren(
  { context, observer }: Pick<Scene, 'context' | 'observer'>,
  resource: KubeObject,
  count: number,
): Promise<{ readonly created: KubeObject; readonly childrenMs: Promise<number> }> {
  const { metadata } = resource;
  const all = observer.until(
    `${count} children of ${metadata.name}`,
    () => observer.children(metadata).length === count,
  );
  const startedAtMs = performance.now();
  const created = await context.admin.create(resource);
  return { created, childrenMs: all.then(({ atMs }) => atMs - startedAtMs) };
}
