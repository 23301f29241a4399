/** How a command reaches a drilled instance: all that a drill may call, and a list of what it writes. */
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import type { KubeObject, ObjectRef } from '../../operator/base/kube-object.ts';
import { PodKind, type ResourceKind } from '../../operator/base/resource-kinds.ts';
import type { Clock } from '../../operator/base/time.ts';
import type { Connection } from '../../operator/cli/connection.ts';
import { CAUSE_ANNOTATION } from '../../operator/decide/observed/pod.ts';
import type { ApplyOptions, WatchEvent, WatchOptions } from '../../operator/kube/client.ts';
import { NAMESPACE } from './a-led-instance.ts';
import { DrilledInstance } from './drilled-instance.ts';

export interface DrillCluster {
  readonly instance: DrilledInstance;
  readonly connection: Connection;
  /** `announce a Drill`, `withdraw a`, `delete a`, `event DrillPassed …`. */
  readonly writes: readonly string[];
  /** The next call that `matches` fails so. */
  failNext(matches: string, failure: KubeFailure): void;
  /** Runs once, after the call that `matches` was answered. */
  after(matches: string, action: () => void): void;
}

type Call = <T>(what: string, work: () => T) => Promise<T>;

export function createDrillCluster(clock: Clock): DrillCluster {
  const instance = new DrilledInstance(clock);
  const writes: string[] = [];
  const failures: { readonly matches: string; readonly failure: KubeFailure }[] = [];
  const actions: { readonly matches: string; readonly action: () => void }[] = [];

  async function call<T>(what: string, work: () => T): Promise<T> {
    const failing = taken(failures, what);
    if (failing !== undefined) throw new KubeError(failing.failure);
    const answer = work();
    taken(actions, what)?.action();
    return answer;
  }

  return {
    instance,
    writes,
    failNext: (matches, failure) => failures.push({ matches, failure }),
    after: (matches, action) => actions.push({ matches, action }),
    connection: {
      client: clientOf(instance, call, writes),
      pods: podsOf(instance, call, writes),
      pages: { page: ({ path }) => call(`page ${path}`, () => metricsOf(instance, path)) },
      server: 'https://api.example:6443',
      namespace: NAMESPACE,
      close() {},
    },
  };
}

function clientOf(instance: DrilledInstance, call: Call, writes: string[]): Connection['client'] {
  return {
    get: (ref) => call(`get ${ref.kind}`, () => find(instance, ref)),
    list: (kind) =>
      call(`list ${kind.kind}`, () => {
        const { pods, resource } = instance.objects;
        const items = kind.kind === PodKind.kind ? pods : [resource];
        return { items, resourceVersion: '1' };
      }),
    async *watch(kind, _, options) {
      await call(`watch ${kind.kind}`, () => {});
      yield* changes(instance, kind, options);
    },
    apply: (object, { fieldManager }: ApplyOptions) => {
      const { name, annotations = {} } = object.metadata;
      const letter = letterOf(name);
      const cause = annotations[CAUSE_ANNOTATION];
      const what = cause === undefined ? `withdraw ${letter}` : `announce ${letter} ${cause}`;
      return call(what, () => {
        instance.annotate(letter, annotations);
        writes.push(fieldManager === undefined ? `${what} as the operator` : what);
        return instance.pod(letter);
      });
    },
    create: (object) => {
      const { reason, message } = object;
      return call(`event ${reason}`, () => {
        writes.push(`event ${reason}: ${message}`);
        return object;
      });
    },
    replace: () => Promise.reject(new Error('A drill never replaces anything')),
    delete: ({ name }, { uid }) => {
      const what = `delete ${letterOf(name)}`;
      return call(what, () => {
        writes.push(what);
        instance.takeDown(letterOfPod(instance, name, uid));
      });
    },
  };
}

function podsOf(instance: DrilledInstance, call: Call, writes: string[]): Connection['pods'] {
  return {
    evict: ({ name, uid }) => {
      const what = `evict ${letterOf(name)}`;
      return call(what, () => {
        writes.push(what);
        instance.takeDown(letterOfPod(instance, name, uid));
      });
    },
    addEphemeralContainer: ({ name, uid }, container) =>
      call('crash', () => {
        writes.push(`crash ${letterOf(name)} with ${JSON.stringify(container)}`);
        instance.crash(letterOfPod(instance, name, uid));
      }),
  };
}

async function* changes(
  instance: DrilledInstance,
  { kind }: ResourceKind,
  { signal }: WatchOptions,
): AsyncGenerator<WatchEvent> {
  const queue: WatchEvent[] = [];
  let wake = () => {};
  const stop = instance.listen((type, object) => {
    if (object.kind === kind) queue.push({ type, object });
    wake();
  });
  signal.addEventListener('abort', () => wake());
  while (!signal.aborted) {
    yield* queue.splice(0);
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (signal.aborted || queue.length > 0) resolve();
    });
  }
  stop();
}

function find({ objects }: DrilledInstance, { kind, name }: ObjectRef): KubeObject {
  const { resource, deployment, lease, budget, pods } = objects;
  const found = [resource, deployment, lease, budget, ...pods].find((one) => {
    return one?.kind === kind && one.metadata.name === name;
  });
  if (found !== undefined) return found;
  throw new KubeError({ kind: 'not-found', message: `Cannot get ${kind} "${name}"` });
}

/** The leader has pushed once. */
function metricsOf({ holder }: DrilledInstance, path: string): string {
  const leads = /icha-7d9f-(.)%3A8080/.exec(path)?.[1] === holder ? 1 : 0;
  return [
    `leader_election_master_status{name="x"} ${leads}`,
    `apisix_ingress_adc_sync_total{status="success"} ${leads}`,
  ].join('\n');
}

function letterOf(pod: string): string {
  return pod.at(-1) ?? '';
}

/** Only for the pod of that uid. */
function letterOfPod(instance: DrilledInstance, name: string, uid: string): string {
  const letter = letterOf(name);
  if (instance.pod(letter).metadata.uid === uid) return letter;
  throw new Error('It hits another pod');
}

function taken<T extends { readonly matches: string }>(from: T[], call: string): T | undefined {
  const index = from.findIndex(({ matches }) => call.includes(matches));
  return index < 0 ? undefined : from.splice(index, 1)[0];
}
