/**
 * How soon a child is as it should be again after somebody has edited or deleted it. The resource
 * asks for two replicas on a node that does not exist: all seven children are there, and no pod runs.
 */
import { isDeepStrictEqual } from 'node:util';
import type { PassThrough } from '../../operator/api/ha.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { CHILD_KINDS, type ResourceKind } from '../../operator/base/resource-kinds.ts';
import type { Address } from '../e2e/support/admin.ts';
import { uniqueName } from '../e2e/support/an-object.ts';
import { writes } from '../e2e/support/audit.ts';
import type { Figure } from './bench.ts';
import { median, percentile } from './statistics.ts';
import { applyToChildren, quiet, removed, resourceOf, type Scene } from './support/scene.ts';

/** An edit of what is ours, by kind; what the API server lets nobody change is left to the label. */
const EDITS: Readonly<Record<string, PassThrough>> = {
  Role: { rules: [] },
  RoleBinding: { subjects: [] },
  Service: { spec: { selector: { 'app.kubernetes.io/instance': 'drifted' } } },
  PodDisruptionBudget: { spec: { maxUnavailable: 2 } },
  Deployment: { spec: { minReadySeconds: 299 } },
};
const EDITED_LABEL = { metadata: { labels: { 'app.kubernetes.io/name': 'drifted' } } };
const NOWHERE = {
  replicas: 2,
  placement: { nodeSelector: { 'kubernetes.io/hostname': 'nowhere' } },
};
const WARM_UPS = 2;

type Damage = 'edited' | 'deleted';

interface Repair {
  readonly kind: string;
  readonly damage: Damage;
  readonly tookMs: number;
  readonly writes: number;
}

export async function* drift(scene: Scene): AsyncGenerator<Figure, void, undefined> {
  const { context, installation } = scene;
  const address = { namespace: installation.served, name: uniqueName('drift') };
  const resource = resourceOf(address, context, NOWHERE);
  const { childrenMs } = await applyToChildren(scene, resource, CHILD_KINDS.length);
  await childrenMs;
  await quiet();

  const repairs: Repair[] = [];
  const rounds = Math.ceil(context.trials / 3);
  for (let round = 1 - WARM_UPS; round <= rounds; round += 1) {
    context.progress(`drift of each kind ${round} of ${rounds}`);
    for (const kind of CHILD_KINDS) {
      for (const damage of ['edited', 'deleted'] as const) {
        const repair = await repairOf(scene, { address, kind, damage });
        if (round > 0) repairs.push(repair);
      }
    }
  }
  await removed(scene, address);
  for (const damage of ['edited', 'deleted'] as const) {
    yield* figures(repairs, damage);
  }
}

function* figures(all: readonly Repair[], damage: Damage): Generator<Figure> {
  const repairs = all.filter((repair) => repair.damage === damage);
  const at = { case: `child ${damage}`, unit: 'ms' } as const;
  const times = repairs.map(({ tookMs }) => tookMs);
  yield { ...at, metric: 'to repair p50', value: median(times), atMost: 50 };
  yield { ...at, metric: 'to repair p99', value: percentile(times, 99), atMost: 500 };
  for (const { kind } of CHILD_KINDS) {
    const ofKind = repairs.filter((repair) => repair.kind === kind).map(({ tookMs }) => tookMs);
    yield { ...at, metric: `${kind} p50`, value: median(ofKind) };
  }
  const most = percentile(
    repairs.map((repair) => repair.writes),
    100,
  );
  yield { ...at, unit: 'count', metric: 'writes of a repair max', value: most, atMost: 1 };
}

async function repairOf(
  scene: Scene,
  { address, kind, damage }: { address: Address; kind: ResourceKind; damage: Damage },
): Promise<Repair> {
  const { context, installation, observer, audit } = scene;
  const before = observer.children(address).find((child) => child.kind === kind.kind);
  if (before === undefined) throw new Error(`${address.name} has no ${kind.kind}`);
  const target = { ...address, name: before.metadata.name };
  const mark = audit.mark();

  const repaired = observer.until(`the ${kind.kind} is repaired`, ({ kind: event, object }) => {
    return event !== 'delete' && object.kind === kind.kind && isRepaired(before, object, damage);
  });
  const startedAtMs = performance.now();
  if (damage === 'deleted') await context.admin.remove(kind, target);
  else await context.admin.patch(kind, target, EDITS[kind.kind] ?? EDITED_LABEL);
  const { atMs } = await repaired;
  await quiet();

  const { user } = installation;
  const written = writes(audit.since(mark, { user, resource: kind.plural, name: target.name }));
  return { kind: kind.kind, damage, tookMs: atMs - startedAtMs, writes: written.length };
}

/** Another object of the name, or the same one in a newer version with the old content. */
function isRepaired(before: KubeObject, now: KubeObject, damage: Damage): boolean {
  if (before.metadata.name !== now.metadata.name) return false;
  const { uid, resourceVersion } = before.metadata;
  if (damage === 'deleted') return now.metadata.uid !== uid;
  const newer = now.metadata.resourceVersion !== resourceVersion;
  return newer && isDeepStrictEqual(contentOf(now), contentOf(before));
}

function contentOf({ metadata, status: _, ...content }: KubeObject): unknown {
  return { ...content, metadata: { labels: metadata.labels, owners: metadata.ownerReferences } };
}
