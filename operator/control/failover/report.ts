/** How the failover loop is reported: one log line, event and count for each transition. */
import type { FailoverRecord } from '../../api/types.generated.ts';
import { failureOf } from '../../base/failure.ts';
import { type KubeObject, keyText, type ObjectKey } from '../../base/kube-object.ts';
import { REFUSALS } from '../../decide/failover/refusals.ts';
import type { DeathEvidence, RefuseReason } from '../../decide/failover/types.ts';
import { nameOfHolder } from '../../decide/observed/holder-name.ts';
import type { Transition } from '../../decide/status/transitions.ts';
import type { Log } from '../../telemetry/log.ts';
import type { FailoverSnapshot } from './snapshot.ts';

/** Is called with what failover does: the source of the `ingressha_…` metrics about it. */
export interface FailoverObserver {
  leaderChanged(record: FailoverRecord, of: ObjectKey): void;
  /** A Lease was freed, `tookMs` after the event that led to it. */
  freed(tookMs: number, of: ObjectKey): void;
  /** A dead or doubtful holder is left to expire. */
  refused(reason: RefuseReason | 'permission-denied', of: ObjectKey): void;
  /** A bug of this program was caught. */
  bug(of: ObjectKey): void;
}

/** Where it is reported to. */
export interface FailoverReportOptions {
  readonly announce: (about: KubeObject, transition: Transition) => void;
  readonly observer: FailoverObserver;
  readonly log: Log;
}

/** The settings ask for these: they are not reported. */
const WANTED: ReadonlySet<RefuseReason> = new Set(['disabled', 'observe-only']);

/**
 * Reports what it is called with; the caller calls it only for what is new, and only in an operator that
 * leads.
 */
export class FailoverReport {
  readonly #options: FailoverReportOptions;

  constructor(options: FailoverReportOptions) {
    this.#options = options;
  }

  freed({ ha, resource }: FailoverSnapshot, evidence: DeathEvidence, tookMs: number): void {
    const { announce, observer, log } = this.#options;
    const { podName, path, reason, exitCode } = evidence;
    observer.freed(tookMs, ha);
    log.info('Lease freed', { resource: keyText(ha), podName, path, reason, exitCode, tookMs });
    const message = `Freed Lease "${ha.election.leaseName}": the kubelet reported the end of the leader in pod "${podName}" (${reason || 'no reason'}, exit code ${exitCode})`;
    announce(resource, { type: 'Normal', reason: 'LeaseFreed', message });
  }

  leaderChanged({ ha, resource }: FailoverSnapshot, record: FailoverRecord): void {
    const { announce, observer, log } = this.#options;
    observer.leaderChanged(record, ha);
    log.info('Failover seen', { resource: keyText(ha), ...record });
    const from = nameOfHolder(record.fromIdentity);
    const { cause, assist, leaderlessMilliseconds: ms } = record;
    const gap = ms === undefined ? 'for an unknown time' : `for at most ${ms} ms`;
    const message = `"${nameOfHolder(record.toIdentity)}" leads after "${from}" (${cause}), nobody led ${gap}; assist: ${assist}`;
    announce(resource, { type: 'Normal', reason: 'Failover', message });
  }

  refused({ ha, resource }: FailoverSnapshot, holder: string, because: RefuseReason): void {
    if (WANTED.has(because)) return;
    const { announce, observer, log } = this.#options;
    observer.refused(because, ha);
    log.warn('Failover not assisted', { resource: keyText(ha), holder, because });
    const message = `The Lease of "${nameOfHolder(holder)}" is left to expire: ${REFUSALS[because]}`;
    announce(resource, { type: 'Warning', reason: 'FailoverNotAssisted', message });
  }

  missingRight(namespace: string, right: string | undefined): void {
    const { log } = this.#options;
    if (right === undefined) log.info('Rights for failover are complete again', { namespace });
    else log.warn('A right for failover is missing', { namespace, right });
  }

  /** A bug of this program: the Lease is left to expire, and the resource is considered again. */
  bug(key: ObjectKey, error: unknown): void {
    const { message } = failureOf(error);
    this.#options.observer.bug(key);
    this.#options.log.error('Failover loop failed', { resource: keyText(key), failure: message });
  }

  /** Once per resource and kind of failure, until an attempt gets through. */
  failed({ ha }: FailoverSnapshot, what: string, trouble: Trouble): void {
    const { observer, log } = this.#options;
    if (trouble.missingRight !== undefined) observer.refused('permission-denied', ha);
    const { kind, message } = trouble.failure;
    log.warn('Failover attempt failed', {
      resource: keyText(ha),
      what,
      failure: kind,
      message,
    });
  }
}

/** Why a request failed; `missingRight`: the right that we lack according to the API server. */
export interface Trouble {
  readonly failure: { readonly kind: string; readonly message: string };
  readonly missingRight?: string;
}
