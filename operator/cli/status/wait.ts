/**
 * `ingress-ha status NAME --wait`: reads that one resource by GET until it is Ready, and nothing else,
 * so that a Job needs no further right.
 */
import { formatDuration } from '../../api/duration.ts';
import { type KubeFailure, unreachable } from '../../base/failure.ts';
import { describeRef, type KubeObject, type ObjectRef } from '../../base/kube-object.ts';
import { API_GROUP, IngressControllerHAKind } from '../../base/resource-kinds.ts';
import { failureText } from '../failure-text.ts';
import { type PollResult, poll } from '../poll.ts';
import { type Standing, standingLine, standingOf, unseenText } from '../view/decide/standing.ts';
import { couldNotTell, type ExitCode, type StatusRequest } from './request.ts';

/** One resource in one cluster. */
interface Subject extends StatusRequest {
  readonly ref: ObjectRef & { readonly namespace: string };
}

/** An operator that has just started leads and looks within this time, in ms. */
const UNSEEN_FOR_LONG_MS = 10_000;

/** Ends when it is Ready, when only a person can help, or when time is up. */
export async function waitForReady(name: string, request: StatusRequest): Promise<ExitCode> {
  const { apiVersion, kind } = IngressControllerHAKind;
  const { flags, io, surroundings, namespace } = request;
  const subject: Subject = { ...request, ref: { apiVersion, kind, name, namespace } };
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
    print(standingLine(subject.ref, unseenForLong ? unseenText(subject.ref) : standing.text));
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

function endOf(subject: Subject, ending: PollResult<0 | 1>): ExitCode {
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

function read({ connection, ref, io }: Subject, timeoutMs: number): Promise<KubeObject> {
  return connection.client.get(ref, { timeoutMs, signal: io.interrupted });
}

function explanation({ connection, ref }: Subject, failure: KubeFailure): string {
  return failureText(failure, {
    server: connection.server,
    ifForbidden: `Grant "get" on ${IngressControllerHAKind.plural}.${API_GROUP} in namespace "${ref.namespace}".`,
    ifMissing:
      'Check its name and -n; where the kind itself is unknown, install its CRD by: ingress-ha crds apply.',
  });
}
