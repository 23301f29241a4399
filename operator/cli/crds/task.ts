/** What `crds apply` was asked, and what its sentences have in common. */
import { CRD_NAME, customResourceDefinition } from '../../api/crd.ts';
import type { KubeFailure } from '../../base/failure.ts';
import { refOf } from '../../base/kube-object.ts';
import type { Connection, Surroundings } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import { failureText } from '../failure-text.ts';
import type { CommandIo } from '../io.ts';

/** The values of the flags. */
export interface ApplyFlags extends ConnectionFlags {
  /** How long to wait until it is served, in ms. */
  readonly timeout: number;
  readonly dryRun: 'none' | 'server';
  readonly allowDowngrade?: true;
}

/** The flags, and what the command may do to the world. */
export interface ApplyRequest {
  readonly flags: ApplyFlags;
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
}

/** The request with an open connection. */
export interface Task extends ApplyRequest {
  readonly connection: Connection;
}

/** 0 done, 1 refused or failed. */
export type ExitCode = 0 | 1;

/** How kubectl calls it. */
export const RESOURCE = `customresourcedefinition.apiextensions.k8s.io/${CRD_NAME}`;
/** The definition of this version. */
export const OURS = customResourceDefinition();
/** Where it is in a cluster. */
export const REF = refOf(OURS);
/** For failures by a missing right. */
export const GRANT = `Grant "get" and "patch" on ${RESOURCE}.`;
/** For a cluster that does not have it, if it may not be created. */
export const INSTALL =
  'It is not there, and creating it needs the right to "create" too: install it once by somebody who may (ingress-ha crds print | kubectl apply --server-side -f -).';

/** A failure of the API server as one line. */
export function failureSentence(task: Task, failure: KubeFailure, ifForbidden = GRANT): string {
  return failureText(failure, { server: task.connection.server, ifForbidden, ifMissing: INSTALL });
}

/** One line on stderr, and the exit code. */
export function failed(io: CommandIo, sentence: string): 1 {
  io.stderr.write(`${sentence}\n`);
  return 1;
}
