/**
 * How commands reach a cluster. The client library is loaded only when a command connects, so that `--help` stays fast.
 */
import { defined } from '../base/defined.ts';
import { KubeError } from '../base/failure.ts';
import { type Clock, systemClock } from '../base/time.ts';
import type { KubeClient, PodCalls, TextPages } from '../kube/client.ts';
import { type ConnectionFlags, DEFAULT_NAMESPACE } from './connection-flags.ts';
import { VERSION } from './version.ts';

/** A cluster that can be asked, until it is closed. */
export interface Connection {
  readonly client: KubeClient;
  /** What drills ask of pods beyond that. */
  readonly pods: PodCalls;
  /** Logs, and the version of the API server. */
  readonly pages: TextPages;
  /** Address of the API server, for messages. */
  readonly server: string;
  /** Where an object is looked for when no namespace is named. */
  readonly namespace: string;
  close(): void;
}

/** Reads credentials, which may fail with a KubeError; the first request goes out later. */
type Connect = (flags: ConnectionFlags, clock: Clock) => Promise<Connection>;

/** What a command about a cluster needs from outside. Tests bring their own. */
export interface Surroundings {
  readonly clock: Clock;
  readonly connect: Connect;
}

/** The machine's clock, and the cluster that flags and environment name. */
export function actualSurroundings(interrupted: AbortSignal): Surroundings {
  return { clock: systemClock, connect: (flags, clock) => connect(flags, clock, interrupted) };
}

async function connect(
  flags: ConnectionFlags,
  clock: Clock,
  interrupted: AbortSignal,
): Promise<Connection> {
  const { loadCredentialSource, loadIgnoredProxy } = await import('../app/config.ts');
  const { createCredentials } = await import('../kube/credentials/credentials.ts');
  const { createHttpClient } = await import('../kube/http/http-client.ts');
  const { kubeconfig, context, as: impersonateUser } = flags;
  // An empty flag is none.
  const source = loadCredentialSource(
    defined({
      kubeconfig: kubeconfig || undefined,
      context: context || undefined,
      impersonateUser: impersonateUser || undefined,
    }),
  );
  const credentials = createCredentials(source, clock);
  const { server, namespace } = await unlessInterrupted(credentials.current(), interrupted);
  const client = createHttpClient({
    ...{ credentials, clock, version: VERSION },
    ...loadIgnoredProxy(),
  });
  return {
    client,
    pods: client,
    pages: client,
    server: server.origin,
    namespace: namespace || DEFAULT_NAMESPACE,
    close: () => client.close(),
  };
}

/** An exec plugin may wait for a person and takes no signal, so it is not waited for after an interruption. */
async function unlessInterrupted<T>(reading: Promise<T>, interrupted: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const message = 'Cannot read the credentials of the API server';
  const end = () => reject(new KubeError({ kind: 'aborted', message }));
  if (interrupted.aborted) end();
  interrupted.addEventListener('abort', end);
  try {
    return await Promise.race([promise, reading]);
  } finally {
    interrupted.removeEventListener('abort', end);
  }
}
