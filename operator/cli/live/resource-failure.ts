/** Why a resource, or all of a namespace, could not be read: one sentence, and what to do. */
import { defined } from '../../base/defined.ts';
import { failureOf } from '../../base/failure.ts';
import { API_GROUP, IngressControllerHAKind } from '../../base/resource-kinds.ts';
import type { CallOptions } from '../../kube/client.ts';
import type { Connection } from '../connection.ts';
import { failureText } from '../failure-text.ts';
import { unknownNameText } from './unknown-name.ts';

/** What was read when it failed. */
interface FailedRead {
  /** '' for all. */
  readonly namespace: string;
  readonly name?: string;
  /** Absent: no connection came about. */
  readonly connection?: Connection;
  readonly options: CallOptions;
}

/** One line on what went wrong and what to do; about a name that is not there, with names that are near. */
export function resourceFailureText(error: unknown, read: FailedRead): Promise<string> | string {
  const { namespace, name, connection, options } = read;
  const failure = failureOf(error);
  if (failure.kind === 'not-found' && name !== undefined && connection !== undefined) {
    return unknownNameText(connection.client, { namespace, name }, options);
  }
  const where = namespace === '' ? 'all namespaces' : `namespace "${namespace}"`;
  const verb = name === undefined ? 'list' : 'get';
  const circumstances = {
    server: connection?.server,
    ifForbidden: `Grant "${verb}" on ${IngressControllerHAKind.plural}.${API_GROUP} in ${where}.`,
    ifMissing: 'The kind is unknown there: install its CRD by: ingress-ha crds apply.',
  };
  return failureText(failure, defined(circumstances));
}
