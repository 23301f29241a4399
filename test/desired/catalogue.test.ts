/** Versions and images. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ha } from '../../operator/api/ha.ts';
import { failoverIsSafe, nearestEntry, resolveImages } from '../../operator/desired/catalogue.ts';
import type { InstallerPolicy } from '../../operator/desired/installer.ts';
import { anHa, aPolicy, type Changes } from '../support/an-ha.ts';

const digest = `sha256:${'1'.repeat(64)}`;

const nearest: Readonly<Record<string, string>> = {
  '1.8.0': '2.0.1',
  '2.0.0': '2.0.1',
  '2.0.1': '2.0.1',
  '2.0.17': '2.0.1',
  '2.1.0': '2.1.0',
  '2.1.9': '2.1.0',
  '2.2.0': '2.2.0',
  '2.2.0-rc1': '2.2.0',
  '10.0.0': '2.2.0',
  dev: '2.2.0',
};

for (const [version, expected] of Object.entries(nearest)) {
  test(`takes ${version} for ${expected}`, () => {
    assert.equal(nearestEntry(version).version, expected);
  });
}

const images: Record<
  string,
  { controller: Changes<Ha['controller']>; policy?: Changes<InstallerPolicy>; expected: string }
> = {
  'takes the image of the version': {
    controller: {},
    expected: 'apache/apisix-ingress-controller:2.2.0',
  },
  'takes the image of the distribution': {
    controller: { distribution: 'API7', version: '2.1.0' },
    expected: 'api7/api7-ingress-controller:2.1.0',
  },
  'prefers a digest to a tag': {
    controller: { manager: { image: { tag: 'dev', digest } } },
    expected: `apache/apisix-ingress-controller@${digest}`,
  },
  'puts the mirror before a name without registry': {
    controller: {},
    policy: { imageRegistry: 'mirror.example' },
    expected: 'mirror.example/apache/apisix-ingress-controller:2.2.0',
  },
  'puts the mirror in the place of a registry': {
    controller: { manager: { image: { repository: 'localhost/team/controller', tag: '1' } } },
    policy: { imageRegistry: 'mirror.example:5000/proxy/' },
    expected: 'mirror.example:5000/proxy/team/controller:1',
  },
  'keeps a port of the registry apart from the tag': {
    controller: { manager: { image: { repository: 'a.example:1/b', digest } } },
    expected: `a.example:1/b@${digest}`,
  },
};

for (const [sentence, { controller, policy = {}, expected }] of Object.entries(images)) {
  test(sentence, () => {
    assert.equal(resolveImages(anHa({ controller }), aPolicy(policy)).manager, expected);
  });
}

const safety: Record<string, { controller: Changes<Ha['controller']>; expected: boolean }> = {
  'calls failover with an Admin API safe in every version': {
    controller: { version: '2.0.1' },
    expected: true,
  },
  'calls standalone failover unsafe before 2.2.0': {
    controller: { version: '2.1.0', ...standalone() },
    expected: false,
  },
  'calls standalone failover safe from 2.2.0 on': { controller: standalone(), expected: true },
  'calls standalone failover unsafe with a sidecar that keeps its old baseline': {
    controller: { ...standalone(), adc: { image: { tag: '0.26.0' } } },
    expected: false,
  },
};

for (const [sentence, { controller, expected }] of Object.entries(safety)) {
  test(sentence, () => assert.equal(failoverIsSafe(anHa({ controller })), expected));
}

function standalone(): Changes<Ha['controller']> {
  return { config: { provider: { type: 'APISIXStandalone' } } };
}
