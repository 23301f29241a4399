/**
 * `ingress-ha status NAME --wait`: reads that one resource by GET until it is Ready, and nothing else,
 * so that a Job needs no further right.
 */
import { formatDuration } from '../../api/duration.ts';
import { type KubeFailure, unreachable } from '../../base/failure.ts';
import {
  describeRef,
  type KubeObject,
  type ObjectKey,
  type ObjectRef,
} from '../../base/kube-object.ts';
import { API_GROUP, IngressControllerHAKind, refTo } from '../../base/resource-kinds.ts';
import { failureText } from '../failure-text.ts';
import { type PollResult, poll } from '../poll.ts';
import { type Standing, standingLine, standingOf, unseenText } from '../view/decide/standing.ts';
import { couldNotTell, type ExitCode, type StatusRequest } from './request.ts';

/** The request, and the resource that it is about. */
interface WaitRequest extends StatusRequest {
  readonly key: ObjectKey;
  readonly ref: ObjectRef;
}

/** An operator that has just started leads and has written a status within this time, in ms. */
const UNSEEN_FOR_LONG_MS = 10_000;

/** Ends when it is Ready (0), when only a person can help or time is up (1), or when it cannot be told (2). */
export async function waitForReady(name: string, request: StatusRequest): Promise<ExitCode> {
  const { flags, io, surroundings, namespace } = request;
  const key = { namespace, name };
  const waiting: WaitRequest = { ...request, key, ref: refTo(IngressControllerHAKind, key) };
  const { clock } = surroundings;
  const startedAtMs = clock.nowMs();
  let printed: string | undefined;

  function print(line: string): void {
    if (line !== printed) io.stdout.write(`${line}\n`);
    printed = line;
  }

  const { timeout: timeoutMs } = flags;
  const result = await poll({ clock, timeoutMs, interrupted: io.interrupted }, async (leftMs) => {
    const resource = await read(waiting, Math.min(flags.requestTimeout, leftMs));
    const standing = standingOf(resource);
    const unseenForLong =
      standing.kind === 'unseen' && clock.nowMs() - startedAtMs >= UNSEEN_FOR_LONG_MS;
    print(standingLine(key, unseenForLong ? unseenText(key) : standing.text));
    return exitCodeOf(standing);
  });
  return endOf(waiting, result);
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

function endOf(waiting: WaitRequest, result: PollResult<0 | 1>): ExitCode {
  const { flags, io } = waiting;
  const what = describeRef(waiting.ref);
  switch (result.kind) {
    case 'answered':
      return result.value;
    case 'failed':
      return couldNotTell(io, explanation(waiting, result.failure));
    case 'interrupted':
      return couldNotTell(io, `Interrupted while waiting for ${what}.`);
    case 'timeout': {
      const after = `after ${formatDuration(flags.timeout)}`;
      if (result.failure !== undefined) {
        const why = explanation(waiting, result.failure);
        return couldNotTell(io, `Cannot tell ${after} whether ${what} is Ready: ${why}`);
      }
      io.stderr.write(`${what} is not Ready ${after}: see the last line.\n`);
      return 1;
    }
    default:
      return unreachable(result);
  }
}

function read({ connection, ref, io }: WaitRequest, timeoutMs: number): Promise<KubeObject> {
  return connection.client.get(ref, { timeoutMs, signal: io.interrupted });
}

function explanation({ connection, key }: WaitRequest, failure: KubeFailure): string {
  return failureText(failure, {
    server: connection.server,
    ifForbidden: `Grant "get" on ${IngressControllerHAKind.plural}.${API_GROUP} in namespace "${key.namespace}".`,
    ifMissing:
      'Check its name and -n; where the kind itself is unknown, install its CRD by: ingress-ha crds apply.',
  });
}
