/** The announcement on a leader's pod, its withdrawal, and the strike itself: each is for one pod by its uid. */
import { defined } from '../../../base/defined.ts';
import { failureOf, type KubeFailure, unreachable } from '../../../base/failure.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { record, records, text } from '../../../base/read.ts';
import { PodKind, refTo, typeMeta } from '../../../base/resource-kinds.ts';
import { CAUSE_ANNOTATION, readPod } from '../../../decide/observed/pod.ts';
import { ADC_CONTAINER, MANAGER_CONTAINER } from '../../../desired/pod/containers.ts';
import { type DrillContext, explained } from '../context.ts';
import type { Method } from '../decide/drill-snapshot.ts';
import type { Cause } from '../decide/trial-spec.ts';

/** A field manager of its own, or the operator's next apply of its labels would remove the announcement. */
const ANNOUNCER = 'ingress-controller-ha-drill';

/** Another drill may write to the same pod at the same time: the version that was read decides. */
const MAX_TRIES = 3;

/** Whether the request was done. */
type StrikeResult = { readonly kind: 'done' } | NotDone;

/** It was not, or perhaps not; `why` is a sentence. */
export type NotDone =
  | { readonly kind: 'failed'; readonly why: string }
  /** No answer came: perhaps it was done all the same. */
  | { readonly kind: 'in-doubt'; readonly why: string };

const DONE: StrikeResult = { kind: 'done' };

/** Writes the cause on the pod, unless somebody else has written one, or the pod is not as it was. */
export async function announce(
  context: DrillContext,
  uid: string,
  pod: Announcement,
): Promise<StrikeResult> {
  const { client } = context.connection;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const live = await client.get(podRef(context, pod.name), {
        timeoutMs: context.requestTimeout,
      });
      const { deleting, ready, announcedCause } = readPod(live);
      if (live.metadata.uid !== uid || deleting || !ready || announcedCause !== undefined) {
        return { kind: 'failed', why: `Pod "${pod.name}" has changed meanwhile: look again.` };
      }
      const { resourceVersion = '' } = live.metadata;
      const metadata = { uid, resourceVersion, annotations: { [CAUSE_ANNOTATION]: pod.cause } };
      await applyMetadata(context, pod.name, metadata);
      return DONE;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'conflict' && attempt < MAX_TRIES) continue;
      return { kind: isLost(failure) ? 'in-doubt' : 'failed', why: explained(context, failure) };
    }
  }
}

/** Which pod, and which cause. */
interface Announcement {
  readonly name: string;
  readonly cause: Cause;
}

/** Takes the announcement back; a deleted pod has none any more. Gives a sentence when it could not be taken back. */
export async function withdraw(
  context: DrillContext,
  { name, uid }: { readonly name: string; readonly uid: string },
): Promise<string | undefined> {
  try {
    await applyMetadata(context, name, { uid });
    return undefined;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'not-found' || failure.kind === 'conflict') return undefined;
    return `The annotation ${CAUSE_ANNOTATION} stays on Pod "${name}": ${explained(context, failure)}`;
  }
}

/** Ends the leader by one request. Is not interrupted, so that it is known whether it was done. Never rejects. */
export async function strike(
  context: DrillContext,
  method: Method,
  strikeTarget: StrikeTarget,
): Promise<StrikeResult> {
  const { namespace, connection, requestTimeout: timeoutMs } = context;
  const { pod } = strikeTarget;
  const { name, uid = '' } = pod.metadata;
  try {
    switch (method) {
      case 'delete':
        await connection.client.delete(podRef(context, name), { uid, timeoutMs });
        return DONE;
      case 'evict':
        await connection.pods.evict({ namespace, name, uid }, { timeoutMs });
        return DONE;
      case 'crash': {
        const container = crasher(pod, strikeTarget.image);
        await connection.pods.addEphemeralContainer({ namespace, name, uid }, container, {
          timeoutMs,
        });
        return DONE;
      }
      default:
        return unreachable(method);
    }
  } catch (error) {
    const failure = failureOf(error);
    const why = explained(context, failure);
    if (!isLost(failure)) return { kind: 'failed', why };
    return { kind: 'in-doubt', why: `${why} It is not known whether it was done.` };
  }
}

/** The request may have arrived. */
function isLost({ kind }: KubeFailure): boolean {
  return kind === 'unreachable' || kind === 'timeout' || kind === 'server-error';
}

/** The pod that is struck. */
interface StrikeTarget {
  readonly pod: KubeObject;
  /** For `crash`: an image with node. Default: that of the pod's own sidecar, which is on the node. */
  readonly image?: string;
}

/**
 * SIGABRT, since the manager's image has no shell to send anything with, and the kernel keeps SIGKILL from
 * the first process of its own PID namespace. Same user as the manager, or the signal would be refused.
 */
function crasher(pod: KubeObject, image: string | undefined) {
  const { containers, ephemeralContainers } = record(pod.spec);
  const named = (name: string) => records(containers).find((container) => container.name === name);
  const sidecar = named(ADC_CONTAINER);
  const { securityContext } = named(MANAGER_CONTAINER) ?? {};
  return defined({
    name: `drill-${records(ephemeralContainers).length + 1}`,
    image: image ?? text(sidecar?.image) ?? '',
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '-e', "process.kill(1, 'SIGABRT')"],
    targetContainerName: MANAGER_CONTAINER,
    securityContext,
  });
}

async function applyMetadata(
  context: DrillContext,
  name: string,
  metadata: Partial<KubeObject['metadata']>,
): Promise<void> {
  const { namespace, connection, requestTimeout: timeoutMs } = context;
  await connection.client.apply(
    { ...typeMeta(PodKind), metadata: { name, namespace, ...metadata } },
    { conflicts: 'force', fieldManager: ANNOUNCER, timeoutMs },
  );
}

function podRef({ namespace }: DrillContext, name: string) {
  return refTo(PodKind, { namespace, name });
}
