/**
 * `ingress-ha status`: how far one resource has come, for people, scripts and Jobs. Reads that one
 * resource by GET and writes nothing; lines about it go to stdout, everything else to stderr.
 */
import type { Command } from 'commander';
import { formatDuration } from '../api/duration.ts';
import { failureOf, type KubeFailure, unreachable } from '../base/failure.ts';
import { describeRef, type KubeObject, type ObjectRef } from '../base/kube-object.ts';
import { API_GROUP, IngressControllerHAKind } from '../base/resource-kinds.ts';
import { type Standing, standingLine, standingOf, unseenText } from '../decide/standing.ts';
import {
  addConnectionFlags,
  addNamespaceFlag,
  type Connection,
  type ConnectionFlags,
  durationOption,
  parsedBy,
  type Surroundings,
} from './connection.ts';
import { failureText } from './failure-text.ts';
import type { CommandIo } from './io.ts';
import { type Polled, poll } from './poll.ts';

interface StatusFlags extends ConnectionFlags {
  readonly namespace?: string;
  readonly wait?: true;
  readonly timeout: number;
}

/** 0 Ready, 1 not, 2 could not tell. */
type ExitCode = 0 | 1 | 2;

/** An operator that has just started leads and looks within this time, in ms. */
const UNSEEN_FOR_LONG_MS = 10_000;

const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

const EXIT_CODES = `
Exit codes: 0 it is Ready, 1 it is not (with --wait: not in time, or only a
person can help), 2 wrong usage, or it could not be told: no cluster, no such
resource, no right to get it.`;

/** Adds `status`. */
export function registerStatus(program: Command, io: CommandIo, surroundings: Surroundings): void {
  const status = program
    .command('status')
    .description('Print whether a resource is Ready, and why not. Needs the right to get it.')
    .argument('<name>', 'name of the IngressControllerHA', parsedBy(NAME, 'a name of a resource'))
    .option('--wait', 'wait until it is Ready, and print each change')
    .addOption(durationOption('--timeout <duration>', 'How long --wait waits.', 120_000))
    .addHelpText('after', EXIT_CODES);
  addNamespaceFlag(status);
  addConnectionFlags(status);
  status.action(async (name: string, flags: StatusFlags) => {
    if (flags.wait === undefined && status.getOptionValueSource('timeout') === 'cli') {
      status.error('error: --timeout is how long --wait waits: give --wait too');
    }
    io.finish(await tellStatus({ name, flags, io, surroundings }));
  });
}

interface Request {
  readonly name: string;
  readonly flags: StatusFlags;
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
}

/** One resource in one cluster. */
interface Subject extends Request {
  readonly connection: Connection;
  readonly ref: ObjectRef & { readonly namespace: string };
}

async function tellStatus(request: Request): Promise<ExitCode> {
  const { name, flags, io, surroundings } = request;
  let connection: Connection;
  try {
    connection = await surroundings.connect(flags, surroundings.clock);
  } catch (error) {
    const namespace = flags.namespace ?? '';
    return couldNotTell(io, failureText(failureOf(error), circumstances({ namespace })));
  }
  const { apiVersion, kind } = IngressControllerHAKind;
  const namespace = flags.namespace ?? connection.namespace;
  const subject = { ...request, connection, ref: { apiVersion, kind, name, namespace } };
  try {
    return flags.wait ? await waitForReady(subject) : await lookOnce(subject);
  } finally {
    connection.close();
  }
}

async function lookOnce(subject: Subject): Promise<ExitCode> {
  const { flags, io } = subject;
  let resource: KubeObject;
  try {
    resource = await read(subject, flags.requestTimeout);
  } catch (error) {
    return couldNotTell(io, explanation(subject, failureOf(error)));
  }
  const standing = standingOf(resource);
  const text = standing.kind === 'unseen' ? unseenText(subject.ref) : standing.text;
  io.stdout.write(`${standingLine(resource, text)}\n`);
  return standing.kind === 'current' ? 0 : 1;
}

async function waitForReady(subject: Subject): Promise<ExitCode> {
  const { flags, io, surroundings } = subject;
  const { clock } = surroundings;
  const startedAtMs = clock.nowMs();
  let printed: string | undefined;

  function print(line: string): void {
    if (line !== printed) io.stdout.write(`${line}\n`);
    printed = line;
  }

  const { timeout: timeoutMs } = flags;
  const ending = await poll({ clock, timeoutMs, interrupted: io.interrupted }, async (leftMs) => {
    const resource = await read(subject, Math.min(flags.requestTimeout, leftMs));
    const standing = standingOf(resource);
    const unseenForLong =
      standing.kind === 'unseen' && clock.nowMs() - startedAtMs >= UNSEEN_FOR_LONG_MS;
    print(standingLine(resource, unseenForLong ? unseenText(subject.ref) : standing.text));
    return exitCodeOf(standing);
  });
  return endOf(subject, ending);
}

/** Undefined while waiting may help. */
function exitCodeOf({ kind }: Standing): 0 | 1 | undefined {
  switch (kind) {
    case 'current':
      return 0;
    case 'failed':
    case 'terminating':
      return 1;
    case 'in-progress':
    case 'unseen':
      return undefined;
    default:
      return unreachable(kind);
  }
}

function endOf(subject: Subject, ending: Polled<0 | 1>): ExitCode {
  const { flags, io } = subject;
  const what = describeRef(subject.ref);
  switch (ending.kind) {
    case 'answered':
      return ending.value;
    case 'failed':
      return couldNotTell(io, explanation(subject, ending.failure));
    case 'interrupted':
      return couldNotTell(io, `Interrupted while waiting for ${what}.`);
    case 'timeout': {
      const after = `after ${formatDuration(flags.timeout)}`;
      if (ending.failure !== undefined) {
        const why = explanation(subject, ending.failure);
        return couldNotTell(io, `Cannot tell ${after} whether ${what} is Ready: ${why}`);
      }
      io.stderr.write(`${what} is not Ready ${after}: see the last line.\n`);
      return 1;
    }
    default:
      return unreachable(ending);
  }
}

function couldNotTell(io: CommandIo, sentence: string): 2 {
  io.stderr.write(`${sentence}\n`);
  return 2;
}

function read({ connection, ref, io }: Subject, timeoutMs: number): Promise<KubeObject> {
  return connection.client.get(ref, { timeoutMs, signal: io.interrupted });
}

function explanation({ connection, ref }: Subject, failure: KubeFailure): string {
  return failureText(failure, circumstances({ ...ref, server: connection.server }));
}

function circumstances(of: { readonly namespace: string; readonly server?: string }) {
  const { plural } = IngressControllerHAKind;
  return {
    ...(of.server !== undefined && { server: of.server }),
    ifForbidden: `Grant "get" on ${plural}.${API_GROUP} in namespace "${of.namespace}".`,
    ifMissing:
      'Check its name and -n; where the kind itself is unknown, install its CRD by: ingress-ha crds apply.',
  };
}
