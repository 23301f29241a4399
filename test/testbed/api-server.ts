// The least of a Kubernetes client: enough to wait for a cluster that has just been born.
import { request } from 'node:https';
import { waitFor } from './run.ts';

export interface ApiServer {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
}

/** Gets a path; gives the body of a 200, and undefined for any other answer or none. */
export function get(server: ApiServer, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = {
      ca: server.ca,
      headers: { authorization: `Bearer ${server.token}` },
      agent: false,
      timeout: 2000,
    } as const;
    const call = request(`${server.url}${path}`, options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => resolve(response.statusCode === 200 ? body : undefined));
      response.on('error', () => resolve(undefined));
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(undefined));
    call.end();
  });
}

/** Waits until the API server calls itself ready. */
export async function waitForApiServer(server: ApiServer, timeoutMs: number): Promise<void> {
  await waitFor(`the API server at ${server.url}`, timeoutMs, () => get(server, '/readyz'));
}

/** Waits until the node is Ready and takes pods, and a pod's ServiceAccount exists. */
export async function waitForNode(
  server: ApiServer,
  name: string,
  timeoutMs: number,
): Promise<void> {
  await waitFor(`node ${name} to be Ready`, timeoutMs, async () => {
    const body = await get(server, `/api/v1/nodes/${name}`);
    const node = body === undefined ? undefined : JSON.parse(body);
    const conditions: readonly { type: string; status: string }[] = node?.status?.conditions ?? [];
    const ready = conditions.some((each) => each.type === 'Ready' && each.status === 'True');
    return (ready && !node.spec.taints) || undefined;
  });
  const account = '/api/v1/namespaces/default/serviceaccounts/default';
  await waitFor('the default ServiceAccount', timeoutMs, () => get(server, account));
}
