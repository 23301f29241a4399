/** Ways to end a leader. Each returns when it has been struck, and notes the end of one that cannot. */
import {
  DeploymentKind,
  IngressControllerHAKind,
  PodKind,
} from '../../../operator/base/resource-kinds.ts';
import { systemClock } from '../../../operator/base/time.ts';
import { uniqueName } from '../../e2e/support/an-object.ts';
import { processLives } from '../../testbed/record.ts';
import { monotonicNs, signalProcess } from '../support/container-process.ts';
import type { FailoverScene, Leader, Subject } from './subject.ts';

type Strike = (scene: FailoverScene, subject: Subject, leader: Leader) => Promise<void>;

/** How exactly the end of a process is known that somebody else kills. */
const LOOK_EVERY_MS = 5;
/** Eating up to the limit takes a fraction of a second. */
const DIES_WITHIN_MS = 20_000;

export const strike: Strike = (scene, subject, leader) => {
  const { blow } = subject.row;
  switch (blow) {
    case 'delete':
      return deletePod(scene, subject, leader);
    case 'evict':
      return evictPod(scene, subject, leader);
    case 'kill':
      return killProcess(scene, subject, leader);
    case 'exhaust':
      return exhaustMemory(scene, subject, leader);
    case 'roll':
      return edit(scene, subject, { restartTrigger: uniqueName('roll') });
    case 'scale-down':
      return edit(scene, subject, { replicas: subject.row.replicas - 1 });
    default:
      throw new Error(`No such blow: ${blow satisfies never}`);
  }
};

/** Undoes what the blow has changed in the resource. */
export async function restore(scene: FailoverScene, subject: Subject): Promise<void> {
  const { blow, replicas } = subject.row;
  if (blow === 'scale-down') await edit(scene, subject, { replicas });
}

const deletePod: Strike = ({ context }, { address }, { pod }) => {
  return context.admin.remove(PodKind, { ...address, name: pod });
};

/** What `kubectl drain` sends for each pod. */
const evictPod: Strike = async ({ context }, { address: { namespace } }, { pod }) => {
  const metadata = { name: pod, namespace };
  const { status, body } = await context.admin.request({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata }),
  });
  if (status >= 300) throw new Error(`${pod} is not evicted: ${status} ${body.message}`);
};

const killProcess: Strike = async ({ journals }, _, { identity, process, containerId }) => {
  journals.killed(identity, signalProcess(process, containerId, 'SIGKILL'));
};

/** The kernel kills; the last instant at which the process was seen alive counts as its end. */
const exhaustMemory: Strike = async ({ journals }, _, { identity, process, containerId }) => {
  const startedAtNs = signalProcess(process, containerId, 'SIGUSR1');
  for (let aliveAtNs = startedAtNs; aliveAtNs - startedAtNs < DIES_WITHIN_MS * 1e6; ) {
    const nowNs = monotonicNs();
    if (!processLives(process)) return journals.killed(identity, aliveAtNs);
    aliveAtNs = nowNs;
    await systemClock.sleep(LOOK_EVERY_MS);
  }
  throw new Error(`${identity} is not killed for its memory.`);
};

/** Changes the resource, and waits until the change has reached the Deployment. */
async function edit(
  { context, observer }: FailoverScene,
  { address }: Subject,
  spec: Readonly<Record<string, unknown>>,
): Promise<void> {
  const generation = () => {
    const children = observer.children(address);
    return children.find(({ kind }) => kind === DeploymentKind.kind)?.metadata.generation;
  };
  const before = generation();
  const reached = observer.until(
    `the Deployment of ${address.name} is changed`,
    () => generation() !== before,
  );
  await context.admin.patch(IngressControllerHAKind, address, { spec });
  await reached;
}
