/**
 * `ingress-ha crds apply`. Helm never upgrades CRDs, so the chart runs this in a Job. It looks before
 * it writes, writes that one object, and needs no right to list or watch.
 */

import { CRD_NAME, customResourceDefinition } from '../../api/crd.ts';
import { formatDuration } from '../../api/duration.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import { failureOf, type KubeFailure, unreachable } from '../../base/failure.ts';
import { describeRef, type KubeObject, refOf } from '../../base/kube-object.ts';
import type { Connection, Surroundings } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import { failureText } from '../failure-text.ts';
import type { CommandIo } from '../io.ts';
import { type PollResult, poll } from '../poll.ts';
import { withConnection } from '../with-connection.ts';
import { crdUpgrade, establishment } from './decide/upgrade.ts';

export interface ApplyFlags extends ConnectionFlags {
  /** How long to wait until it is served, in ms. */
  readonly timeout: number;
  readonly dryRun: 'none' | 'server';
  readonly allowDowngrade?: true;
}

export interface ApplyRequest {
  readonly flags: ApplyFlags;
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
}

interface Task extends ApplyRequest {
  readonly connection: Connection;
}

/** 0 done, 1 refused or failed. */
type ExitCode = 0 | 1;

/** How kubectl calls it. */
const RESOURCE = `customresourcedefinition.apiextensions.k8s.io/${CRD_NAME}`;
const OURS = customResourceDefinition();
const REF = refOf(OURS);
const GRANT = `Grant "get" and "patch" on ${RESOURCE}.`;
const INSTALL =
  'It is not there, and creating it needs the right to "create" too: install it once by somebody who may (ingress-ha crds print | kubectl apply --server-side -f -).';

/** Applies our CustomResourceDefinition, unless that would cost data, and waits until it is served. */
export function applyCrd(request: ApplyRequest): Promise<ExitCode> {
  return withConnection<ExitCode>(
    request,
    ({ connection }) => replaceLive({ ...request, connection }),
    { exitCode: 1, circumstances: { ifForbidden: GRANT, ifMissing: INSTALL } },
  );
}

async function replaceLive(task: Task): Promise<ExitCode> {
  const { flags, io } = task;
  let live: KubeObject | undefined;
  let missing = false;
  let applied: KubeObject;
  try {
    live = await readLive(task);
    missing = live === undefined;
    const refusal = live && refusalOf(live, task);
    if (refusal !== undefined) return failed(io, refusal);
    applied = await apply(task);
  } catch (error) {
    return failed(io, explanation(task, failureOf(error), missing ? INSTALL : GRANT));
  }
  const verb = live && isSame(live, applied) ? 'unchanged' : 'serverside-applied';
  const dry = flags.dryRun === 'server' ? ' (server dry run)' : '';
  io.stdout.write(`${RESOURCE} ${verb}${dry}\n`);
  if (flags.dryRun === 'server' || establishment(applied).kind === 'established') return 0;
  return waitUntilServed(task);
}

/** Undefined when there is none. */
async function readLive({ connection, flags, io }: Task): Promise<KubeObject | undefined> {
  const { requestTimeout: timeoutMs } = flags;
  try {
    return await connection.client.get(REF, { timeoutMs, signal: io.interrupted });
  } catch (error) {
    if (failureOf(error).kind === 'not-found') return undefined;
    throw error;
  }
}

/** The sentence why ours must not take the place of `live`; a downgrade that is wanted is only told. */
function refusalOf(live: KubeObject, { flags, io }: Task): string | undefined {
  const upgrade = crdUpgrade(live);
  switch (upgrade.kind) {
    case 'allowed':
      return undefined;
    case 'refused':
      return `Nothing was written. ${upgrade.message}.`;
    case 'downgrade':
      if (flags.allowDowngrade) {
        io.stderr.write(`Downgrade, as asked. ${upgrade.message}.\n`);
        return undefined;
      }
      return `Nothing was written. ${upgrade.message}. Use a newer ingress-ha, or --allow-downgrade if that is meant.`;
    default:
      return unreachable(upgrade);
  }
}

/** By force: its fields are ours, whoever brought them (Helm, kubectl). */
function apply({ connection, flags, io }: Task): Promise<KubeObject> {
  return connection.client.apply(OURS, {
    conflicts: 'force',
    dryRun: flags.dryRun === 'server',
    timeoutMs: flags.requestTimeout,
    signal: io.interrupted,
  });
}

/** A dry run leaves the version as it is, so the content is compared. */
function isSame(live: KubeObject, applied: KubeObject): boolean {
  return canonicalJson(live) === canonicalJson(applied);
}

async function waitUntilServed(task: Task): Promise<ExitCode> {
  const { connection, flags, io, surroundings } = task;
  let told = '';
  const options = {
    clock: surroundings.clock,
    timeoutMs: flags.timeout,
    interrupted: io.interrupted,
  };
  const ending = await poll(options, async (leftMs) => {
    const timeoutMs = Math.min(flags.requestTimeout, leftMs);
    const look = establishment(
      await connection.client.get(REF, { timeoutMs, signal: io.interrupted }),
    );
    if (look.kind === 'established') return true;
    told = look.message;
    return undefined;
  });
  return endOf(task, ending, told);
}

function endOf(task: Task, ending: PollResult<true>, told: string): ExitCode {
  const { flags, io } = task;
  const what = describeRef(REF);
  switch (ending.kind) {
    case 'answered':
      return 0;
    case 'failed':
      return failed(io, explanation(task, ending.failure));
    case 'interrupted':
      return failed(io, `Interrupted: ${what} is applied, and was not served yet.`);
    case 'timeout': {
      const why = ending.failure === undefined ? `${told}.` : explanation(task, ending.failure);
      const after = formatDuration(flags.timeout);
      return failed(io, `${what} is applied, and not served after ${after}: ${why}`);
    }
    default:
      return unreachable(ending);
  }
}

function explanation(task: Task, failure: KubeFailure, ifForbidden = GRANT): string {
  return failureText(failure, { server: task.connection.server, ifForbidden, ifMissing: INSTALL });
}

function failed(io: CommandIo, sentence: string): 1 {
  io.stderr.write(`${sentence}\n`);
  return 1;
}
