/** `ingress-ha status` without `--wait`: reads once, or with `--watch` once a second. */
import { failureOf } from '../../base/failure.ts';
import { API_GROUP, IngressControllerHAKind } from '../../base/resource-kinds.ts';
import { failureText } from '../failure-text.ts';
import type { CommandIo } from '../io.ts';
import { readAllInstances } from '../live/read-all.ts';
import { readInstance } from '../live/read-instance.ts';
import { KIND_MISSING, unknownNameText } from '../live/unknown-name.ts';
import { type InstanceView, instanceView } from '../view/decide/instance-view.ts';
import { couldNotTell, type ExitCode, type StatusRequest } from './request.ts';
import { statusText } from './text.ts';
import { watchStatus } from './watch.ts';

const { plural } = IngressControllerHAKind;

/** Prints what was asked for. 0 when all of it is Ready, 1 when one is not, 2 when it could not be read. */
export async function showStatus(
  name: string | undefined,
  request: StatusRequest,
): Promise<ExitCode> {
  const { flags, io } = request;
  const read = () => readViews(name, request);
  let first: readonly InstanceView[];
  try {
    first = await read();
  } catch (error) {
    return couldNotTell(io, await explanation(name, request, error));
  }
  if (flags.watch) {
    const describe = (error: unknown) => explanation(name, request, error);
    return watchStatus(first, { ...request, name, read, describe });
  }
  const { output } = flags;
  const forPeople = output === undefined || output.kind === 'wide' || output.kind === 'name';
  if (forPeople && first.length === 0) io.stderr.write(`${noneText(request)}\n`);
  else io.stdout.write(statusText(first, { ...request, name }));
  // A tree and a report hold their own gaps.
  if (forPeople && name === undefined) printGaps(first, io);
  return first.every(({ standing }) => standing.kind === 'current') ? 0 : 1;
}

/** Throws a KubeError when the resources themselves cannot be read. */
async function readViews(
  name: string | undefined,
  request: StatusRequest,
): Promise<readonly InstanceView[]> {
  const { connection, flags, io, namespace, surroundings } = request;
  const options = { timeoutMs: flags.requestTimeout, signal: io.interrupted };
  const snapshots =
    name === undefined
      ? await readAllInstances(connection.client, namespace, options)
      : [await readInstance(connection.client, { namespace, name }, options)];
  const nowMs = surroundings.clock.wallClock().getTime();
  return snapshots.map((snapshot) => instanceView(snapshot, nowMs));
}

function printGaps(views: readonly InstanceView[], io: CommandIo): void {
  const sentences = new Set(views.flatMap(({ gaps }) => gaps.map(({ message }) => message)));
  for (const sentence of sentences) io.stderr.write(`${sentence}\n`);
}

function noneText({ namespace }: StatusRequest): string {
  const { kind } = IngressControllerHAKind;
  if (namespace === '') return `There is no ${kind} in any namespace.`;
  return `There is no ${kind} in namespace "${namespace}": -n names another one, -A means all.`;
}

async function explanation(
  name: string | undefined,
  request: StatusRequest,
  error: unknown,
): Promise<string> {
  const { connection, flags, io, namespace } = request;
  const failure = failureOf(error);
  if (failure.kind === 'not-found' && name !== undefined) {
    const options = { timeoutMs: flags.requestTimeout, signal: io.interrupted };
    return unknownNameText(connection.client, { namespace, name }, options);
  }
  if (failure.kind === 'not-found') return KIND_MISSING;
  const where = namespace === '' ? 'all namespaces' : `namespace "${namespace}"`;
  const verb = name === undefined ? 'list' : 'get';
  return failureText(failure, {
    server: connection.server,
    ifForbidden: `Grant "${verb}" on ${plural}.${API_GROUP} in ${where}${namespace === '' ? ', or name one by -n' : ''}.`,
    ifMissing: KIND_MISSING,
  });
}
