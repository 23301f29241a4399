/**
 * An operator of a test's own: namespaces that only it serves, its own account with exactly the
 * rights that `ingress-ha render operator` prints, and one process of the bundle at a time.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { operatorRights } from '../../../operator/desired/rights.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import { uniqueName } from './an-object.ts';
import { eventually } from './eventually.ts';
import { type LogLine, OperatorProcess, type ProcessEnd } from './operator-process.ts';

export interface OperatorOptions {
  /** Namespaces to serve, which must exist. */
  readonly namespaces: readonly string[];
  /** Its own namespace, with its Lease and its account; must exist. */
  readonly operatorNamespace: string;
  /** Further flags of `ingress-ha run`; they win over the harness's. */
  readonly flags?: readonly string[];
}

/** A new installation waits 1.5 retry periods for a leader that may live, so this one is short. */
const FLAGS = [
  ...['--metrics-address', '127.0.0.1:0', '--probe-address', '127.0.0.1:0'],
  ...['--allowed-image-repository', 'localhost/candidate,localhost/candidate-adc'],
  ...['--retry-period', '1s'],
];

export class TestOperator {
  /** The first of the namespaces it serves: enough for most tests. */
  readonly namespace: string;
  readonly operatorNamespace: string;
  /** How the audit log calls it. */
  readonly user: string;
  readonly #args: readonly string[];
  readonly #entry: string;
  readonly #logFile: string;
  #process: OperatorProcess;

  private constructor(setup: Setup) {
    this.namespace = setup.namespaces[0] ?? '';
    this.operatorNamespace = setup.operatorNamespace;
    this.user = `system:serviceaccount:${setup.operatorNamespace}:${setup.account}`;
    this.#args = setup.args;
    this.#entry = setup.entry;
    this.#logFile = setup.logFile;
    this.#process = new OperatorProcess(setup.entry, setup.args, setup.logFile);
  }

  /** Installs rights, starts a process, and waits until it leads and its caches are filled. */
  static async start(testbed: Testbed, options: OperatorOptions): Promise<TestOperator> {
    const setup = await install(testbed, options);
    const operator = new TestOperator(setup);
    await operator.ready();
    return operator;
  }

  /** A second process with the same rights and Lease, which follows until the first one goes. */
  async startStandby(): Promise<TestOperator> {
    const standby = new TestOperator({
      namespaces: [this.namespace],
      operatorNamespace: this.operatorNamespace,
      account: this.user.split(':').at(-1) ?? '',
      args: this.#args,
      entry: this.#entry,
      logFile: `${this.#logFile}.standby`,
    });
    await standby.logged('Following the leader');
    await standby.synced();
    return standby;
  }

  /** Lines of the present process; with `msg` only those of that message. */
  log(msg?: string): readonly LogLine[] {
    return this.#process.log(msg);
  }

  logged(msg: string, within?: number): Promise<LogLine> {
    return this.#process.logged(msg, within);
  }

  page(server: 'metrics' | 'probes', path: string) {
    return this.#process.page(server, path);
  }

  get pid(): number {
    return this.#process.pid;
  }

  get runs(): boolean {
    return this.#process.runs;
  }

  /** SIGTERM; it must end by itself, with code 0. How long that takes, test/app/operator.test.ts holds by its own clock. */
  async stop(): Promise<ProcessEnd> {
    const end = await this.#process.end('SIGTERM');
    assert.deepEqual({ code: end.code, signal: end.signal }, { code: 0, signal: null });
    return end;
  }

  /** SIGKILL: it releases nothing. */
  kill(): Promise<ProcessEnd> {
    return this.#process.end('SIGKILL');
  }

  /** A new process in place of one that has ended; waits until it leads. */
  async startAgain(): Promise<void> {
    assert.ok(!this.runs, 'stop or kill the operator before you start it again');
    this.#process = new OperatorProcess(this.#entry, this.#args, this.#logFile);
    await this.ready();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.startAgain();
  }

  /** Waits until it leads and /readyz says that all lists are there. */
  async ready(within?: number): Promise<void> {
    await this.logged('Leadership acquired', within);
    await this.synced();
  }

  private async synced(): Promise<void> {
    await eventually('the operator is ready', async () => {
      const { status, body } = await this.page('probes', '/readyz');
      return status === 200 || Promise.reject(new Error(body));
    });
  }
}

interface Setup {
  readonly namespaces: readonly string[];
  readonly operatorNamespace: string;
  readonly account: string;
  readonly args: readonly string[];
  readonly entry: string;
  readonly logFile: string;
}

async function install(testbed: Testbed, options: OperatorOptions): Promise<Setup> {
  const { namespaces, operatorNamespace, flags = [] } = options;
  const account = operatorNamespace; // also names cluster-scoped roles, so it must be unique
  const rights = operatorRights({
    operatorNamespace,
    servedNamespaces: namespaces,
    serviceAccountName: account,
  });
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: rights });
  await testbed.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], list);
  const kubeconfig = await testbed.kubeconfigFor(operatorNamespace, account);
  const logs = join(testbed.folder, 'logs', 'operators');
  await mkdir(logs, { recursive: true });
  return {
    namespaces,
    operatorNamespace,
    account,
    entry: bundle(),
    logFile: join(logs, `${uniqueName(operatorNamespace)}.log`),
    args: [
      ...['run', '--kubeconfig', kubeconfig, '--namespaces', namespaces.join(',')],
      ...['--operator-namespace', operatorNamespace, ...FLAGS, ...flags],
    ],
  };
}

/** E2E_BUNDLE as `npm test` sets it, else what `npm run bundle` has built. */
export function bundle(): string {
  const entry = resolve(process.env.E2E_BUNDLE || 'dist', 'ingress-ha.js');
  if (existsSync(entry)) return entry;
  throw new Error(`There is no ${entry}: run npm run bundle first, or all tests by npm test.`);
}
