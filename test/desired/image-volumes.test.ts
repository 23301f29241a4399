/** An image that a volume mounts is held to the same policy as one that runs. */
import { test } from 'node:test';
import type { Ha } from '../../operator/api/ha.ts';
import { findTerminalErrors } from '../../operator/desired/check/check.ts';
import type { InstallerPolicy } from '../../operator/desired/installer.ts';
import { anHa, aPolicy, type Changes } from '../support/an-ha.ts';
import { assertMatches } from '../support/assert-matches.ts';

const digest = `sha256:${'1'.repeat(64)}`;

const imageVolume = (reference: string, name = 'tools') => ({ name, image: { reference } });

const cases: Record<
  string,
  { ha: Ha; policy: Changes<InstallerPolicy>; expected: readonly RegExp[] }
> = {
  'refuses a volume of an image from a repository that the installer does not allow': {
    ha: anHa({ controller: { volumes: [imageVolume('evil.example:5000/tools:1')] } }),
    policy: { envAndVolumes: 'Allowed' },
    expected: [
      /^ImageRefused: spec\.controller\.volumes: the image of volume "tools" names repository "evil\.example:5000\/tools"/,
    ],
  },
  'refuses such a volume also in a patch, in the place of one of ours too': {
    ha: anHa({
      podTemplatePatch: { spec: { volumes: [imageVolume('evil.example/tools', 'adc-tmp')] } },
    }),
    policy: { envAndVolumes: 'Allowed', podTemplatePatch: 'Allowed' },
    expected: [
      /^ImageRefused: spec\.podTemplatePatch: the image of volume "adc-tmp" names repository "evil/,
    ],
  },
  'demands a digest of a volume of an image as well': {
    ha: anHa({
      controller: {
        manager: { image: { digest } },
        adc: { image: { digest } },
        volumes: [imageVolume('ours.example/tools:1')],
      },
    }),
    policy: {
      envAndVolumes: 'Allowed',
      imageDigest: 'Required',
      allowedImageRepositories: ['ours.example/tools'],
    },
    expected: [/^ImageRefused: spec\.controller\.volumes: the image of volume "tools" has no dig/],
  },
  'allows a volume of an image that keeps to the policy': {
    ha: anHa({ controller: { volumes: [imageVolume('ours.example/tools:1')] } }),
    policy: { envAndVolumes: 'Allowed', allowedImageRepositories: ['ours.example/tools'] },
    expected: [],
  },
};

for (const [name, { ha, policy, expected }] of Object.entries(cases)) {
  test(name, () => assertMatches(findTerminalErrors(ha, aPolicy(policy)), expected));
}
