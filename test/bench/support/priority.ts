/**
 * In a cluster the control plane and the operator run on other machines than the pods whose start is
 * measured beside them. Here all share a few cores, so the control plane and the operator go first.
 */
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { Testbed } from '../../testbed/testbed.ts';

/** As `nice` counts: pods have 0. */
const FIRST = -10;
const CONTROL_PLANE = /started (?:etcd|kube-apiserver) \((\d+)\)/g;

/** Until they end. The API server is the one that runs now. */
export async function goFirst(testbed: Testbed, operatorPid: number): Promise<void> {
  const log = readFileSync(join(testbed.folder, 'logs', 'testbed.log'), 'utf8');
  const apiServer = readFileSync(join(testbed.folder, 'run', 'apiserver.pid'), 'utf8').trim();
  const started = [...log.matchAll(CONTROL_PLANE)].map(([, pid = '']) => pid);
  await testbed.inside(['renice', '-n', String(FIRST), '-p', ...new Set([...started, apiServer])]);
  setPriority(operatorPid, FIRST);
}
