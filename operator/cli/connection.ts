/**
 * How commands reach a cluster: kubectl's flags, in one place for all of them, and the client behind
 * them. The client library is loaded only when a command connects, so that `--help` stays fast.
 */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { formatDuration, parseDurationMs } from '../api/duration.ts';
import { KubeError } from '../base/failure.ts';
import { type Clock, systemClock } from '../base/time.ts';
import type { KubeClient, PodCalls, TextPages } from '../kube/client.ts';
import { VERSION } from './version.ts';

/** The values of the flags that `addConnectionFlags` adds. */
export interface ConnectionFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Whom to impersonate. */
  readonly as?: string;
  /** Deadline of each request, in ms. */
  readonly requestTimeout: number;
}

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
export type Connect = (flags: ConnectionFlags, clock: Clock) => Promise<Connection>;

/** What a command about a cluster needs from outside. Tests bring their own. */
export interface Surroundings {
  readonly clock: Clock;
  readonly connect: Connect;
}

const HEADING = 'Connection:';
const DEFAULT_NAMESPACE = 'default';
const SHORTEST_MS = 1_000;
const LONGEST_MS = 3_600_000;

/** Adds --kubeconfig, --context, --as and --request-timeout. */
export function addConnectionFlags(command: Command): void {
  command
    .addOption(
      new Option(
        '--kubeconfig <path>',
        'Path of a kubeconfig. Default: the service account inside a cluster, else what kubectl would use.',
      ).helpGroup(HEADING),
    )
    .addOption(
      new Option(
        '--context <name>',
        'Context of the kubeconfig. Default: its current context.',
      ).helpGroup(HEADING),
    )
    .addOption(
      new Option('--as <user>', 'User to act as. Needs the right to impersonate.')
        .argParser(parsedBy(/\S/, 'a name of a user'))
        .helpGroup(HEADING),
    )
    .addOption(
      durationOption('--request-timeout <duration>', 'Deadline of each request.', 30_000).helpGroup(
        HEADING,
      ),
    );
}

/** Adds -n, --namespace. */
export function addNamespaceFlag(command: Command): void {
  command.addOption(
    new Option(
      '-n, --namespace <name>',
      `Namespace. Default: that of the context, inside a cluster that of the pod, else ${DEFAULT_NAMESPACE}.`,
    )
      .argParser(parsedBy(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'a namespace (a DNS label)'))
      .helpGroup(HEADING),
  );
}

/** Adds -A, --all-namespaces, which counts before --namespace. */
export function addAllNamespacesFlag(command: Command): void {
  command.addOption(
    new Option('-A, --all-namespaces', 'All namespaces, whatever --namespace says.').helpGroup(
      HEADING,
    ),
  );
}

/** The argument of a command about one resource: `<name>`, or `[name]` where it may be left out. */
export function nameArgument(placeholder: '<name>' | '[name]'): Argument {
  const grammar = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
  const argument = new Argument(placeholder, 'name of the IngressControllerHA');
  return argument.argParser(parsedBy(grammar, 'a name of a resource'));
}

/** A flag with a duration from 1s to 1h, in ms once it is parsed. */
export function durationOption(flags: string, help: string, defaultMs: number): Option {
  return new Option(flags, help).default(defaultMs, formatDuration(defaultMs)).argParser((text) => {
    const ms = parseDurationMs(text);
    if (ms !== undefined && ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
    throw new InvalidArgumentError('It must be a duration from 1s to 1h, such as 30s or 1m30s.');
  });
}

/** Reads a value that must match `grammar`, and says "It must be <what>" of any other. */
export function parsedBy(grammar: RegExp, what: string): (text: string) => string {
  return (typed) => {
    const text = withoutEquals(typed);
    if (grammar.test(text)) return text;
    throw new InvalidArgumentError(`It must be ${what}.`);
  };
}

/** kubectl takes `-n=prod` for `-n prod`, and so do we. */
export function withoutEquals(typed: string): string {
  return typed.startsWith('=') ? typed.slice(1) : typed;
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
  const source = loadCredentialSource({
    ...(kubeconfig && { kubeconfig }),
    ...(context && { context }),
    ...(impersonateUser && { impersonateUser }),
  });
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

/** An exec plugin may wait for a person, and knows no signal: we stop to wait for it. */
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
