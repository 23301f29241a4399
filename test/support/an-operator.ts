/**
 * The operator as a whole against a fake API server, in this process. Its clock goes on only while a test waits
 * for something, so that what it takes is its own doing and not the machine's.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as realTime } from 'node:timers/promises';
import { CRD_NAME, customResourceDefinition } from '../../operator/api/crd.ts';
import type { Config } from '../../operator/app/config.ts';
import type { OperatorEnd } from '../../operator/app/lead.ts';
import { runOperator } from '../../operator/app/operator.ts';
import type { ListenAddress } from '../../operator/app/server.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { API_VERSION, CHILD_KINDS, RESOURCE_KIND } from '../../operator/base/resource-kinds.ts';
import { DEFAULT_POLICY } from '../../operator/desired/installer.ts';
import { createLog, type LogFields } from '../../operator/telemetry/log.ts';
import { at } from '../e2e/support/an-object.ts';
import { type FakeApiServer, startFakeApiServer } from './fake-api-server.ts';
import { ANSWER_HANG_MS } from './hang-limits.ts';
import { createManualClock } from './manual-clock.ts';

export const HOME = 'ingress-ha-system';
export const OWN_LEASE = `/apis/coordination.k8s.io/v1/namespaces/${HOME}/leases/operator`;
const EDGE = `/apis/${API_VERSION}/namespaces/prod/ingresscontrollerhas/edge`;
export const DEPLOYMENT = '/apis/apps/v1/namespaces/prod/deployments/edge-icha';
const CRD = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${CRD_NAME}`;
/** One for resources, one for each kind of child, one for pods. */
export const WATCHES = CHILD_KINDS.length + 2;
export const SETTINGS = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };
export const ANY_PORT: ListenAddress = { kind: 'listen', host: '127.0.0.1', port: 0 };
/** How far time goes on while one answer is on its way: no deadline passes only for that. */
const STEP_MS = 20;

type Line = LogFields & { readonly msg: string };

/** The operator's own Lease. */
export function aLease(holderIdentity: string): KubeObject {
  const renewTime = '2026-01-01T00:00:00.000000Z';
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'operator', namespace: HOME },
    spec: { holderIdentity, leaseDurationSeconds: 15, renewTime, leaseTransitions: 0 },
  };
}

function aResource(): KubeObject {
  const metadata = { name: 'edge', namespace: 'prod' };
  return { apiVersion: API_VERSION, kind: RESOURCE_KIND, metadata, spec: { replicas: 0 } };
}

/** A file in a folder of its own, which is not there yet. */
function kubeconfigFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'operator-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'kubeconfig');
}

function kubeconfigFor({ url }: FakeApiServer): string {
  return JSON.stringify({
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    clusters: [{ name: 'a', cluster: { server: url } }],
    users: [{ name: 'a', user: {} }],
  });
}

function configWith(file: string, changes: Partial<Config>): Config {
  return {
    namespaces: ['prod'],
    operatorNamespace: HOME,
    credentials: { kind: 'kubeconfig', files: [file] },
    policy: { ...DEFAULT_POLICY, ownLease: { namespace: HOME, name: 'operator' } },
    workers: 2,
    maxConcurrentRollouts: 1,
    metricsAddress: ANY_PORT,
    probeAddress: ANY_PORT,
    election: { kind: 'elect', leaseName: 'operator', settings: SETTINGS },
    logLevel: 'info',
    ...changes,
  };
}

/** What is not said here is as in `configWith`. */
interface OperatorOnTest extends Partial<Config> {
  /** Who holds its Lease. Default: there is none. */
  readonly lease?: string;
  /** When the file with its credentials is there. Default: at once. */
  readonly access?: 'at-once' | 'when-told';
}

/** An operator that has been started; it ends with the test, if it has not before. */
export async function anOperator(
  t: TestContext,
  { lease, access = 'at-once', ...changes }: OperatorOnTest = {},
) {
  const api = await startFakeApiServer();
  const file = kubeconfigFile(t);
  const tellAccess = () => writeFileSync(file, kubeconfigFor(api));
  if (access === 'at-once') tellAccess();
  api.put(CRD, customResourceDefinition());
  api.put(EDGE, aResource());
  if (lease !== undefined) api.put(OWN_LEASE, aLease(lease));
  const clock = createManualClock();
  const lines: Line[] = [];
  const stop = new AbortController();
  let end: OperatorEnd | Error | undefined;
  const ended = runOperator(
    {
      config: configWith(file, changes),
      clock,
      random: () => 0.5,
      log: createLog({ clock, write: (line) => lines.push(JSON.parse(line)) }),
      version: '1.2.3',
    },
    stop.signal,
  ).then(
    (how) => (end = how),
    (error: Error) => (end = error),
  );
  const logged = (msg: string) => lines.find((line) => line.msg === msg);
  /** Time goes on, in small steps, until this is so; fails only when it never comes. */
  async function until(fact: () => boolean, what: string): Promise<void> {
    const giveUpAtMs = performance.now() + ANSWER_HANG_MS;
    while (!fact()) {
      if (performance.now() > giveUpAtMs) throw new Error(`Waited in vain for ${what}`);
      await clock.advance(STEP_MS);
      await realTime(1); // for what is on its way between the two
    }
  }
  t.after(async () => {
    stop.abort();
    await until(() => end !== undefined, 'the end');
    await api.close();
  });
  const writes = () => api.calls.filter((call) => !call.startsWith('GET') && !call.includes(HOME));
  return {
    api,
    clock,
    /** Writes the file with its credentials. */
    tellAccess,
    lines,
    logged,
    until,
    writes,
    /** Whether an apply of this object has been sent. */
    applies: (path: string) => writes().includes(`PATCH ${path}`),
    leads: () => until(() => logged('Leadership acquired') !== undefined, 'leadership'),
    works: () => until(() => at(api.object(EDGE), 'status.conditions') !== undefined, 'a status'),
    watches: () => api.calls.filter((call) => call.endsWith('?watch')),
    async page(server: 'probes' | 'metrics', path: string) {
      await until(() => logged('Started') !== undefined, 'the start');
      const response = await fetch(`http://${logged('Started')?.[server]}${path}`);
      return { status: response.status, body: await response.text() };
    },
    /** Asks it to stop, and tells how it ended and how long that took by its own clock. */
    async stopped(meanwhile: () => Promise<void> = async () => {}) {
      const askedAtMs = clock.nowMs();
      stop.abort();
      await meanwhile();
      await until(() => end !== undefined, 'the end');
      return { end, tookMs: clock.nowMs() - askedAtMs };
    },
    async ended() {
      await until(() => end !== undefined, 'the end');
      await ended;
      return end;
    },
    end: () => end,
  };
}
