/**
 * The Deployment and its pods. A pod that is being deleted, or is gone, is replaced at once by one of
 * another name, on any node. Only where a story asks for it the name comes again.
 */
import { type ElectionSettings, Elector, type ElectorContext } from './elector.ts';
import { type Node, RunningPod } from './kubelet.ts';
import { delay, isCut } from './network.ts';
import type { Server } from './server.ts';
import type { World } from './world.ts';

export interface WorkloadOptions {
  readonly world: World;
  readonly server: Server;
  readonly nodes: readonly [Node, ...Node[]];
  readonly settings: ElectionSettings;
  readonly sidecar: 'with-hook' | 'without-hook';
  /** Why the end of a container proves nothing in these pods. */
  readonly unsupported?: string;
  readonly onStart: () => void;
  readonly onLead: ElectorContext['onLead'];
  readonly onDeath: ElectorContext['onDeath'];
}

/** Each the beginning of the next ones: names must be compared as a whole. */
const FIRST_NAMES = ['edge-1', 'edge-10', 'edge-100'];

export class Workload {
  /** Every process that was ever started, by identity. */
  readonly electors = new Map<string, Elector>();
  /** Every pod that ever was, by uid. */
  readonly pods = new Map<string, RunningPod>();
  readonly #homes = new Map<string, RunningPod>();
  readonly #options: WorkloadOptions;
  #id = 0;
  #names = 0;

  constructor(options: WorkloadOptions) {
    this.#options = options;
  }

  /** The pod in which the process of this identity was started. */
  podOf(identity: string): RunningPod | undefined {
    return this.#homes.get(identity);
  }

  /** A pod of a new name, or of `name`. */
  create(name = this.#nextName()): void {
    const { world, server, nodes, sidecar, unsupported } = this.#options;
    const node = world.random.pick(nodes);
    const uid = `uid-${this.#nextId()}`;
    server.createPod({
      ...{ name, uid, nodeName: node.name, deleting: false, forced: false, ready: false },
      ...{ version: '2.2.0', configMaps: [], mark: 'none' },
      ...(unsupported !== undefined && { unsupported }),
    });
    const pod = new RunningPod({
      ...{ world, server, node, name, uid, sidecar },
      newElector: (owner) => this.#newElector(owner),
    });
    this.pods.set(uid, pod);
    world.note(() => `pod ${name} (${uid}) is to run on ${node.name}`);
    this.#whenHeard(node, () =>
      world.after(world.random.between(100, 1_500), () => pod.startContainer()),
    );
  }

  /** As by `kubectl delete pod`, or a rollout, or a drain. */
  delete({ context }: RunningPod): void {
    const { world, server } = this.#options;
    const { name, uid, node } = context;
    if (!server.patchPod(name, uid, { deleting: true })) return;
    world.note(() => `pod ${name} (${uid}) is being deleted`);
    this.#whenHeard(node, () => this.pods.get(uid)?.terminate());
    world.after(world.random.between(20, 300), () => this.create());
  }

  /**
   * `--force --grace-period=0`: the object goes at once, and the process lives on until its kubelet
   * comes to it, `livesOnMs` after it has heard.
   */
  forceDelete({ context }: RunningPod, livesOnMs: number, nextName?: string): void {
    const { world, server } = this.#options;
    const { name, uid, node } = context;
    const object = server.pod(name)?.pod;
    if (object?.uid !== uid) return;
    world.note(() => `pod ${name} (${uid}) is deleted by force`);
    server.removePod(name, uid);
    const pod = this.pods.get(uid);
    this.#whenHeard(node, () => {
      pod?.endRestarts();
      world.after(livesOnMs, () => pod?.terminate(0));
    });
    if (!object.deleting) world.after(world.random.between(20, 300), () => this.create(nextName));
  }

  /** A kubelet hears of a change once it is up and its watch gets through. */
  #whenHeard(node: Node, then: () => void): void {
    const { world } = this.#options;
    world.after(delay(world, node.kubeletLink), () => {
      const waitsUntilMs = Math.max(node.kubeletDownUntilMs, node.kubeletLink.cutUntilMs);
      if (isCut(world, node.kubeletLink) || world.nowMs < node.kubeletDownUntilMs) {
        world.at(waitsUntilMs, () => this.#whenHeard(node, then));
      } else then();
    });
  }

  /**
   * A candidate of an earlier installation, in no pod of ours. Its end is nobody's to tell; when it loses
   * the election it is gone.
   */
  startForeign(): Elector {
    const { world, server, nodes, settings, onStart, onLead, onDeath } = this.#options;
    const node = world.random.pick(nodes);
    const id = this.#nextId();
    const elector: Elector = new Elector(`old-${id}_${uuid(id)}`, {
      ...{ world, server, settings, onLead, onDeath, containerId: `foreign://${id}` },
      ...{ link: node.podLink, clock: node.clock },
      onLoss: (it) => it.die(),
    });
    this.electors.set(elector.identity, elector);
    world.note(() => `${elector.identity} is a candidate of somebody else`);
    onStart();
    elector.start();
    return elector;
  }

  #newElector(pod: RunningPod): Elector {
    const { world, server, settings, onStart, onLead, onDeath } = this.#options;
    const { node, name } = pod.context;
    const containerId = `containerd://${this.#nextId()}`;
    const elector = new Elector(`${name}_${uuid(this.#nextId())}`, {
      ...{ world, server, settings, containerId, onLead, onDeath },
      ...{ link: node.podLink, clock: node.clock },
      onLoss: (it) => pod.exit(it, 1),
    });
    this.electors.set(elector.identity, elector);
    this.#homes.set(elector.identity, pod);
    onStart();
    return elector;
  }

  #nextId(): number {
    this.#id += 1;
    return this.#id;
  }

  #nextName(): string {
    this.#names += 1;
    return FIRST_NAMES[this.#names - 1] ?? `edge-1${this.#names}`;
  }
}

function uuid(id: number): string {
  return `00000000-0000-4000-8000-${id.toString(16).padStart(12, '0')}`;
}
