import { test } from 'node:test';
import type { Ha, PassThrough } from '../../../operator/api/ha.ts';
import { findAdvice, findTerminalErrors } from '../../../operator/desired/check/check.ts';
import type { InstallerPolicy } from '../../../operator/desired/installer.ts';
import { anHa, aPolicy, type Changes } from '../../support/an-ha.ts';
import { assertMatches } from '../../support/assert-matches.ts';

const digest = `sha256:${'1'.repeat(64)}`;

const blocked: Record<
  string,
  { ha: Ha; policy?: Changes<InstallerPolicy>; expected: readonly RegExp[] }
> = {
  'allows the plain resource': { ha: anHa(), expected: [] },
  'refuses the Lease by which the operator elects its own leader': {
    ha: anHa({ election: { leaseName: 'ours' } }),
    policy: { ownLease: { namespace: 'ingress-apisix', name: 'ours' } },
    expected: [
      /^LeaseConflict: spec\.leaderElection\.leaseName "ours" is the Lease by which the op/,
    ],
  },
  'refuses it also where Share is allowed': {
    ha: anHa({ election: { leaseName: 'ours', existingLease: 'Share' } }),
    policy: { sharedLease: 'Allowed', ownLease: { namespace: 'ingress-apisix', name: 'ours' } },
    expected: [/^LeaseConflict/],
  },
  'allows a Lease of that name in another namespace': {
    ha: anHa({ election: { leaseName: 'ours' } }),
    policy: { ownLease: { namespace: 'ingress-ha-system', name: 'ours' } },
    expected: [],
  },
  'refuses to share a Lease where the installer does not allow it': {
    ha: anHa({ election: { existingLease: 'Share' } }),
    expected: [/^SharedLeaseRefused: .* --allow-shared-lease .*or create the resource again/],
  },
  'allows to share a Lease where the installer allows it': {
    ha: anHa({ election: { existingLease: 'Share' } }),
    policy: { sharedLease: 'Allowed' },
    expected: [],
  },
  'allows Share without an election: nothing is shared': {
    ha: anHa({ replicas: 1, election: { mode: 'Disabled', existingLease: 'Share' } }),
    expected: [],
  },
  'refuses a version that nobody knows': {
    ha: anHa({ controller: { version: '9.9.9' } }),
    expected: [/^VersionUnsupported: spec\.controller\.version "9\.9\.9" is not one of 2\.0\.1,/],
  },
  'refuses an unknown version with only one image named': {
    ha: anHa({ controller: { version: '9.9.9', manager: { image: { tag: '9.9.9' } } } }),
    expected: [/^VersionUnsupported/],
  },
  'allows an unknown version with both images named': {
    ha: anHa({
      controller: {
        version: '9.9.9',
        manager: { image: { tag: '9.9.9' } },
        adc: { image: { digest } },
      },
    }),
    expected: [],
  },
  'refuses a repository that the installer does not allow': {
    ha: anHa({ controller: { manager: { image: { repository: 'evil.example/controller' } } } }),
    expected: [/^ImageRefused: spec\.controller\.manager\.image names repository "evil/],
  },
  'refuses security contexts that break the restricted profile': {
    ha: anHa({
      controller: {
        manager: {
          securityContext: { privileged: true, runAsUser: 0, capabilities: { drop: [] } },
        },
        adc: { securityContext: { seLinuxOptions: {}, readOnlyRootFilesystem: false } },
      },
    }),
    expected: [
      /^ConfigRefused: spec\.controller\.manager\.securityContext\.capabilities would break/,
      /^ConfigRefused: spec\.controller\.manager\.securityContext\.privileged would break/,
      /^ConfigRefused: spec\.controller\.manager\.securityContext\.runAsUser would break/,
      /^ConfigRefused: spec\.controller\.adc\.securityContext\.seLinuxOptions would break/,
    ],
  },
  'allows any security context where the installer allows patches': {
    ha: anHa({ controller: { manager: { securityContext: { privileged: true } } } }),
    policy: { podTemplatePatch: 'Allowed' },
    expected: [],
  },
  'refuses a repository that only looks like a known one': {
    ha: anHa({ controller: { adc: { image: { repository: 'evil.example/api7/adc' } } } }),
    expected: [/^ImageRefused: spec\.controller\.adc\.image/],
  },
  'takes docker.io for the registry of a name without one': {
    ha: anHa({
      controller: {
        manager: { image: { repository: 'docker.io/apache/apisix-ingress-controller' } },
      },
    }),
    expected: [],
  },
  'allows what the installer added': {
    ha: anHa({ controller: { manager: { image: { repository: 'ours.example/controller' } } } }),
    policy: { allowedImageRepositories: ['ours.example/controller'] },
    expected: [],
  },
  'demands a digest of both images where the installer does': {
    ha: anHa({ controller: { manager: { image: { digest } } } }),
    policy: { imageDigest: 'Required' },
    expected: [/^ImageRefused: spec\.controller\.adc\.image has no digest/],
  },
  'refuses a patch unless the installer allows it': {
    ha: anHa({ podTemplatePatch: { spec: { schedulerName: 'mine' } } }),
    expected: [/^PodTemplatePatchRefused: spec\.podTemplatePatch is not allowed/],
  },
  'refuses env, mounts and volumes unless the installer allows them': {
    ha: anHa({
      controller: {
        manager: { env: [{ name: 'A', value: 'b' }] },
        adc: { volumeMounts: [{ name: 'a', mountPath: '/a' }] },
        volumes: [{ name: 'a', emptyDir: {} }],
      },
    }),
    expected: [
      /^ConfigRefused: spec\.controller\.manager\.env is not allowed/,
      /^ConfigRefused: spec\.controller\.adc\.volumeMounts is not allowed/,
      /^ConfigRefused: spec\.controller\.volumes is not allowed/,
    ],
  },
  'refuses env in a patch as well': {
    ha: withPatch({ spec: { containers: [{ name: 'manager', env: [{ name: 'A' }] }] } }),
    policy: { podTemplatePatch: 'Allowed' },
    expected: [/^PodTemplatePatchRefused: .*spec\.containers\[manager\]\.env is not allowed/],
  },
  'refuses volumes in a patch as well': {
    ha: withPatch({ spec: { volumes: [] } }),
    policy: { podTemplatePatch: 'Allowed' },
    expected: [/^PodTemplatePatchRefused: .*spec\.volumes is not allowed/],
  },
  'names each key of the configuration that the operator owns': {
    ha: withOverrides({ leader_election: { lease_duration: '5s' }, provider: { type: 'apisix' } }),
    expected: [
      /^ConfigRefused: .*sets leader_election, .*: use spec\.leaderElection\.$/,
      /^ConfigRefused: .*sets provider\.type, .*: use spec\.controller\.config\.provider\.type\.$/,
    ],
  },
  'refuses null in the configuration, at which the controller crashes': {
    ha: withOverrides({ webhook: { port: null } }),
    expected: [/^ConfigRefused: .*has null at webhook\.port/],
  },
  'refuses a map replaced by something else': {
    ha: withOverrides({ webhook: 'off' }),
    expected: [/^ConfigRefused: .*sets webhook to something that is not a map/],
  },
  'refuses a debug server that the cluster can reach': {
    ha: withOverrides({ enable_server: true, server_addr: ':9092' }),
    expected: [/^ConfigRefused: .*server_addr to ":9092"/],
  },
  'allows a debug server on loopback': {
    ha: withOverrides({ enable_server: true, server_addr: '127.0.0.1:9099' }),
    expected: [],
  },
  'refuses configuration that is too deep to walk': {
    ha: withOverrides({ deep: nested(5000) }),
    expected: [/^ConfigRefused: .*is nested deeper than 32 levels/],
  },
  'refuses configuration that is too large': {
    ha: withOverrides({ large: 'x'.repeat(33_000) }),
    expected: [/^ConfigRefused: .*bytes, more than 32768/],
  },
  'refuses an affinity that is too deep to walk': {
    ha: anHa({ placement: { affinity: nested(5000) } }),
    expected: [/^ConfigRefused: spec\.placement is nested/],
  },
};

for (const [sentence, { ha, policy = {}, expected }] of Object.entries(blocked)) {
  test(sentence, () => assertMatches(findTerminalErrors(ha, aPolicy(policy)), expected));
}

const advice: Record<string, { ha: Ha; expected: readonly RegExp[] }> = {
  'has no advice on the defaults': { ha: anHa(), expected: [] },
  'warns of small slack': {
    ha: anHa({
      controller: { config: { execADCTimeoutMs: 5_000 } },
      election: { leaseDurationMs: 10_000, renewDeadlineMs: 7_000, retryPeriodMs: 1_000 },
    }),
    expected: [/^ElectionSlackSmall: spec\.leaderElection leaves 2s .* leave at least 3s\.$/],
  },
  'accepts a slack of three seconds': {
    ha: anHa({
      controller: { config: { execADCTimeoutMs: 5_000 } },
      election: { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 },
    }),
    expected: [],
  },
  'says nothing about timings that are not used': {
    ha: anHa({
      election: { mode: 'Disabled', leaseDurationMs: 3_000, renewDeadlineMs: 2_000 },
    }),
    expected: [],
  },
  'warns of pushes that outlive the Lease': {
    ha: anHa({ controller: { config: { execADCTimeoutMs: 30_000 } } }),
    expected: [/^ADCTimeoutExceedsLease: .* is 30s, not less than .* \(30s\)/],
  },
  'names unknown keys once, sorted': {
    ha: withOverrides({ zeta: { below: 1 }, webhook: { prot: 1 }, alpha: 1 }),
    expected: [/^ConfigKeyUnknown: .* sets alpha, webhook\.prot, zeta, which/],
  },
  'names ten unknown keys, and counts the rest': {
    ha: withOverrides(
      Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`k${at + 10}`, 1])),
    ),
    expected: [/^ConfigKeyUnknown: .* sets k10, .*, k19 and 15 more, which/],
  },
  'says what an unlisted version is taken for': {
    ha: anHa({ controller: { version: '2.0.9' } }),
    expected: [/^VersionUnlisted: .*"2\.0\.9" is not .* configured like 2\.0\.1/],
  },
  'warns of a manager of another version': {
    ha: anHa({ controller: { manager: { image: { tag: '2.1.0' } } } }),
    expected: [/^ImageVersionMismatch: .*manager\.image\.tag "2\.1\.0" is not version 2\.2\.0/],
  },
  'warns of a sidecar that is too old': {
    ha: anHa({ controller: { adc: { image: { tag: '0.26.0' } } } }),
    expected: [/^ImageVersionMismatch: .*"0\.26\.0" is older than 0\.27\.0/],
  },
  'says nothing of inherited keys that the installer allows on pods': {
    ha: anHa({ inherited: { labels: { team: 'edge' } } }),
    expected: [],
  },
  'says which inherited keys pods do not get, three by name and the others by number': {
    ha: anHa({
      inherited: { labels: { a: '', team: '' }, annotations: { b: '', c: '', d: '', e: '' } },
    }),
    expected: [
      /^PodMetadataLeftOff: .* has a, b, c and 2 more, .*--allowed-pod-metadata.*pods do not/,
    ],
  },
  'says nothing of tags that are no versions, and of the same version with a suffix': {
    ha: anHa({
      controller: { manager: { image: { tag: '2.2.0-hotfix' } }, adc: { image: { tag: 'dev' } } },
    }),
    expected: [],
  },
};

for (const [sentence, { ha, expected }] of Object.entries(advice)) {
  test(sentence, () =>
    assertMatches(findAdvice(ha, aPolicy({ allowedPodMetadata: ['team'] })), expected),
  );
}

function withPatch(podTemplatePatch: PassThrough): Ha {
  return { ...anHa(), podTemplatePatch };
}

function withOverrides(configOverrides: PassThrough): Ha {
  return anHa({ controller: { configOverrides } });
}

function nested(levels: number): PassThrough {
  let value: PassThrough = {};
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}
