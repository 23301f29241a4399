/**
 * A resource and all that belongs to it as a person wants to see it: one plain value that the tree in the terminal, the
 * table, the JSON report, the page and the checks before a drill are made from.
 */
import type { HaStatus } from '../../../api/status.ts';
import type {
  ConditionStatus,
  ElectionStatus,
  FailoverRecord,
} from '../../../api/types.generated.ts';
import { defined } from '../../../base/defined.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { count, record, text } from '../../../base/read.ts';
import { isOfOurDeployment, podOfHolder } from '../../../decide/observed/holder.ts';
import { type Lease, readLease } from '../../../decide/observed/lease.ts';
import { readPod } from '../../../decide/observed/pod.ts';
import { budgetFacts, deploymentFacts } from '../../../decide/observed/workload.ts';
import { gapText, type InstanceSnapshot } from './instance-snapshot.ts';
import { type LeaseView, leaseView } from './lease-view.ts';
import { type PodView, podView } from './pod-view.ts';
import { sinceMsOf } from './since.ts';
import { type Standing, standingOf } from './standing.ts';

/** Durations are whole ms; ages are against the calendar of this machine, so they can be off by its error. */
export interface InstanceView {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  /** Since the resource was created. */
  readonly ageMs: number;
  readonly standing: Standing;
  readonly paused: boolean;
  readonly replicas: { readonly wanted: number; readonly ready: number };
  /** Of the controller that really runs. */
  readonly version?: string;
  readonly deployment?: {
    readonly name: string;
    readonly ready: number;
    readonly updated: number;
    readonly replicas: number;
  };
  /** Sorted by name. */
  readonly pods: readonly PodView[];
  /** By the Lease itself; undefined while nobody holds it. */
  readonly leader?: LeaderView;
  readonly lease?: LeaseView;
  readonly budget?: { readonly name: string; readonly disruptionsAllowed: number };
  /** What the resource asks for, as text; a field that its schema should have filled in may be missing. */
  readonly asked?: AskedFor;
  /** As the operator has calculated it. */
  readonly election?: ElectionStatus;
  /** Newest first, at most 10. */
  readonly failovers: readonly FailoverRecord[];
  /** In the order in which the operator writes them. */
  readonly conditions: readonly ConditionStatus[];
  /** Kinds that could not be read, so that objects of them may exist: the plural, and one sentence. */
  readonly gaps: readonly { readonly what: string; readonly message: string }[];
}

/** Whoever holds the Lease. */
interface LeaderView {
  readonly identity: string;
  /** Missing: the holder is no pod of this resource. */
  readonly podName?: string;
  readonly nodeName?: string;
  /** Since it took the Lease. */
  readonly sinceMs?: number;
}

/** The settings that a failover depends on, as the resource writes them. */
interface AskedFor {
  readonly electionMode?: string;
  readonly leaseName?: string;
  readonly leaseDuration?: string;
  readonly renewDeadline?: string;
  readonly retryPeriod?: string;
  readonly failoverMode?: string;
}

/** `nowMs`: the calendar, in ms since 1970. */
export function instanceView(snapshot: InstanceSnapshot, nowMs: number): InstanceView {
  const { resource, deployment, budget } = snapshot;
  const { name, namespace = '', uid = '', generation = 0, creationTimestamp } = resource.metadata;
  const spec = record(resource.spec);
  const status = record(resource.status) as Partial<HaStatus>;
  const lease = snapshot.lease && readLease(snapshot.lease);
  const leader = lease && leaderView(snapshot, lease, nowMs);
  return defined({
    name,
    namespace,
    uid,
    generation,
    ageMs: sinceMsOf(creationTimestamp, nowMs) ?? 0,
    standing: standingOf(resource),
    paused: spec.paused === true,
    replicas: { wanted: count(spec.replicas), ready: count(status.readyReplicas) },
    pods: snapshot.pods.map((pod) => podView(pod, leader?.podName, nowMs)),
    asked: askedFor(spec),
    failovers: status.failovers ?? [],
    conditions: status.conditions ?? [],
    version: text(record(status.controller).version),
    deployment: deployment && deploymentView(deployment),
    leader,
    lease: lease && leaseView(lease, nowMs),
    budget: budget && budgetView(budget),
    election: status.election,
    gaps: snapshot.gaps.map((gap) => ({ what: gap.what, message: gapText(gap, snapshot) })),
  });
}

function askedFor(spec: Readonly<Record<string, unknown>>): AskedFor {
  const { mode, ...election } = record(spec.leaderElection);
  return defined({
    electionMode: text(mode),
    leaseName: text(election.leaseName),
    leaseDuration: text(election.leaseDuration),
    renewDeadline: text(election.renewDeadline),
    retryPeriod: text(election.retryPeriod),
    failoverMode: text(record(spec.failover).mode),
  });
}

function deploymentView(deployment: KubeObject): NonNullable<InstanceView['deployment']> {
  const { ready, updated, replicas } = deploymentFacts(deployment);
  return { name: deployment.metadata.name, ready, updated, replicas };
}

function budgetView(budget: KubeObject): NonNullable<InstanceView['budget']> {
  return { name: budget.metadata.name, disruptionsAllowed: budgetFacts(budget).disruptionsAllowed };
}

function leaderView(
  { resource, pods }: InstanceSnapshot,
  { holder, acquireTime }: Lease,
  nowMs: number,
): LeaderView | undefined {
  if (holder === '') return undefined;
  const ours = pods.filter((pod) => isOfOurDeployment(pod, resource.metadata)).map(readPod);
  const pod = podOfHolder(holder, ours);
  return defined({
    identity: holder,
    podName: pod?.name,
    nodeName: pod?.nodeName,
    sinceMs: sinceMsOf(acquireTime, nowMs),
  });
}
