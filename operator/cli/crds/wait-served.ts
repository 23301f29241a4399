/** After `crds apply`: waits until the API server serves the definition. */
import { formatDuration } from '../../api/duration.ts';
import { unreachable } from '../../base/failure.ts';
import { describeRef } from '../../base/kube-object.ts';
import { type PollResult, poll } from '../poll.ts';
import { establishment } from './decide/upgrade.ts';
import { type ExitCode, failed, failureSentence, REF, type Task } from './task.ts';

/** Reads it once a second, for as long as --timeout says. 0 once it is served, else 1 and a sentence on stderr. */
export async function waitUntilServed(task: Task): Promise<ExitCode> {
  const { connection, flags, io, surroundings } = task;
  let pending = '';
  const options = {
    clock: surroundings.clock,
    timeoutMs: flags.timeout,
    interrupted: io.interrupted,
  };
  const result = await poll(options, async (leftMs) => {
    const timeoutMs = Math.min(flags.requestTimeout, leftMs);
    const state = establishment(
      await connection.client.get(REF, { timeoutMs, signal: io.interrupted }),
    );
    if (state.kind === 'established') return true;
    pending = state.message;
    return undefined;
  });
  return endOf(task, result, pending);
}

function endOf(task: Task, result: PollResult<true>, pending: string): ExitCode {
  const { flags, io } = task;
  const what = describeRef(REF);
  switch (result.kind) {
    case 'answered':
      return 0;
    case 'failed':
      return failed(io, failureSentence(task, result.failure));
    case 'interrupted':
      return failed(io, `Interrupted: ${what} is applied, and was not served yet.`);
    case 'timeout': {
      const why =
        result.failure === undefined ? `${pending}.` : failureSentence(task, result.failure);
      const after = formatDuration(flags.timeout);
      return failed(io, `${what} is applied, and not served after ${after}: ${why}`);
    }
    default:
      return unreachable(result);
  }
}
