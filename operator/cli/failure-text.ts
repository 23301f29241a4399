/** A failure of the API server as one sentence for a person: what, where, and what to do. */
import { type KubeFailure, unreachable } from '../base/failure.ts';

/** What only the command knows. */
export interface Circumstances {
  /** Address of the API server; absent while no credentials are read. */
  readonly server?: string;
  /** What to grant: `Grant "get" on …`. */
  readonly ifForbidden: string;
  /** What to do about an object that is not there. */
  readonly ifMissing: string;
}

/** Always one line, without a stack. */
export function failureText(failure: KubeFailure, circumstances: Circumstances): string {
  return `${firstSentence(failure)}. ${whatToDo(failure, circumstances)}`.trimEnd();
}

/** The first line of its message, without a full stop. */
export function firstSentence({ message }: Pick<KubeFailure, 'message'>): string {
  const [line = ''] = message.trim().split('\n');
  return line.replace(/[.\s]+$/, '');
}

function whatToDo(failure: KubeFailure, circumstances: Circumstances): string {
  const server = circumstances.server ?? 'unknown';
  switch (failure.kind) {
    case 'unreachable':
    case 'timeout':
      return `The API server is ${server}: check --kubeconfig, --context and the network.`;
    case 'unauthorized':
      return 'Check --kubeconfig and --context, or log in again.';
    case 'forbidden':
      return failure.cause === 'rights' ? circumstances.ifForbidden : 'Try again later.';
    case 'not-found':
      return circumstances.ifMissing;
    case 'conflict':
    case 'expired':
    case 'throttled':
    case 'server-error':
      return `The API server is ${server}: try again later.`;
    case 'invalid':
      return 'This API server cannot take it: perhaps it is older than this program supports.';
    case 'denied':
      return 'Ask whoever runs that policy for an exception.';
    case 'aborted':
      return 'It was interrupted.';
    case 'bug':
      return 'This is a mistake in ingress-ha: please report it.';
    default:
      return unreachable(failure);
  }
}
