/** Every combination of values as a real API server takes it: strict, and with all that hangs on it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { COMBINATIONS } from '../chart/support/combinations.ts';
import { objectsOf, render } from '../chart/support/helm.ts';
import { foreignDefinitions } from '../testbed/foreign-crds.ts';
import { NamespaceKind } from './support/admin.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const e2e = await startHarness();
/** Those that the combinations name. */
const namespaces = ['edge-system', 'edge-one', 'edge-two'];
const definitions = await foreignDefinitions(() => {});

for (const name of namespaces) {
  await e2e.admin.create(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    NamespaceKind,
  );
}
await e2e.kubectl('apply', '--server-side', '-f', definitions);
after(async () => {
  await e2e.kubectl('delete', '-f', definitions);
  for (const name of namespaces) await e2e.admin.remove(NamespaceKind, { name });
});
await eventually('the kinds of other projects are served', async () => {
  const served = await e2e.kubectl('api-resources', '--no-headers', '-o', 'name');
  return ['podmonitors', 'prometheusrules', 'gatewayclasses'].every((kind) =>
    served.includes(kind),
  );
});

for (const [name, file] of Object.entries(COMBINATIONS)) {
  test(`the API server takes ${name}`, async () => {
    const text = await render(['--values', file]);
    // A pod is refused while its account is not there, in a dry run too.
    const accounts = objectsOf(text).filter(({ kind }) => kind === 'ServiceAccount');
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: accounts });
    await e2e.testbed.kubectl(['apply', '-f', '-'], list);

    const taken = await e2e.testbed.kubectl(
      ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-'],
      text,
    );

    const asked = text.match(/^kind: /gm)?.length ?? 0;
    assert.equal(taken.match(/serverside-applied \(server dry run\)$/gm)?.length, asked);
  });
}
