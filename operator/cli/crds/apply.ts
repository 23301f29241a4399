/**
 * `ingress-ha crds apply`. Helm never upgrades CRDs, so the chart runs this in a Job. It reads before it writes, writes
 * that one object, and needs no right to list or watch.
 */
import { canonicalJson } from '../../base/canonical-json.ts';
import { failureOf, unreachable } from '../../base/failure.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { withConnection } from '../with-connection.ts';
import { crdUpgrade, establishment } from './decide/upgrade.ts';
import {
  type ApplyRequest,
  type ExitCode,
  failed,
  failureSentence,
  GRANT,
  INSTALL,
  OURS,
  REF,
  RESOURCE,
  type Task,
} from './task.ts';
import { waitUntilServed } from './wait-served.ts';

/** Applies our CustomResourceDefinition, unless that would cost data, and waits until it is served. */
export function applyCrd(request: ApplyRequest): Promise<ExitCode> {
  return withConnection<ExitCode>(
    request,
    ({ connection }) => replaceLive({ ...request, connection }),
    { exitCode: 1, circumstances: { ifForbidden: GRANT, ifMissing: INSTALL } },
  );
}

async function replaceLive(task: Task): Promise<ExitCode> {
  const { flags, io } = task;
  let live: KubeObject | undefined;
  let missing = false;
  let applied: KubeObject;
  try {
    live = await readLive(task);
    missing = live === undefined;
    const refusal = live && refusalOf(live, task);
    if (refusal !== undefined) return failed(io, refusal);
    applied = await apply(task);
  } catch (error) {
    return failed(io, failureSentence(task, failureOf(error), missing ? INSTALL : GRANT));
  }
  const verb = live && isSame(live, applied) ? 'unchanged' : 'serverside-applied';
  const dry = flags.dryRun === 'server' ? ' (server dry run)' : '';
  io.stdout.write(`${RESOURCE} ${verb}${dry}\n`);
  if (flags.dryRun === 'server' || establishment(applied).kind === 'established') return 0;
  return waitUntilServed(task);
}

/** Undefined when there is none. */
async function readLive({ connection, flags, io }: Task): Promise<KubeObject | undefined> {
  const { requestTimeout: timeoutMs } = flags;
  try {
    return await connection.client.get(REF, { timeoutMs, signal: io.interrupted });
  } catch (error) {
    if (failureOf(error).kind === 'not-found') return undefined;
    throw error;
  }
}

/** Why ours must not replace `live`. With --allow-downgrade a downgrade is no reason, and is printed to stderr. */
function refusalOf(live: KubeObject, { flags, io }: Task): string | undefined {
  const upgrade = crdUpgrade(live);
  switch (upgrade.kind) {
    case 'allowed':
      return undefined;
    case 'refused':
      return `Nothing was written. ${upgrade.message}.`;
    case 'downgrade':
      if (flags.allowDowngrade) {
        io.stderr.write(`Downgrade, as asked. ${upgrade.message}.\n`);
        return undefined;
      }
      return `Nothing was written. ${upgrade.message}. Use a newer ingress-ha, or --allow-downgrade if that is meant.`;
    default:
      return unreachable(upgrade);
  }
}

/** Takes over fields of other managers (Helm, kubectl): the definition belongs to this program as a whole. */
function apply({ connection, flags, io }: Task): Promise<KubeObject> {
  return connection.client.apply(OURS, {
    conflicts: 'force',
    dryRun: flags.dryRun === 'server',
    timeoutMs: flags.requestTimeout,
    signal: io.interrupted,
  });
}

/** A dry run leaves the version as it is, so the content is compared. */
function isSame(live: KubeObject, applied: KubeObject): boolean {
  return canonicalJson(live) === canonicalJson(applied);
}
