/**
 * A leader's story for tests of failover, told step by step; each step is one look by the operator:
 * `aHolder().leads().isKilled().rests(2_500)`. 30/20/2, pod `x-1` on node `n1`, unless told otherwise.
 */

import { decideFailover } from '../../operator/decide/failover/failover.ts';
import { noFailoverMemory, rememberClear } from '../../operator/decide/failover/memory.ts';
import type {
  FailoverDecision,
  FailoverFacts,
  FailoverMemory,
  FailoverPolicy,
  GuardedLease,
} from '../../operator/decide/failover/types.ts';
import type { ContainerRun, Exit } from '../../operator/decide/observed/container-run.ts';
import type { Pod } from '../../operator/decide/observed/pod.ts';

export const RETRY_PERIOD_MS = 2_000;
/** What the nodes' clocks said when the story began, in s. */
const EPOCH_S = 1_800_000_000;

export function identityOf(podName: string, incarnation = 1): string {
  return `${podName}_00000000-0000-0000-0000-${String(incarnation).padStart(12, '0')}`;
}

export function aCandidate(name: string, changes: Partial<Pod> = {}): Pod {
  return {
    name,
    uid: `uid-of-${name}`,
    nodeName: 'n1',
    mark: 'none',
    configMaps: [],
    deleting: false,
    forced: false,
    ready: true,
    templateHash: 'h1',
    current: { kind: 'running', containerId: `${name}-c1`, startedAtS: EPOCH_S - 60 },
    ...changes,
  };
}

export function aHolder(): Story {
  return new Story();
}

export class Story {
  nowMs = 1_000_000;
  memory: FailoverMemory = noFailoverMemory;
  decision: FailoverDecision = { kind: 'hold' };
  facts: FailoverFacts = {
    policy: {
      mode: 'Assisted',
      retryPeriodMs: RETRY_PERIOD_MS,
      clearDelayMs: 0,
      isCrashSafe: () => true,
    },
    lease: {
      uid: 'lease-uid',
      resourceVersion: '1',
      holder: identityOf('x-1'),
      acquiredAtS: EPOCH_S,
      record: '1',
      changedAtMs: 1_000_000,
      ours: true,
      coordinated: false,
    },
    pods: [aCandidate('x-1'), aCandidate('x-2')],
    node: 'unasked',
  };

  /** Has acquired, and renewed while its container was reported running: so it is bound. */
  leads(): this {
    return this.look().renews();
  }

  /** The record changes: a sign of life. */
  renews(afterMs = RETRY_PERIOD_MS): this {
    this.nowMs += afterMs;
    const record = String(Number(this.facts.lease?.record ?? 0) + 1);
    return this.lease({ record, resourceVersion: record, changedAtMs: this.nowMs });
  }

  /** Another process takes the Lease, or nobody has it (''). */
  isHeldBy(holder: string, acquiredAtS = this.nodeS()): this {
    const record = String(Number(this.facts.lease?.record ?? 0) + 1);
    const changedAtMs = this.nowMs;
    return this.lease({ holder, acquiredAtS, record, resourceVersion: record, changedAtMs });
  }

  /** The kubelet reports the end of `manager`, by default after SIGKILL. */
  ends(exit: Partial<Exit> = {}): this {
    const found = this.facts.pods[0]?.current;
    if (found?.kind !== 'running') throw new Error('It does not run.');
    const { containerId } = found;
    const ended = { code: 137, reason: 'Error', finishedAtS: this.nodeS(), ...exit };
    return this.pod({ current: { kind: 'ended', containerId, exit: ended } });
  }

  /** The kubelet has started `manager` again: the ended run becomes the one before. */
  startsAgain(incarnation = 2, startedAtS = this.nodeS()): this {
    const previous = this.facts.pods[0]?.current;
    const current: ContainerRun = {
      kind: 'running',
      containerId: `x-1-c${incarnation}`,
      startedAtS,
    };
    return this.pod({ current, ...(previous !== undefined && { previous }) });
  }

  isDeleted(): this {
    return this.pod({ deleting: true });
  }

  /** Nothing happens for so long; then the operator looks again. */
  rests(ms: number): this {
    this.nowMs += ms;
    return this.look();
  }

  /** The operator frees the Lease. */
  isCleared(): this {
    const holder = this.facts.lease?.holder ?? '';
    const path = this.memory.death?.path ?? 'crashed';
    this.memory = rememberClear(this.memory, { identity: holder, path }, this.nowMs);
    return this.isHeldBy('');
  }

  /** A new operator process, which has seen nothing yet. */
  isSeenByANewOperator(): this {
    this.memory = noFailoverMemory;
    return this.look();
  }

  pod(changes: Partial<Pod>): this {
    const [first, ...others] = this.facts.pods;
    const pods = first === undefined ? others : [{ ...first, ...changes }, ...others];
    return this.with({ pods });
  }

  lease(changes: Partial<GuardedLease>): this {
    const { lease } = this.facts;
    return lease === undefined ? this : this.with({ lease: { ...lease, ...changes } });
  }

  policy(changes: Partial<FailoverPolicy>): this {
    return this.with({ policy: { ...this.facts.policy, ...changes } });
  }

  with(changes: Partial<FailoverFacts>): this {
    this.facts = { ...this.facts, ...changes };
    return this.look();
  }

  look(): this {
    const { memory, decision } = decideFailover(this.memory, this.facts, this.nowMs);
    this.memory = memory;
    this.decision = decision;
    return this;
  }

  /** `hold`, `wait lease-not-quiet`, `clear stopped`, `refuse suspended`. */
  told(): string {
    const { decision } = this;
    if (decision.kind === 'clear') return `clear ${decision.evidence.path}`;
    return 'because' in decision ? `${decision.kind} ${decision.because}` : decision.kind;
  }

  /** The node's clock, in whole seconds. */
  nodeS(): number {
    return EPOCH_S + Math.floor((this.nowMs - 1_000_000) / 1000) + 1;
  }
}
