/** What the operator tells about a failover in the resource's status: it has seen it with eyes of its own. */
import type { HaStatus } from '../../../api/status.ts';
import type { FailoverRecord } from '../../../api/types.generated.ts';
import { record } from '../../../base/read.ts';
import { IngressControllerHAKind } from '../../../base/resource-kinds.ts';
import type { DrillContext } from '../context.ts';

const LOOK_EVERY_MS = 250;
/** The operator writes it with its next status, a second after the change at most. */
const RECORDED_WITHIN_MS = 10_000;

/** Undefined: it has not told in time, so perhaps none runs. */
export async function failoverRecord(
  context: DrillContext,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<FailoverRecord | undefined> {
  const { connection, clock, io, namespace, name } = context;
  const { apiVersion, kind } = IngressControllerHAKind;
  const options = { timeoutMs: context.requestTimeout, signal: io.interrupted };
  for (const endAtMs = clock.nowMs() + RECORDED_WITHIN_MS; clock.nowMs() < endAtMs; ) {
    if (io.interrupted.aborted) return undefined;
    const resource = await connection.client
      .get({ apiVersion, kind, namespace, name }, options)
      .catch(() => undefined);
    const { failovers = [] } = record(resource?.status) as Partial<HaStatus>;
    const told = failovers.find(({ fromIdentity, toIdentity }) => {
      return fromIdentity === from && toIdentity === to;
    });
    if (told !== undefined) return told;
    await clock.sleep(LOOK_EVERY_MS, io.interrupted);
  }
  return undefined;
}
