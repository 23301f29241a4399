/** `ingress-ha explain` from the connection to the exit code. Reads only. */

import { parseResource } from '../../api/parse.ts';
import type { HaStatus } from '../../api/status.ts';
import { defined } from '../../base/defined.ts';
import { unreachable } from '../../base/failure.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { record } from '../../base/read.ts';
import type { Surroundings } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import type { CommandIo } from '../io.ts';
import { NO_TERMINAL } from '../io.ts';
import { findOperator, readOperatorState } from '../live/operator-lease.ts';
import { readInstance } from '../live/read-instance.ts';
import { resourceFailureText } from '../live/resource-failure.ts';
import type { OperatorFlags } from '../operator-flags.ts';
import type { InstanceSnapshot } from '../view/decide/instance-snapshot.ts';
import { instanceView } from '../view/decide/instance-view.ts';
import { type Connected, withConnection } from '../with-connection.ts';
import type { Conclusion } from './decide/conclusion.ts';
import type { ExplainView } from './decide/explain-view.ts';
import { explainFailover, explainInvalid } from './decide/explanation.ts';
import { factsFrom } from './facts.ts';
import { explanationJson, explanationText } from './output.ts';

/** The values of the flags. */
export interface ExplainFlags extends ConnectionFlags, OperatorFlags {
  readonly namespace?: string;
  readonly output: 'text' | 'json';
}

/** What `explain` was asked. */
interface ExplainRequest {
  readonly name: string;
  readonly flags: ExplainFlags;
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
}

/** 0 it would be freed, 1 it would not, 2 it could not be told. */
type ExitCode = 0 | 1 | 2;

type ExplainContext = ExplainRequest & Connected;

/** Prints the explanation, or on stderr why there is none. */
export function explain(request: ExplainRequest): Promise<ExitCode> {
  const { name, flags, io } = request;
  return withConnection<ExitCode>(
    request,
    (connected) => printExplanation({ ...request, ...connected }),
    {
      exitCode: 2,
      sentence(error, connected) {
        if (io.interrupted.aborted) return 'Interrupted.';
        const options = { timeoutMs: flags.requestTimeout, signal: io.interrupted };
        const { connection, namespace = flags.namespace ?? '' } = connected ?? {};
        return resourceFailureText(error, defined({ namespace, name, options, connection }));
      },
    },
  );
}

async function printExplanation({
  name,
  namespace,
  flags,
  io,
  ...context
}: ExplainContext): Promise<ExitCode> {
  const { connection, surroundings } = context;
  const options = { timeoutMs: flags.requestTimeout, signal: io.interrupted };
  const nowMs = surroundings.clock.wallClock().getTime();
  const { client } = connection;
  const ownLease = findOperator(client, flags, { ...options, beside: namespace });
  const [snapshot, operator] = await Promise.all([
    readInstance(client, { namespace, name }, options),
    ownLease.then((lease) => readOperatorState(client, lease, { ...options, nowMs })),
  ]);
  const parsed = parseResource(snapshot.resource);
  const address = { namespace, name };
  const explanation =
    parsed.kind === 'invalid'
      ? explainInvalid(parsed.problems)
      : explainFailover({
          ha: parsed.ha,
          operator,
          nowMs,
          status: statusOf(snapshot.resource),
          ...renewalOf(snapshot, nowMs),
          ...(await factsFrom(snapshot, { ha: parsed.ha, client, options })),
        });
  io.stdout.write(
    flags.output === 'json'
      ? explanationJson(explanation, address)
      : explanationText(explanation, io.terminal ?? NO_TERMINAL),
  );
  return exitCodeOf(explanation.conclusion);
}

/** By the calendar of this machine. */
function renewalOf(snapshot: InstanceSnapshot, nowMs: number): Pick<ExplainView, 'renewal'> {
  const { ageMs, durationMs } = instanceView(snapshot, nowMs).lease ?? {};
  return ageMs === undefined || durationMs === undefined ? {} : { renewal: { ageMs, durationMs } };
}

function statusOf({ status }: KubeObject): Partial<HaStatus> {
  return record(status) as Partial<HaStatus>;
}

function exitCodeOf({ kind }: Conclusion): ExitCode {
  switch (kind) {
    case 'freed':
      return 0;
    case 'left-to-expire':
    case 'nobody-leads':
      return 1;
    case 'unclear':
      return 2;
    default:
      return unreachable(kind);
  }
}
