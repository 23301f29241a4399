/** A scripted server and our client on it, both gone when the test ends. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import type { Clock } from '../../operator/base/time.ts';
import type { Access } from '../../operator/kube/credentials/access.ts';
import type { Credentials } from '../../operator/kube/credentials/credentials.ts';
import { createHttpClient, type HttpKubeClient } from '../../operator/kube/http/http-client.ts';
import type { ObservedRequest } from '../../operator/kube/http/request.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts';

export interface HttpFixture {
  readonly server: ScriptedServer;
  readonly client: HttpKubeClient;
  readonly clock: ManualClock;
  readonly observed: readonly ObservedRequest[];
}

/** Time stands still unless the test moves `clock`. */
export async function httpFixture(t: TestContext): Promise<HttpFixture> {
  const server = await startScriptedServer();
  const clock = createManualClock();
  const observed: ObservedRequest[] = [];
  const client = clientOf({
    credentials: fixedCredentials(server.url),
    clock,
    onRequest: (request) => void observed.push(request),
  });
  t.after(async () => {
    client.close();
    await server.close();
  });
  return { server, client, clock, observed };
}

/** A client with the version that the tests expect. */
export function clientOf(options: {
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly onRequest?: (request: ObservedRequest) => void;
}): HttpKubeClient {
  return createHttpClient({ version: '1.2.3', ...options });
}

/** Always the same access; `renewals` replace it one after the other. */
export function fixedCredentials(
  url: string,
  renewals: readonly Partial<Access>[] = [],
): Credentials {
  let access: Access = {
    server: new URL(url),
    headers: { authorization: 'Bearer first' },
    tls: {},
    poolKey: url,
    namespace: undefined,
  };
  const left = [...renewals];
  return {
    current: async () => access,
    async renewed() {
      access = { ...access, ...left.shift() };
      return access;
    },
  };
}

/** The failure with which a call must end. */
export async function failureFrom(call: Promise<unknown>): Promise<KubeFailure> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof KubeError, `not a KubeError: ${String(error)}`);
    return error.failure;
  }
  throw new assert.AssertionError({ message: 'The call did not fail' });
}
