/** Keeps the operator busy: many resources without pods in a namespace of their own, edited all the time. */
import { IngressControllerHAKind } from '../../../operator/base/resource-kinds.ts';
import { systemClock } from '../../../operator/base/time.ts';
import { anObject, conditionText, statusOf, uniqueName } from '../../e2e/support/an-object.ts';
import { eventually } from '../../e2e/support/eventually.ts';
import type { BenchContext } from '../bench.ts';

export const LOAD_RESOURCES = 500;

export interface Load {
  /** Ends the edits, and tells how many there were in a second. */
  stop(): Promise<number>;
}

const CREATORS = 4;
/**
 * Every resource about every minute. Each edit costs some six writes by all who follow it, and from about 15
 * edits a second on the API server has both cores: then its queue is measured, and not the operator.
 */
const EDITS_PER_SECOND = 8;
const CREATED_WITHIN_MS = 300_000;
/** Every resource has a Service, and the testbed's own range is a /24. Stays with the testbed. */
const SERVICE_ADDRESSES = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'ServiceCIDR',
  metadata: { name: 'bench-load' },
  spec: { cidrs: ['10.1.0.0/20'] },
};

/** Resolves when all resources are there, have all their children, and are being edited. */
export async function startLoad(context: BenchContext, namespace: string): Promise<Load> {
  const names = Array.from({ length: LOAD_RESOURCES }, () => uniqueName('load'));
  await makeRoom(context);
  await createAll(context, namespace, names);
  await eventually('all of them are complete', () => allComplete(context, namespace), {
    within: CREATED_WITHIN_MS,
  });
  const stopping = new AbortController();
  const startedAtMs = performance.now();
  const edits = editing(context, { namespace, names }, stopping.signal);
  edits.catch(() => {}); // told by stop
  return {
    async stop() {
      stopping.abort();
      const count = await edits;
      return (count * 1000) / (performance.now() - startedAtMs);
    },
  };
}

async function makeRoom({ testbed: { kubectl } }: BenchContext): Promise<void> {
  await kubectl(['apply', '-f', '-'], JSON.stringify(SERVICE_ADDRESSES));
  const range = `servicecidr/${SERVICE_ADDRESSES.metadata.name}`;
  await kubectl(['wait', '--for=condition=Ready', '--timeout=30s', range]);
}

async function createAll(
  { admin, progress }: BenchContext,
  namespace: string,
  names: readonly string[],
): Promise<void> {
  progress(`creating ${names.length} resources`);
  const left = [...names];
  const create = async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      await admin.create(anObject({ namespace, name }));
    }
  };
  await Promise.all(Array.from({ length: CREATORS }, create));
}

/** A list of all of them is not cheap, so it is asked for once a second. */
async function allComplete({ admin }: BenchContext, namespace: string): Promise<boolean> {
  await systemClock.sleep(1_000);
  const all = await admin.list(IngressControllerHAKind, namespace);
  return all.every((one) => {
    const isSeen = statusOf(one).observedGeneration === one.metadata.generation;
    return isSeen && conditionText(one, 'Ready') === 'Ready=True/ScaledToZero';
  });
}

/** Edits one after the other, in time with `EDITS_PER_SECOND` or as fast as they are answered. */
async function editing(
  { admin }: BenchContext,
  { namespace, names }: { readonly namespace: string; readonly names: readonly string[] },
  signal: AbortSignal,
): Promise<number> {
  const startedAtMs = performance.now();
  let count = 0;
  while (!signal.aborted) {
    const name = names[count % names.length] ?? '';
    const minReadySeconds = 1 + (Math.floor(count / names.length) % 2);
    await admin.patch(
      IngressControllerHAKind,
      { namespace, name },
      { spec: { rollout: { minReadySeconds } } },
    );
    count += 1;
    const dueAtMs = startedAtMs + (count * 1000) / EDITS_PER_SECOND;
    await systemClock.sleep(Math.max(0, dueAtMs - performance.now()), signal);
  }
  return count;
}
