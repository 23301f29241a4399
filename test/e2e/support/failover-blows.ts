/** Ways to end a leader. What cannot tell its end itself, since it is killed, has it noted here. */
import { PodKind } from '../../../operator/base/resource-kinds.ts';
import { systemClock } from '../../../operator/base/time.ts';
import { monotonicNs, signalProcess } from '../../bench/support/container-process.ts';
import { ANSWER_HANG_MS } from '../../support/hang-limits.ts';
import { processLives } from '../../testbed/record.ts';
import type { FailoverScene, Subject } from './failover-scene.ts';

/** How exactly the end of a process is known that the kernel kills. */
const LOOK_EVERY_MS = 5;

/** As `kubectl delete pod`. */
export function deleteLeader({ e2e }: FailoverScene, { address, leader }: Subject): Promise<void> {
  return e2e.admin.remove(PodKind, { namespace: address.namespace, name: leader.pod });
}

/** As `kubectl drain` does with each pod. */
export async function evictLeader(
  { e2e }: FailoverScene,
  { address: { namespace }, leader }: Subject,
): Promise<void> {
  const metadata = { name: leader.pod, namespace };
  const { status, body } = await e2e.admin.request({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods/${leader.pod}/eviction`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata }),
  });
  if (status >= 300) throw new Error(`${leader.pod} is not evicted: ${status} ${body.message}`);
}

/** SIGKILL of the manager's process alone, from the node. */
export function killLeader({ journals }: FailoverScene, { leader }: Subject): void {
  const { identity, process, containerId } = leader;
  journals.killed(identity, signalProcess(process, containerId, 'SIGKILL'));
}

/** SIGKILL of what holds the pod's containers together: its kubelet then stops and replaces them all. */
export async function killSandbox(
  { e2e }: FailoverScene,
  { address, leader }: Subject,
): Promise<void> {
  const { testbed, admin } = e2e;
  const pod = { namespace: address.namespace, name: leader.pod };
  const { uid } = (await admin.read(PodKind, pod)).metadata;
  const ctr = ['ctr', '-n', 'k8s.io'];
  const ofPod = `labels."io.kubernetes.pod.uid"==${uid},labels."io.cri-containerd.kind"==sandbox`;
  const sandbox = (await testbed.inside([...ctr, 'containers', 'ls', '-q', ofPod])).trim();
  await testbed.inside([...ctr, 'tasks', 'kill', '-s', 'SIGKILL', sandbox]);
}

/** Has it eat memory beyond its limit, and waits until the kernel has killed it. */
export async function starveLeader(
  { journals }: FailoverScene,
  { leader }: Subject,
): Promise<void> {
  const { identity, process, containerId } = leader;
  const startedAtNs = signalProcess(process, containerId, 'SIGUSR1');
  for (let aliveAtNs = startedAtNs; aliveAtNs - startedAtNs < ANSWER_HANG_MS * 1e6; ) {
    const nowNs = monotonicNs();
    if (!processLives(process)) return journals.killed(identity, aliveAtNs);
    aliveAtNs = nowNs;
    await systemClock.sleep(LOOK_EVERY_MS);
  }
  throw new Error(`${identity} is not killed for its memory.`);
}
