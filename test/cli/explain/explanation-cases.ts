/** Circumstances in which one rule of failover does not hold, or cannot be told, each with what is said. */
import type { FailoverRecord } from '../../../operator/api/types.generated.ts';
import type {
  ExplainedRule,
  ExplainView,
} from '../../../operator/cli/explain/decide/explain-view.ts';
import { REFUSALS } from '../../../operator/decide/failover/refusals.ts';
import { identityOf } from '../../support/a-holder.ts';
import {
  anExplainView,
  assist,
  LEADER,
  withLease,
  withPod,
} from '../../support/an-explain-view.ts';

/** What the nodes' clocks say, in s. */
export const EPOCH_S = 1_800_000_000;
export const LATER_RUN = {
  kind: 'running',
  containerId: 'x-1-c2',
  startedAtS: EPOCH_S + 60,
} as const;
export const FREED: FailoverRecord = {
  time: '2027-01-15T08:05:00Z',
  cause: 'Crash',
  fromIdentity: LEADER,
  toIdentity: identityOf('x-2'),
  winner: 'Standby',
  assist: 'Cleared',
};

export interface BrokenRule {
  readonly view: ExplainView;
  /** Its id. */
  readonly rule: string;
  /** Default: no. */
  readonly holds?: ExplainedRule['holds'];
  readonly found: RegExp;
}

export const BROKEN_RULES: Readonly<Record<string, BrokenRule>> = {
  'mode Observe': {
    view: anExplainView({ ha: { failover: { mode: 'Observe' } } }),
    rule: 'mode',
    found: /Observe: the operator would have freed/,
  },
  'mode Disabled': {
    view: anExplainView({ ha: { failover: { mode: 'Disabled' } } }),
    rule: 'mode',
    found: /Disabled$/,
  },
  'a resource that is being deleted': {
    view: anExplainView({ ha: { deleting: true } }),
    rule: 'kept',
    found: /being deleted/,
  },
  'an operator that does not renew its Lease': {
    view: anExplainView({ operator: { kind: 'silent', identity: identityOf('o'), ageMs: 61_000 } }),
    rule: 'operator',
    holds: 'unknown',
    found: /^Perhaps no operator leads: .* 61 s ago, by the clock of this machine$/,
  },
  'no operator at all': {
    view: anExplainView({ operator: { kind: 'vacant', lease: 'Lease "a/b"' } }),
    rule: 'operator',
    found: /nobody holds their Lease "a\/b"/,
  },
  'a Lease of the operator that may not be read': {
    view: anExplainView({ operator: { kind: 'unread', why: 'Cannot get Lease' } }),
    rule: 'operator',
    holds: 'unknown',
    found: /^Cannot get Lease$/,
  },
  'a resource that no operator has seen': {
    view: anExplainView({ status: { observedGeneration: -1 } }),
    rule: 'generation',
    found: /No operator has looked/,
  },
  'settings that the operator has not seen yet': {
    view: anExplainView({ status: { observedGeneration: 2 } }),
    rule: 'generation',
    holds: 'unknown',
    found: /not seen generation 3 yet, only 2/,
  },
  'a foreign Lease': {
    view: anExplainView(withLease({ ours: false })),
    rule: 'lease-ours',
    found: /does not carry our labels/,
  },
  'a coordinated election': {
    view: anExplainView(withLease({ coordinated: true })),
    rule: 'uncoordinated',
    found: /another component decides/,
  },
  'a Lease that has expired by this clock': {
    view: anExplainView({ renewal: { ageMs: 31_000, durationMs: 30_000 } }),
    rule: 'renewed',
    holds: 'unknown',
    found: /last renewed 31 s ago, by the clock of this machine, and so has expired/,
  },
  'a holder that is no pod of the resource': {
    view: anExplainView(withLease({ holder: identityOf('y-1') })),
    rule: 'holder',
    found: /"y-1_.*" is no pod of this resource/,
  },
  'a holder without a uuid': {
    view: anExplainView(withLease({ holder: 'x-1' })),
    rule: 'holder',
    found: /"x-1" is no pod/,
  },
  'pods that may not be listed': {
    view: anExplainView({ facts: { pods: [] }, unread: { pods: 'pods could not be read' } }),
    rule: 'holder',
    holds: 'unknown',
    found: /^pods could not be read$/,
  },
  'a pod of an unsupported shape': {
    view: anExplainView(withPod({ unsupported: '`hostNetwork` is set' })),
    rule: 'pod-shape',
    found: /would prove nothing: `hostNetwork` is set in its pod/,
  },
  'a pod that is deleted by force': {
    view: anExplainView(withPod({ deleting: true, forced: true })),
    rule: 'container',
    found: /without waiting for its kubelet/,
  },
  'a Lease that does not tell since when it is held': {
    view: anExplainView({
      facts: {
        lease: {
          uid: 'u',
          resourceVersion: '1',
          holder: LEADER,
          record: '',
          changedAtMs: 0,
          ours: true,
          coordinated: false,
        },
      },
    }),
    rule: 'container',
    found: /since when/,
  },
  'a container that started after the Lease was taken': {
    view: anExplainView({
      ...withPod({ current: LATER_RUN }),
      status: { conditions: [assist('False', 'HolderUnbound', 'No holder was seen')] },
    }),
    rule: 'container',
    found: /earlier run .*: x-1-c2 started 60 s after the Lease was taken/,
  },
  'a holder that the operator has not seen alive': {
    view: anExplainView({
      status: { conditions: [assist('False', 'HolderUnbound', 'No holder was seen alive')] },
    }),
    rule: 'watched',
    found: /^The operator says "No holder was seen alive"$/,
  },
  'a status about the leader before': {
    view: anExplainView({ status: { leader: { identity: identityOf('x-9'), transitions: 0 } } }),
    rule: 'watched',
    holds: 'unknown',
    found: /still tells of the leader before, x-9_/,
  },
  'an operator that says nothing': {
    view: anExplainView({ status: { conditions: [] } }),
    rule: 'watched',
    holds: 'unknown',
    found: /says nothing yet/,
  },
  'a node that is not Ready': {
    view: anExplainView({ facts: { node: 'not-ready' } }),
    rule: 'node',
    found: /Node n1 is not Ready/,
  },
  'a node that may not be read': {
    view: anExplainView({ facts: { node: 'unasked' }, unread: { node: 'Cannot get Node "n1"' } }),
    rule: 'node',
    holds: 'unknown',
    found: /^Cannot get Node "n1"$/,
  },
  'a release to whose pods leadership must not return': {
    view: unsafe(),
    rule: 'version',
    found: /must not return to a pod that crashed \(2\.2\.0 with provider APISIX\)/,
  },
  'a crash loop': {
    view: anExplainView({
      status: { conditions: [assist('False', 'Suspended', REFUSALS.suspended)] },
    }),
    rule: 'calm',
    found: /crash in a loop/,
  },
  'a holder that came back': {
    view: anExplainView({ status: { failovers: [FREED] } }),
    rule: 'first',
    found: /it came back/,
  },
  'a right that is missing': {
    view: anExplainView({
      status: {
        conditions: [
          assist(
            'False',
            'PermissionDenied',
            'The operator lacks the right to update leases; Other',
          ),
        ],
      },
    }),
    rule: 'rights',
    found: /^The operator lacks the right to update leases$/,
  },
};

/** Its releases reject what a leader pushes that led before. */
export function unsafe(): ExplainView {
  const view = anExplainView();
  return {
    ...view,
    facts: { ...view.facts, policy: { ...view.facts.policy, isCrashSafe: () => false } },
  };
}
