/** Which kinds cannot be read now, seen from the answers that the watches get: a reflector itself tries again. */
import { defined } from '../../../base/defined.ts';
import { failureOf, type KubeFailure, unreachable } from '../../../base/failure.ts';
import { API_GROUP, type ResourceKind } from '../../../base/resource-kinds.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { failureText } from '../../failure-text.ts';
import type { Problem } from '../message.ts';

type Reader = Pick<KubeClient, 'list' | 'watch'>;

/** What cannot be read now. */
export interface Health {
  /** The same client; its answers and failures are what the problems follow from. */
  readonly client: Reader;
  /** Sorted by kind. */
  problems(): readonly Problem[];
}

/** Whose answers are followed. */
interface HealthOptions {
  readonly client: Reader;
  /** Address of the API server, for sentences. */
  readonly server: string;
  /** Called when the problems are others than before. */
  readonly onChange: () => void;
}

/** No problems at first. */
export function createHealth({ client, server, onChange }: HealthOptions): Health {
  const problems = new Map<string, Problem>();

  function works({ plural }: ResourceKind): void {
    if (problems.delete(plural)) onChange();
  }

  function fails(kind: ResourceKind, error: unknown): void {
    const problem = problemOf(kind, failureOf(error), server);
    if (problem === undefined || problems.get(kind.plural)?.text === problem.text) return;
    problems.set(kind.plural, problem);
    onChange();
  }

  return {
    problems: () => [...problems.values()].toSorted((a, b) => (a.what < b.what ? -1 : 1)),
    client: {
      async list(kind, namespace, options) {
        try {
          const result = await client.list(kind, namespace, options);
          works(kind);
          return result;
        } catch (error) {
          fails(kind, error);
          throw error;
        }
      },
      async *watch(kind, namespace, options) {
        let answered = false;
        const onActivity = () => {
          if (!answered) works(kind);
          answered = true;
          options.onActivity?.();
        };
        try {
          yield* client.watch(kind, namespace, { ...options, onActivity });
        } catch (error) {
          // A stream that ends is opened anew at once; only when that fails too something is wrong.
          if (!answered) fails(kind, error);
          throw error;
        }
      },
    },
  };
}

/** Undefined for what the next attempt answers by itself. */
function problemOf(kind: ResourceKind, failure: KubeFailure, server: string): Problem | undefined {
  const { kind: because } = failure;
  switch (because) {
    case 'aborted':
    case 'expired':
    case 'throttled':
      return undefined;
    case 'forbidden':
      return { what: kind.plural, kind: 'rights', text: problemText(kind, failure, server) };
    case 'unauthorized':
      return { what: kind.plural, kind: 'login', text: problemText(kind, failure, server) };
    case 'unreachable':
    case 'timeout':
    case 'not-found':
    case 'conflict':
    case 'invalid':
    case 'denied':
    case 'server-error':
    case 'bug':
      return { what: kind.plural, kind: 'lost', text: problemText(kind, failure, server) };
    default:
      return unreachable(because);
  }
}

/** What went wrong with a kind of object, and what to do, on one line. */
export function problemText(kind: ResourceKind, failure: KubeFailure, server?: string): string {
  const group = kind.apiVersion.includes('/') ? `.${kind.apiVersion.split('/')[0]}` : '';
  const circumstances = {
    server,
    ifForbidden: `Grant "list" and "watch" on ${kind.plural}${group}.`,
    ifMissing: group.endsWith(API_GROUP)
      ? 'This cluster does not know the kind: install its CRD by: ingress-ha crds apply.'
      : 'This cluster does not know the kind.',
  };
  return failureText(failure, defined(circumstances));
}
