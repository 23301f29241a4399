/** What the operator has written about a failover into the resource's status, from its own watches. */
import type { HaStatus } from '../../../api/status.ts';
import type { FailoverRecord } from '../../../api/types.generated.ts';
import { record } from '../../../base/read.ts';
import { IngressControllerHAKind, refTo } from '../../../base/resource-kinds.ts';
import type { DrillContext } from '../context.ts';

const READ_EVERY_MS = 250;
/** The operator writes it with its next status, a second after the change at most. */
const RECORDED_WITHIN_MS = 10_000;

/** Reads the resource until the record is there. Undefined: not within 10 s, so perhaps no operator runs. */
export async function failoverRecord(
  context: DrillContext,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<FailoverRecord | undefined> {
  const { connection, clock, io, namespace, name } = context;
  const options = { timeoutMs: context.requestTimeout, signal: io.interrupted };
  for (const endAtMs = clock.nowMs() + RECORDED_WITHIN_MS; clock.nowMs() < endAtMs; ) {
    if (io.interrupted.aborted) return undefined;
    const resource = await connection.client
      .get(refTo(IngressControllerHAKind, { namespace, name }), options)
      .catch(() => undefined);
    const { failovers = [] } = record(resource?.status) as Partial<HaStatus>;
    const found = failovers.find(({ fromIdentity, toIdentity }) => {
      return fromIdentity === from && toIdentity === to;
    });
    if (found !== undefined) return found;
    await clock.sleep(READ_EVERY_MS, io.interrupted);
  }
  return undefined;
}
