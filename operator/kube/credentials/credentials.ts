/**
 * Who we are to which API server: what was read, kept for a minute, read by one caller at a time, and read anew after a
 * 401. Reading is in credential-source.ts, what a request needs of it in access.ts.
 */
import type { Clock } from '../../base/time.ts';
import { type Access, toAccess } from './access.ts';
import { unreadable } from './credential-problems.ts';
import {
  type CredentialSource,
  type LoadedCredentials,
  loadCredentials,
} from './credential-source.ts';

/** Credentials for one API server. */
export interface Credentials {
  /** What holds now, at most 60 s old. Throws a KubeError of kind `unauthorized`. */
  current(): Promise<Access>;
  /** What holds after `refused` earned a 401: read anew, unless another call has done so already. */
  renewed(refused: Access): Promise<Access>;
}

/** How long read credentials are used: as client-go v0.37 re-reads token files (transport/token_source.go). */
const REFRESH_AFTER_MS = 60_000;

/** Credentials from `source`, read at the first call and then when they are old or refused. */
export function createCredentials(source: CredentialSource, clock: Clock): Credentials {
  let loaded: LoadedCredentials | undefined;
  let access: Access | undefined;
  let readAtMs = 0;
  let reading: Promise<Access> | undefined;

  async function read(): Promise<Access> {
    // A service account is cheap to load; a kubeconfig is kept, because its exec plugin caches.
    if (loaded === undefined || source.kind === 'in-cluster') loaded = loadCredentials(source);
    return toAccess(loaded);
  }

  function readOnce(): Promise<Access> {
    reading ??= read()
      .then((fresh) => {
        access = fresh;
        readAtMs = clock.nowMs();
        return fresh;
      })
      .catch((error: unknown) => {
        throw unreadable(source, error);
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  return {
    async current() {
      if (access === undefined) return readOnce();
      if (clock.nowMs() - readAtMs < REFRESH_AFTER_MS) return access;
      // A file caught in the middle of its rotation must not stop us: the old ones may still hold.
      const old = access;
      return readOnce().catch(() => {
        readAtMs = clock.nowMs();
        return old;
      });
    },
    async renewed(refused) {
      if (access !== undefined && access !== refused) return access;
      if (reading === undefined) loaded = undefined;
      return readOnce();
    },
  };
}
