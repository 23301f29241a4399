/** The policy of the installer, as flags of the commands that check a resource offline. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../support/run-command.ts';
import { validate } from './validate-support.ts';

const RESOURCE = `apiVersion: ingressha.dev/v1alpha1
kind: IngressControllerHA
metadata: {name: edge, namespace: prod}
`;

test('reads the lists of the policy as the operator does: repeated, or with commas', async () => {
  const labels = '{team: a, example.com/cost: b, other: c}';
  const text = `${RESOURCE}spec: {inheritedMetadata: {labels: ${labels}}}`;
  for (const flags of [
    ['--allowed-pod-metadata', 'team, example.com/*,other'],
    ['--allowed-pod-metadata', 'team,other', '--allowed-pod-metadata', 'example.com/cost'],
    ['--allowed-pod-metadata', 'team', 'example.com/cost', 'other'],
  ]) {
    const { exitCode, stdout } = await validate(['-f', '-', '--strict', ...flags], text);
    assert.deepEqual([exitCode, stdout], [0, ''], flags.join(' '));
  }
});

for (const command of ['validate', 'render'] as const) {
  test(`${command} refuses a policy that the operator would refuse`, async () => {
    for (const [flag, value, says] of [
      ['--allowed-pod-metadata', 'team,*', /"\*" is not a key such as team or example\.com\/team/],
      [
        '--allowed-image-repository',
        'a/b,a/c:1',
        /"a\/c:1" is not an image repository without tag/,
      ],
      ['--image-registry', 'https://mirror', /It must be a registry such as mirror:5000/],
      ['--operand-service-account', 'A', /It must be a name/],
    ] as const) {
      const { exitCode, stdout, stderr } = await runCommand([command, '-f', '-', flag, value]);
      assert.match(stderr, says);
      assert.deepEqual([exitCode, stdout], [2, ''], flag);
    }
  });
}
