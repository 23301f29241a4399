/** The cause of a failover, written on the leader's pod before the strike, and taken back if it does not come to that. */
import { failureOf } from '../../../base/failure.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { PodKind, typeMeta } from '../../../base/resource-kinds.ts';
import { CAUSE_ANNOTATION, readPod } from '../../../decide/observed/pod.ts';
import { type DrillContext, explained } from '../context.ts';
import type { Cause } from '../decide/trial-spec.ts';
import { DONE, isLost, podRef, type StrikeResult } from './request-result.ts';

/** A field manager of its own, or the operator's next apply of its labels would remove the announcement. */
const ANNOUNCER = 'ingress-controller-ha-drill';

/** Another drill may write to the same pod at the same time: the version that was read decides. */
const MAX_TRIES = 3;

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
