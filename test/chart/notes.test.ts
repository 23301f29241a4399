/** What Helm prints after an installation: a warning for each choice that costs availability, and for no other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHART, helm, NEEDED } from './support/helm.ts';

/** What is set -> the first words of the one warning. */
const WARNINGS: Readonly<Record<string, string | undefined>> = {
  'replicas=2': undefined,
  'replicas=1': 'one replica has no standby',
  'replicas=0': 'with 0 replicas nobody configures the gateway',
  'operator.replicas=3': undefined,
  'operator.replicas=1': 'one operator: while it is replaced',
  'operator.replicas=0': 'with 0 operators nobody acts on a resource',
};

for (const [set, warning] of Object.entries(WARNINGS)) {
  test(`${set} is ${warning === undefined ? 'fine' : 'warned of'}`, async () => {
    const found = (await notes(set)).match(/^WARNING: .*$/gm) ?? [];

    assert.equal(found.length, warning === undefined ? 0 : 1, found.join('\n'));
    assert.ok(warning === undefined || found[0]?.startsWith(`WARNING: ${warning}`), found[0]);
  });
}

/** Of Helm 4, which needs no cluster to print them. */
async function notes(set: string): Promise<string> {
  const args = ['install', 'edge', CHART, ...NEEDED, '--dry-run=client', '--set', set];
  const answer = await helm(args);
  if (answer.kind === 'refused') throw new Error(answer.message);
  return answer.text.slice(answer.text.indexOf('\nNOTES:'));
}
