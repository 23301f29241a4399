/**
 * Whether a leader was dead when its Lease was freed. The oracle knows the process of each holder from
 * the moment it leads, and looks at that very process when it sees an empty holder in its place.
 */
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { LeaseKind, PodKind } from '../../../operator/base/resource-kinds.ts';
import { NAME_LABEL } from '../../../operator/desired/naming.ts';
import { at } from '../../e2e/support/an-object.ts';
import { eventually } from '../../e2e/support/eventually.ts';
import { type ProcessRef, processLives } from '../../testbed/record.ts';
import { containerProcess, monotonicNs } from '../support/container-process.ts';
import type { Journals } from '../support/journals.ts';
import type { Observer, Sight } from '../support/observer.ts';

/** The process that a candidate is. */
export interface HolderProcess {
  readonly pod: string;
  readonly containerId: string;
  readonly process: ProcessRef;
  /** When its kubelet had reported it, in CLOCK_MONOTONIC ns: it can be bound at the next renewal. */
  readonly reportedAtNs: number;
}

/** A Lease that became free although nobody had taken it. */
export interface Clear {
  readonly resource: string;
  readonly holder: string;
  /** What was known of the holder's process at that instant; `unknown` counts as unsafe. */
  readonly process: 'dead' | 'alive' | 'unknown';
}

/** A holder's pod is known before it leads; its container's id comes with the kubelet's next report. */
const FIND_WITHIN_MS = 20_000;

export class Oracle {
  readonly #observer: Observer;
  readonly #journals: Journals;
  readonly #holders = new Map<string, string>();
  readonly #processes = new Map<string, HolderProcess>();
  readonly #releasing = new Set<string>();
  readonly #clears: Clear[] = [];

  constructor(observer: Observer, journals: Journals) {
    this.#observer = observer;
    this.#journals = journals;
    observer.listen((sight) => this.#see(sight));
  }

  /** So far, oldest first. */
  get clears(): readonly Clear[] {
    return this.#clears;
  }

  /** Leaves out a resource whose leaders give their Lease up themselves, and so while they live. */
  leaveOut(resource: string): void {
    this.#releasing.add(resource);
  }

  /** The process of a holder, once it has been found. */
  processOf(holder: string): HolderProcess | undefined {
    return this.#processes.get(holder);
  }

  #see({ kind, object }: Sight): void {
    if (object.kind !== LeaseKind.kind || kind === 'delete') return;
    const resource = object.metadata.labels?.[NAME_LABEL] ?? '';
    const before = this.#holders.get(resource) ?? '';
    const holder = String(at(object, 'spec.holderIdentity') ?? '');
    this.#holders.set(resource, holder);
    if (holder === before) return;
    if (holder === '') this.#judge(resource, before);
    else void this.#find(resource, holder);
  }

  #judge(resource: string, holder: string): void {
    if (this.#releasing.has(resource)) return;
    this.#clears.push({ resource, holder, process: this.#stateOf(holder) });
  }

  #stateOf(holder: string): Clear['process'] {
    const found = this.#processes.get(holder);
    if (found === undefined) return 'unknown';
    return processLives(found.process) ? 'alive' : 'dead';
  }

  /** Looks until the kubelet has reported the container; a holder that is never found stays unknown. */
  async #find(resource: string, holder: string): Promise<void> {
    const isStill = () => this.#holders.get(resource) === holder;
    const found = await eventually(
      `the process of ${holder} is found`,
      () => (isStill() ? this.#look(resource, holder) : 'no longer'),
      { within: FIND_WITHIN_MS },
    ).catch(() => undefined);
    if (found !== undefined && found !== 'no longer') this.#processes.set(holder, found);
  }

  #look(resource: string, holder: string): HolderProcess | undefined {
    const journal = this.#journals.by(holder);
    const pod = this.#pods(resource).find(({ metadata }) => metadata.uid === journal?.podUid);
    const manager = at(pod, 'status.containerStatuses[manager]');
    // The very run of the container that wrote the journal, not one before or after it in its pod.
    if (pod === undefined || at(manager, 'restartCount') !== journal?.restarts) return undefined;
    const containerId = String(at(manager, 'containerID') ?? '').replace(/^.*:\/\//, '');
    const process = containerId === '' ? undefined : containerProcess(containerId);
    return process && { pod: pod.metadata.name, containerId, process, reportedAtNs: monotonicNs() };
  }

  #pods(resource: string): readonly KubeObject[] {
    const namespace = this.#journals.namespace;
    const children = this.#observer.children({ namespace, name: resource });
    return children.filter(({ kind }) => kind === PodKind.kind);
  }
}
