/** `ingress-ha report` from the connection to the file. */

import { defined } from '../../base/defined.ts';
import { toTime } from '../../base/time.ts';
import type { Connection, Surroundings } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import type { CommandIo } from '../io.ts';
import { findOperator, type OperatorLease } from '../live/operator-lease.ts';
import { resourceFailureText } from '../live/resource-failure.ts';
import type { OperatorFlags } from '../operator-flags.ts';
import { steeredOnlyByUs } from '../terminal-text.ts';
import { VERSION } from '../version.ts';
import { withConnection } from '../with-connection.ts';
import { collect } from './collect.ts';
import type { Collected } from './collection.ts';
import { reportText } from './text.ts';
import { systemErrorText, writePrivately } from './write-privately.ts';

/** The values of the flags. */
export interface ReportFlags extends ConnectionFlags, OperatorFlags {
  readonly namespace?: string;
  readonly allNamespaces?: true;
  /** A path, or "-" for standard output. Absent: a new file in the working directory. */
  readonly output?: string;
  /** In ms. */
  readonly since?: number;
}

/** What `report` was asked. */
interface ReportRequest {
  readonly name?: string;
  readonly flags: ReportFlags;
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
}

/** 0 written, 1 written with gaps, 2 nothing. */
type ExitCode = 0 | 1 | 2;

/** Writes the report to a file, or prints it; what goes wrong is one line on stderr. */
export function report(request: ReportRequest): Promise<ExitCode> {
  const { name, flags, io } = request;
  const options = { timeoutMs: flags.requestTimeout, signal: io.interrupted };
  return withConnection<ExitCode>(
    request,
    async ({ connection, namespace }) => {
      const { client } = connection;
      const operator = await findOperator(client, flags, { ...options, beside: namespace });
      const scope = { namespace, operator };
      return write(request, await collectFrom(request, connection, scope), scope);
    },
    {
      exitCode: 2,
      sentence(error, connected) {
        if (io.interrupted.aborted) return 'Interrupted: nothing was written.';
        const asked = flags.allNamespaces ? '' : (flags.namespace ?? '');
        const { connection, namespace = asked } = connected ?? {};
        return resourceFailureText(error, defined({ namespace, name, options, connection }));
      },
    },
  );
}

/** What the report is about. */
interface Scope {
  /** '' for all. */
  readonly namespace: string;
  readonly operator: OperatorLease;
}

function collectFrom(
  { name, flags, io, surroundings }: ReportRequest,
  { client, pages }: Connection,
  { namespace, operator }: Scope,
): Promise<Collected> {
  const options = {
    client,
    pages,
    namespace,
    call: { timeoutMs: flags.requestTimeout, signal: io.interrupted },
    operator: { namespace: operator.namespace, lease: operator.name },
    nowMs: surroundings.clock.wallClock().getTime(),
    name,
    sinceMs: flags.since,
  };
  return collect(defined(options));
}

async function write(
  request: ReportRequest,
  collected: Collected,
  { namespace, operator }: Scope,
): Promise<ExitCode> {
  const { name, flags, io, surroundings } = request;
  const time = toTime(surroundings.clock.wallClock());
  const scope = [namespace || 'all namespaces', ...(name === undefined ? [] : [name])].join('/');
  const head = { version: VERSION, node: process.version, time, scope };
  // A file may be printed on a terminal later.
  const text = steeredOnlyByUs(
    reportText(collected, { ...head, operatorNamespace: operator.namespace }),
  );
  const { gaps } = collected;
  for (const gap of gaps) io.stderr.write(`Gap: ${gap}.\n`);
  if (flags.output === '-') io.stdout.write(text);
  else {
    const path = flags.output ?? `ingress-ha-report-${time.replaceAll(/[-:]/g, '')}.txt`;
    try {
      await writePrivately(path, text);
    } catch (error) {
      const why = `Cannot write the report to "${path}": ${systemErrorText(error)}`;
      return notWritten(request, `${why}. Name another file by --output.`);
    }
    io.stdout.write(`${path} (${Math.ceil(Buffer.byteLength(text) / 1024)} KiB)\n`);
    io.stderr.write('Look through it before you send it to anybody.\n');
  }
  return gaps.length === 0 ? 0 : 1;
}

function notWritten({ io }: ReportRequest, sentence: string): 2 {
  io.stderr.write(`${sentence}\n`);
  return 2;
}
