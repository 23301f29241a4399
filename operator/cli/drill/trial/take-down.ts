/**
 * Takes one leader down and measures the failover:
 *
 *     watch ─► see it renew ─► announce ─► strike ─► see another lead ─► see it work ─► read history
 *
 * The strike is the one request that ends the leader. Interrupted before it, the announcement is taken back; afterwards
 * the failover runs on by itself.
 */
import { leaseNameOf } from '../../../api/lease-name.ts';
import { defined } from '../../../base/defined.ts';
import { failureOf } from '../../../base/failure.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { hasName } from '../../live/has-name.ts';
import { type DrillContext, explained } from '../context.ts';
import type { TrialSpec } from '../decide/trial-spec.ts';
import { announce, withdraw } from './announcement.ts';
import { awaitRenewal } from './await-renewal.ts';
import { awaitTakeover, type TrialState } from './await-takeover.ts';
import { afterNoStrike, afterWithdrawal } from './leftovers.ts';
import { lastHolder, type Monitor, startMonitor } from './monitor.ts';
import { NOT_ASKED, pushesBefore } from './pushes.ts';
import { strike } from './strike.ts';
import { stopped, type TrialEnd } from './trial-end.ts';

/** Never throws a KubeError: what goes wrong is the end of the trial. What stays behind is told on stderr. */
export async function takeDown(context: DrillContext, spec: TrialSpec): Promise<TrialEnd> {
  const { snapshot, target } = spec;
  const { resource } = snapshot.instance;
  const monitored = { leaseName: leaseNameOf(resource), leader: target.leader };
  let monitor: Monitor;
  try {
    monitor = await startMonitor(context, monitored);
  } catch (error) {
    return stopped('unknown', explained(context, failureOf(error)));
  }
  try {
    const before =
      spec.workWithinMs === undefined ? NOT_ASKED : await pushesBefore(context, target);
    const silent = await awaitRenewal(context, spec, monitor);
    if (silent !== undefined) return { kind: 'stopped', stop: silent };
    return await strikeAndWatch(context, spec, { monitor, before });
  } finally {
    monitor.stop();
  }
}

async function strikeAndWatch(
  context: DrillContext,
  spec: TrialSpec,
  state: TrialState,
): Promise<TrialEnd> {
  const { clock, io } = context;
  const { name, uid } = spec.target.leader;
  const announced = await announce(context, uid, { name, cause: spec.cause });
  // Nothing was written then: an announcement that is there is that of another drill, and stays.
  if (announced.kind === 'failed') return stopped('unknown', announced.why);
  if (announced.kind === 'in-doubt') {
    return stopped('unknown', await afterWithdrawal(context, spec, announced.why));
  }
  await state.monitor.read();
  if (io.interrupted.aborted) {
    const why = `Interrupted before Pod "${name}" was touched, and the announcement is taken back.`;
    return stopped('interrupted', await afterWithdrawal(context, spec, why));
  }
  if (lastHolder(state.monitor) !== spec.target.identity) {
    const why = `Pod "${name}" does not lead any more, so it was not touched, and the announcement is taken back.`;
    return stopped('refused', await afterWithdrawal(context, spec, why));
  }
  const pod = state.monitor.pod(name) ?? spec.snapshot.instance.pods.find(hasName(name));
  if (spec.message !== undefined) io.stderr.write(`${spec.message}\n`);
  const struckAtMs = clock.nowMs();
  const strikeTarget = defined({ pod: pod ?? emptyPod(spec), image: spec.image || undefined });
  const struck = await strike(context, spec.method, strikeTarget);
  if (struck.kind !== 'done') return stopped('unknown', await afterNoStrike(context, spec, struck));
  const end = await awaitTakeover(context, spec, { ...state, struckAtMs });
  if (spec.method !== 'crash') return end; // the announcement goes with the pod
  const left = await withdraw(context, { name, uid });
  if (left !== undefined) io.stderr.write(`${left}\n`);
  return end;
}

/** Never needed: what was read has every pod that it names. */
function emptyPod({ target: { leader } }: TrialSpec): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: leader.name, uid: leader.uid } };
}
