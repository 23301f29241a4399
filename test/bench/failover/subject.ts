/** One resource whose leader is struck again and again: how it is made, and when it is ready for it. */
import type { PassThrough } from '../../../operator/api/ha.ts';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { DeploymentKind, LeaseKind, PodKind } from '../../../operator/base/resource-kinds.ts';
import { mergeMaps } from '../../../operator/desired/merge.ts';
import { ADC_CONTAINER, MANAGER_CONTAINER } from '../../../operator/desired/pod/containers.ts';
import type { Address } from '../../e2e/support/admin.ts';
import { at, conditionText, uniqueName } from '../../e2e/support/an-object.ts';
import { eventually } from '../../e2e/support/eventually.ts';
import { termsOf } from '../../support/history.ts';
import { monotonicNs } from '../support/container-process.ts';
import type { Journals } from '../support/journals.ts';
import { resourceOf, type Scene } from '../support/scene.ts';
import type { HolderProcess, Oracle } from './oracle.ts';
import type { Row, Timings } from './rows.ts';

export interface FailoverScene extends Scene {
  readonly journals: Journals;
  readonly oracle: Oracle;
}

export interface Subject {
  readonly row: Row;
  readonly address: Address & { readonly namespace: string };
}

/** Who leads, with nothing else going on. */
export interface Leader extends HolderProcess {
  readonly identity: string;
  /** Of the Lease so far. */
  readonly transitions: number;
}

/** An expiry (39 s at 30/20/2), a restart that the kubelet puts off (24 s), and pods that get Ready. */
const SETTLES_WITHIN_MS = 150_000;
/** The candidate needs a third of it. */
const MEMORY_LIMIT = '64Mi';

/**
 * A pod is Ready after 2 s instead of 10: a controller's probes tell nothing of its leadership, so
 * this shortens the pauses between trials and nothing that is measured.
 */
const PROMPT_PROBES = {
  spec: {
    containers: [MANAGER_CONTAINER, ADC_CONTAINER].map((name) => ({
      name,
      readinessProbe: { initialDelaySeconds: 1, periodSeconds: 2 },
    })),
  },
};

/** Creates a resource for trials of a row. */
export async function createSubject(scene: FailoverScene, row: Row): Promise<Subject> {
  const address = { namespace: scene.installation.served, name: uniqueName(row.way) };
  if (row.way === 'release') scene.oracle.leaveOut(address.name);
  await scene.context.admin.create(resourceOf(address, scene.context, specOf(row)));
  return { row, address };
}

function specOf({ blow, way, replicas, timings }: Row): PassThrough {
  const base = {
    replicas,
    leaderElection: electionOf(timings),
    failover: { mode: way === 'assisted' ? 'Assisted' : 'Disabled' },
    rollout: { minReadySeconds: 0 }, // as with the probes
    podTemplatePatch: PROMPT_PROBES,
  };
  const released = { configOverrides: { candidate: { release_on_cancel: true } } };
  const limited = { manager: { resources: { limits: { memory: MEMORY_LIMIT } } } };
  const controller = mergeMaps(
    way === 'release' ? released : {},
    blow === 'exhaust' ? limited : {},
  );
  return mergeMaps(base, { controller });
}

function electionOf({ leaseDurationMs, renewDeadlineMs, retryPeriodMs }: Timings): PassThrough {
  return {
    leaseDuration: `${leaseDurationMs / 1000}s`,
    renewDeadline: `${renewDeadlineMs / 1000}s`,
    retryPeriod: `${retryPeriodMs / 1000}s`,
  };
}

/**
 * Waits until all replicas are Ready, none is on its way out, somebody has led for two retry periods
 * and, where the operator assists, is bound to its container.
 */
export function settled(
  scene: FailoverScene,
  subject: Subject,
  wanted: { readonly replicas?: number; readonly notLedBy?: string } = {},
): Promise<Leader> {
  const { replicas = subject.row.replicas, notLedBy } = wanted;
  const { name } = subject.address;
  return eventually(
    `${name} has settled`,
    () => {
      const parts = partsOf(scene, subject);
      demand(rolledOut(parts.deployment, replicas), 'its Deployment is not rolled out');
      demand(allReady(parts.pods, replicas), 'not exactly its replicas are there and Ready');
      const holder = String(at(parts.lease, 'spec.holderIdentity') ?? '');
      demand(holder !== notLedBy, `${notLedBy} still holds the Lease`);
      demand(isBound(subject, parts.resource), 'the operator does not watch its leader');
      demandTerm(scene, subject, holder);
      const found = scene.oracle.processOf(holder);
      if (found === undefined) throw new Error(`the process of ${holder} is not found`);
      const reportedMs = (monotonicNs() - found.reportedAtNs) / 1e6;
      demand(
        reportedMs >= 1.5 * subject.row.timings.retryPeriodMs,
        'its holder may not be bound yet',
      );
      const transitions = Number(at(parts.lease, 'spec.leaseTransitions') ?? 0);
      return { ...found, identity: holder, transitions };
    },
    { within: SETTLES_WITHIN_MS },
  );
}

interface Parts {
  readonly resource: KubeObject | undefined;
  readonly deployment: KubeObject | undefined;
  readonly lease: KubeObject | undefined;
  readonly pods: readonly KubeObject[];
}

function partsOf({ observer }: FailoverScene, { address }: Subject): Parts {
  const children = observer.children(address);
  return {
    resource: observer.resource(address),
    deployment: children.find(({ kind }) => kind === DeploymentKind.kind),
    lease: children.find(({ kind }) => kind === LeaseKind.kind),
    pods: children.filter(({ kind }) => kind === PodKind.kind),
  };
}

function rolledOut(deployment: KubeObject | undefined, replicas: number): boolean {
  return (
    at(deployment, 'status.observedGeneration') === deployment?.metadata.generation &&
    at(deployment, 'status.replicas') === replicas &&
    at(deployment, 'status.updatedReplicas') === replicas
  );
}

function allReady(pods: readonly KubeObject[], replicas: number): boolean {
  const ready = pods.filter(({ metadata, status }) => {
    const conditions = at({ status }, 'status.conditions') as readonly PassThrough[] | undefined;
    const isReady = conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
    return metadata.deletionTimestamp === undefined && isReady === true;
  });
  return pods.length === replicas && ready.length === replicas;
}

/** Its own journal says that it leads, and has for two retry periods. */
function demandTerm({ journals }: FailoverScene, { row }: Subject, holder: string): void {
  const journal = journals.by(holder);
  const [term] = termsOf(journal === undefined ? [] : [journal]);
  if (term?.toNs !== Infinity) throw new Error(`"${holder}" does not lead`);
  const ledMs = (monotonicNs() - term.fromNs) / 1e6;
  demand(ledMs >= 2 * row.timings.retryPeriodMs, `${holder} has led for ${ledMs} ms`);
}

function isBound({ row }: Subject, resource: KubeObject | undefined): boolean {
  if (row.way !== 'assisted' || resource === undefined) return row.way !== 'assisted';
  return conditionText(resource, 'FailoverAssistReady') === 'FailoverAssistReady=True/Watching';
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
