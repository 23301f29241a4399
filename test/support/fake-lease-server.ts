/**
 * One Lease with the API server's own rules (resourceVersion, 404, 409), reached over a network
 * that can be slow, refuse, or lose answers. And processes that can stall: their clock goes on
 * while nothing of theirs runs, as after SIGSTOP or a blocked event loop.
 */
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import type { Clock } from '../../operator/base/time.ts';
import type { LeaseClient } from '../../operator/control/election/own-lease.ts';
import type { CallOptions } from '../../operator/kube/client.ts';

/** What happens to one call. */
export interface Fate {
  readonly kind: 'answered' | 'answer-lost' | 'refused' | 'conflict' | 'server-error';
  /** How long the request travels, in ms. */
  readonly thereMs: number;
  /** How long its answer travels, in ms. */
  readonly backMs: number;
}

export const PROMPT: Fate = { kind: 'answered', thereMs: 5, backMs: 5 };

type Spec = Readonly<Record<string, unknown>>;

export interface LeaseServer {
  /** The live Lease. */
  lease(): KubeObject | undefined;
  spec(): Spec;
  /** Every write that landed, oldest first. */
  readonly writes: readonly { readonly atMs: number; readonly by: string; readonly spec: Spec }[];
  /** Every call that was sent, oldest first. */
  readonly calls: readonly { readonly atMs: number; readonly by: string; readonly verb: string }[];
  /** A hand, with kubectl: replaces these fields of the spec; undefined removes one. */
  edit(fields: Spec): void;
  remove(): void;
  /** A client of process `by`, each of whose calls meets the fate that `fate` gives. */
  client(by: string, clock: Clock, fate: (verb: string) => Fate): LeaseClient;
}

/** `network` is the clock of the world, in which messages travel. */
export function createLeaseServer(network: Clock): LeaseServer {
  const writes: { atMs: number; by: string; spec: Spec }[] = [];
  const calls: { atMs: number; by: string; verb: string }[] = [];
  let lease: KubeObject | undefined;
  let version = 0;

  function store(object: KubeObject, by: string): KubeObject {
    version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(version) };
    lease = structuredClone({ ...object, metadata });
    writes.push({ atMs: network.nowMs(), by, spec: specOf(lease) });
    return lease;
  }

  const serve = {
    get() {
      if (lease === undefined) throw failed('not-found');
      return lease;
    },
    create(object: KubeObject, by: string) {
      if (lease !== undefined) throw failed('conflict');
      return store(object, by);
    },
    replace(object: KubeObject, by: string) {
      if (lease === undefined) throw failed('not-found');
      const matches = object.metadata.resourceVersion === lease.metadata.resourceVersion;
      if (!matches) throw failed('conflict');
      return store(object, by);
    },
  };

  return {
    writes,
    calls,
    lease: () => lease,
    spec: () => (lease === undefined ? {} : specOf(lease)),
    edit(fields) {
      if (lease === undefined) throw new Error('There is no Lease to edit');
      const spec = Object.entries({ ...specOf(lease), ...fields });
      store(
        { ...lease, spec: Object.fromEntries(spec.filter(([, field]) => field !== undefined)) },
        'a hand',
      );
    },
    remove() {
      lease = undefined;
    },
    client(by, clock, fate) {
      const call = (verb: string, options: CallOptions | undefined, run: () => KubeObject) => {
        calls.push({ atMs: network.nowMs(), by, verb });
        return travel({ network, clock, fate: fate(verb), run }, options);
      };
      return {
        get: (_, options) => call('get', options, () => serve.get()),
        create: (object, options) => call('create', options, () => serve.create(object, by)),
        replace: (object, options) => call('replace', options, () => serve.replace(object, by)),
      };
    },
  };
}

/** A process: its clock goes on while it is stalled, but nothing runs before it wakes. */
export interface Process {
  readonly clock: Clock;
  stall(forMs: number): void;
}

/** `rate`: how fast the process's clock goes. Default 1. */
export function createProcess(world: Clock, rate = 1): Process {
  let awakeAtMs = 0;
  const schedule: Clock['schedule'] = (delayMs, action) => {
    let cancelled = false;
    const whenAwake = () => {
      const asleepMs = awakeAtMs - world.nowMs();
      if (asleepMs > 0) world.schedule(asleepMs, whenAwake);
      else if (!cancelled) action();
    };
    const cancel = world.schedule(delayMs / rate, whenAwake);
    return () => {
      cancelled = true;
      cancel();
    };
  };
  return {
    clock: {
      nowMs: () => world.nowMs() * rate,
      wallClock: () => world.wallClock(),
      schedule,
      sleep(delayMs, signal) {
        return new Promise((resolve) => {
          if (signal?.aborted) return resolve();
          const cancel = schedule(delayMs, resolve);
          signal?.addEventListener('abort', () => {
            cancel();
            resolve();
          });
        });
      },
    },
    stall(forMs) {
      awakeAtMs = Math.max(awakeAtMs, world.nowMs() + forMs);
    },
  };
}

interface Journey {
  readonly network: Clock;
  readonly clock: Clock;
  readonly fate: Fate;
  readonly run: () => KubeObject;
}

/** Answers, timeouts and aborts arrive by the caller's clock, so a stalled process gets them late. */
function travel(journey: Journey, options: CallOptions = {}): Promise<KubeObject> {
  const { network, clock, fate, run } = journey;
  return new Promise((resolve, reject) => {
    const giveUp = clock.schedule(options.timeoutMs ?? 30_000, () => reject(failed('unreachable')));
    options.signal?.addEventListener('abort', () => reject(failed('aborted')));
    network.schedule(fate.thereMs, () => {
      const settle = arrive(fate, run, { resolve, reject });
      if (fate.kind === 'answer-lost') return;
      network.schedule(fate.backMs, () => {
        clock.schedule(0, () => {
          giveUp();
          settle();
        });
      });
    });
  });
}

function arrive(
  { kind }: Fate,
  run: () => KubeObject,
  caller: { resolve: (object: KubeObject) => void; reject: (error: unknown) => void },
): () => void {
  if (kind === 'refused') return () => caller.reject(failed('unreachable'));
  if (kind === 'conflict') return () => caller.reject(failed('conflict'));
  if (kind === 'server-error') return () => caller.reject(failed('server-error'));
  try {
    const object = run();
    return () => caller.resolve(object);
  } catch (error) {
    return () => caller.reject(error);
  }
}

function failed(
  kind: Extract<
    KubeFailure['kind'],
    'not-found' | 'conflict' | 'unreachable' | 'aborted' | 'server-error'
  >,
): KubeError {
  return new KubeError({ kind, message: `The fake server says ${kind}` });
}

function specOf(lease: KubeObject): Spec {
  return typeof lease.spec === 'object' && lease.spec !== null ? { ...lease.spec } : {};
}
