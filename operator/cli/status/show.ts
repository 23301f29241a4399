/** `ingress-ha status` without `--wait`: one look, or with `--watch` one a second. */
import { failureOf } from '../../base/failure.ts';
import { API_GROUP, IngressControllerHAKind } from '../../base/resource-kinds.ts';
import { failureText } from '../failure-text.ts';
import type { CommandIo } from '../io.ts';
import { gapText, type InstanceLook, lookAtInstance } from '../live/look.ts';
import { lookAtAll } from '../live/look-all.ts';
import { KIND_MISSING, unknownNameText } from '../live/unknown-name.ts';
import { type InstanceView, instanceView } from '../view/decide/instance-view.ts';
import { standingLine, unseenText } from '../view/decide/standing.ts';
import { couldNotTell, type ExitCode, type StatusRequest } from './request.ts';
import { type Seen, statusText } from './text.ts';
import { watchStatus } from './watch.ts';

const { plural } = IngressControllerHAKind;

/** Prints what was asked for, and ends with what it says about Ready. */
export async function showStatus(
  name: string | undefined,
  request: StatusRequest,
): Promise<ExitCode> {
  const { flags, io } = request;
  const look = () => seen(name, request);
  let first: readonly Seen[];
  try {
    first = await look();
  } catch (error) {
    return couldNotTell(io, await explanation(name, request, error));
  }
  if (flags.watch) {
    const describe = (error: unknown) => explanation(name, request, error);
    return watchStatus(first, { ...request, name, look, describe });
  }
  const { output } = flags;
  const forPeople = output === undefined || output.kind === 'wide' || output.kind === 'name';
  if (forPeople && first.length === 0) io.stderr.write(`${noneText(request)}\n`);
  else io.stdout.write(statusText(first, { ...request, name }));
  // A tree and a report hold their own gaps.
  if (forPeople && name === undefined) tellGaps(first, io);
  return first.every(({ view }) => view.standing.kind === 'current') ? 0 : 1;
}

/** Throws a KubeError when the resources themselves cannot be read. */
async function seen(name: string | undefined, request: StatusRequest): Promise<readonly Seen[]> {
  const { connection, flags, io, namespace, surroundings } = request;
  const options = { timeoutMs: flags.requestTimeout, signal: io.interrupted };
  const looks =
    name === undefined
      ? await lookAtAll(connection.client, namespace, options)
      : [await lookAtInstance(connection.client, { namespace, name }, options)];
  const nowMs = surroundings.clock.wallClock().getTime();
  return looks.map((look) => seenIn(look, nowMs));
}

function seenIn(look: InstanceLook, nowMs: number): Seen {
  const view = instanceView(look, nowMs);
  const { metadata } = look.resource;
  const createdAtMs = Date.parse(metadata.creationTimestamp ?? '');
  return {
    view,
    ageMs: Number.isNaN(createdAtMs) ? 0 : Math.max(0, nowMs - createdAtMs),
    headline: standingLine(look.resource, standingText(view)),
    gaps: look.gaps.map((gap) => ({ what: gap.what, message: gapText(gap, look) })),
  };
}

function standingText({ standing, namespace }: InstanceView): string {
  return standing.kind === 'unseen' ? unseenText({ namespace }) : standing.text;
}

function tellGaps(all: readonly Seen[], io: CommandIo): void {
  const sentences = new Set(all.flatMap(({ gaps }) => gaps.map(({ message }) => message)));
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
