/**
 * The operator as a whole: started in order (servers, watches, election, workers), stopped in
 * reverse. Standbys run everything up to the queue, so a takeover costs no relist.
 */
import { assemble, type OperatorOptions, type Parts } from './assemble.ts';
import type { Config } from './config.ts';
import { lead, type OperatorEnd } from './lead.ts';
import {
  type CheckResult,
  metricsPages,
  probePages,
  type RunningServer,
  startServer,
} from './server.ts';

/**
 * Runs until `stop` aborts or leadership is lost. Rejects only when it cannot start: a port in use. Credentials
 * that cannot be read, and an API server that does not answer, are tried again: both may come later.
 */
export async function runOperator(
  options: OperatorOptions,
  stop: AbortSignal,
): Promise<OperatorEnd> {
  const parts = assemble(options);
  const servers = await startServers(parts, options.config);
  parts.log.info('Started', {
    version: options.version,
    namespaces: options.config.namespaces,
    metrics: servers.metrics.address,
    probes: servers.probes.address,
  });
  try {
    parts.served.start(parts.namespaces);
    parts.crd.start();
    return await lead(parts, options, stop);
  } finally {
    await shutDown(parts, servers);
    parts.log.info('Stopped');
  }
}

async function startServers({ instruments, served }: Parts, config: Config) {
  // One namespace that is gone must not make the operator unready for the others.
  const synced = (): CheckResult =>
    served.isAnySynced()
      ? { kind: 'passed' }
      : { kind: 'failed', because: `no first list yet of ${served.waiting().join(', ')}` };
  const probes = await startServer({
    name: 'probe',
    address: config.probeAddress,
    pages: probePages({ healthz: {}, readyz: { watches: synced } }),
  });
  try {
    const metrics = await startServer({
      name: 'metrics',
      address: config.metricsAddress,
      pages: metricsPages(instruments.text),
    });
    return { probes, metrics };
  } catch (error) {
    await probes.close(); // whoever cannot start leaves no port open
    throw error;
  }
}

async function shutDown(
  { queue, served, caches, crd, recorder, client, electionClient, failoverClient }: Parts,
  servers: { readonly probes: RunningServer; readonly metrics: RunningServer },
): Promise<void> {
  queue.stop();
  crd.stop();
  await Promise.all([recorder.stop(), served.stop()]);
  caches.stop();
  client.close();
  electionClient.close();
  failoverClient.close();
  await Promise.all([servers.probes.close(), servers.metrics.close()]);
}
