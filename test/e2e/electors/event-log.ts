/** All that the hosts of a test have told so far, and waiting for what they will tell. */
import { eventually } from '../support/eventually.ts';
import type { ElectorEvent } from './history.ts';
import type { HostLine, Seat } from './protocol.ts';

export class EventLog {
  readonly #events = new Map<string, ElectorEvent[]>();
  #failure: Error | undefined;

  add(event: ElectorEvent): void {
    const ofLease = this.#events.get(event.lease);
    if (ofLease === undefined) this.#events.set(event.lease, [event]);
    else ofLease.push(event);
  }

  /** Ends every wait: a host has ended by itself. */
  fail(failure: Error): void {
    this.#failure ??= failure;
  }

  /** Of the Leases named, in the order in which they were told; of all, if none is. */
  events(...leases: readonly string[]): readonly ElectorEvent[] {
    const wanted = leases.length > 0 ? leases : [...this.#events.keys()];
    return wanted.flatMap((lease) => this.#events.get(lease) ?? []);
  }

  /** The beginning of the Lease's `nth` leadership, from 0. */
  leader(lease: string, nth: number): Promise<ElectorEvent> {
    return this.#wait(`leader ${nth} of ${lease}`, () => this.#all(lease, 'leading')[nth]);
  }

  /** The `count`-th event of that kind, from 1, that the elector has told of after `afterMs`. */
  told(
    { elector, lease }: Seat,
    kind: HostLine['kind'],
    { count = 1, afterMs = 0 }: Which = {},
  ): Promise<ElectorEvent> {
    return this.#wait(`${elector} tells "${kind}" ${count} times`, () =>
      this.#all(lease, kind)
        .filter((event) => event.elector === elector && event.atMs > afterMs)
        .at(count - 1),
    );
  }

  /** The `count`-th write after `afterMs`, whoever leads the Lease. */
  written(lease: string, { count = 1, afterMs = 0 }: Which = {}): Promise<ElectorEvent> {
    return this.#wait(`${count} writes for ${lease}`, () =>
      this.#all(lease, 'write')
        .filter(({ atMs }) => atMs > afterMs)
        .at(count - 1),
    );
  }

  #all(lease: string, kind: HostLine['kind']): readonly ElectorEvent[] {
    return this.events(lease).filter((event) => event.kind === kind);
  }

  async #wait<T>(what: string, look: () => T | undefined): Promise<T> {
    const answer = await eventually<T | Error>(what, () => this.#failure ?? look());
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

interface Which {
  readonly count?: number;
  readonly afterMs?: number;
}
