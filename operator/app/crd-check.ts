/**
 * Reads our own CustomResourceDefinition now and then: when it is older than this program, every
 * resource says so. Its absence is told by the watches, which find nothing to list.
 */
import { CRD_NAME } from '../api/crd.ts';
import type { Advice } from '../api/status.ts';
import { failureOf } from '../base/failure.ts';
import { CustomResourceDefinitionKind } from '../base/resource-kinds.ts';
import type { Clock } from '../base/time.ts';
import { crdAdvice } from '../decide/crd-outdated.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Log } from '../telemetry/log.ts';

/** A CRD changes with an upgrade, and then the operator usually restarts too. */
const LOOK_EVERY_MS = 600_000;

export interface CrdCheck {
  start(): void;
  stop(): void;
  /** What the last look found; nothing before the first one. */
  advice(): readonly Advice[];
}

export function watchOwnCrd(options: {
  readonly client: Pick<KubeClient, 'get'>;
  readonly clock: Clock;
  readonly log: Log;
}): CrdCheck {
  const stopping = new AbortController();
  let found: readonly Advice[] = [];

  async function look(): Promise<void> {
    const { apiVersion, kind } = CustomResourceDefinitionKind;
    const ref = { apiVersion, kind, name: CRD_NAME };
    try {
      const live = await options.client.get(ref, { signal: stopping.signal });
      found = crdAdvice(live);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== 'aborted') options.log.warn('Own CRD not read', { ...failure });
    }
  }

  async function keepLooking(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look();
      await options.clock.sleep(LOOK_EVERY_MS, stopping.signal);
    }
  }

  return {
    start: () => void keepLooking(),
    stop: () => stopping.abort(),
    advice: () => found,
  };
}
