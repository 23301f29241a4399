/** What is refused before anything is applied: contradictions, and what the operator would refuse later. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CHART, HELM_VERSIONS, helm, NEEDED, refusal } from './support/helm.ts';

/** What a user may get wrong -> the sentence. Both Helms say the same. */
const REFUSALS: Readonly<Record<string, readonly [string, RegExp]>> = {
  'a word for a number': ['replicas=three', /'\/replicas': got string, want null or integer/],
  'too many replicas': ['replicas=21', /'\/replicas': maximum: got 21, want 20/],
  'a number for a duration': [
    'config.leaderElection.leaseDuration=15',
    /got number, want null or string/,
  ],
  'a duration in milliseconds': [
    'config.leaderElection.retryPeriod=500ms',
    /does not match pattern/,
  ],
  'an unknown key': ['replicsa=3', /additional properties 'replicsa' not allowed/],
  'an unknown key deep down': [
    'operator.resource.limits.cpu=1',
    /additional properties 'resource'/,
  ],
  'an unknown field of the resource': [
    'instance.spec.leaderElection.leaseDurations=3s',
    /additional properties 'leaseDurations' not allowed/,
  ],
  'a default that is nulled': ['operator=null', /missing property 'operator'/],
  'a replica count with the election disabled': [
    'config.leaderElection.disable=true,replicas=2',
    /config\.leaderElection\.disable=true allows one replica, and 2 are asked for/,
  ],
  'the default replica count with the election disabled': [
    'config.leaderElection.disable=true',
    /allows one replica, and the default is 2: .* add --set replicas=1 or leave the election on/,
  ],
  'a lease duration that leaves no room for the default deadline': [
    'config.leaderElection.leaseDuration=10s',
    /config\.leaderElection\.leaseDuration 10s must be at least config\.leaderElection\.renewDeadline 20s plus .*retryPeriod 2s plus 1s/,
  ],
  'a deadline below two periods': [
    'config.leaderElection.renewDeadline=1m,config.leaderElection.retryPeriod=0m31s,config.leaderElection.leaseDuration=1h',
    /renewDeadline 1m must be at least twice config\.leaderElection\.retryPeriod 0m31s/,
  ],
  'a period of no time': [
    'config.leaderElection.retryPeriod=0s',
    /retryPeriod 0s must be at least 1s/,
  ],
  'a shared Lease that the operator would refuse': [
    'instance.spec.leaderElection.existingLease=Share',
    /existingLease Share .* only with policy\.allowSharedLease=true: set both, or leave existingLease out/,
  ],
  'an image without tag and digest': [
    'image.tag=',
    /image\.tag is empty and there is no image\.digest: set one of them, or unset the tag/,
  ],
  'an image with its tag in the repository': [
    'image.repository=localhost:5000/operator:1',
    /image\.repository "localhost:5000\/operator:1" has a tag: put .* into image\.tag/,
  ],
  'a digest that is none': ['image.digest=sha256:abc', /'\/image\/digest'.*does not match pattern/],
  'no image': [
    'image.repository=null',
    /There is no image\.repository: build the image with scripts\/image/,
  ],
  'the namespace default': ['servedNamespaces={default}', /Cannot serve namespace "default"/],
  'the namespace kube-system': [
    'servedNamespaces={prod,kube-system}',
    /Cannot serve namespace "kube-system"/,
  ],
  'a resource where nobody serves': [
    'servedNamespaces={prod},instance.namespace=test',
    /instance\.namespace "test" is not served: add it to servedNamespaces, which has prod/,
  ],
  'a resource whose name leaves no room': [
    `instance.name=${'a'.repeat(42)}`,
    /a name of at most 41 characters leaves room for the names of its pods, so set instance\.name/,
  ],
  'a value of a resource that is not created': [
    'instance.create=false,deployment.replicas=2',
    /instance\.create is false, so deployment\.replicas would have no effect/,
  ],
  'a name that a release may have and a resource may not': [
    'instance.name=1edge',
    /cannot be called "1edge": its name begins with a letter .* so set instance\.name\./,
  ],
  'a full name with a dot': ['fullnameOverride=edge.v2', /'\/fullnameOverride'.*pattern/],
  'a class without a name': ['ingressClass.name=', /'\/ingressClass\/name'.*pattern/],
  'a Gateway class without a name': ['gatewayClass.name=', /'\/gatewayClass\/name'.*pattern/],
  'one account for operator and controllers': [
    'operator.serviceAccount.name=x,controllerServiceAccount.name=x',
    /both called "x" in namespace "edge-system": give operator\.serviceAccount\.name or controllerServiceAccount\.name another one/,
  ],
  'an account of the operator that is by default the controllers’': [
    'operator.serviceAccount.name=edge-ingress-controller-ha-controller',
    /both called "edge-ingress-controller-ha-controller"/,
  ],
  'an operator that outlives its lease': [
    'operator.leaderElection.leaseDuration=10s',
    /operator\.leaderElection\.leaseDuration 10s must be longer than operator\.leaderElection\.renewDeadline 10s/,
  ],
  'an operator without time for a second try': [
    'operator.leaderElection.renewDeadline=6s,operator.leaderElection.retryPeriod=5s',
    /renewDeadline 6s must be more than 1\.2 times operator\.leaderElection\.retryPeriod 5s/,
  ],
  'an operator that never pauses': [
    'operator.leaderElection.retryPeriod=0s',
    /operator\.leaderElection\.retryPeriod 0s must be from 1s to 1h/,
  ],
  'a lease of the operator for longer than an hour': [
    'operator.leaderElection.leaseDuration=61m',
    /operator\.leaderElection\.leaseDuration 61m must be from 1s to 1h/,
  ],
  'a test that waits for ever': [
    'helmTest.timeout=2h',
    /helmTest\.timeout 2h must be from 1s to 1h/,
  ],
  'a registry with a scheme': [
    'policy.imageRegistry=https://mirror.example',
    /'\/policy\/imageRegistry'.*pattern/,
  ],
  'a registry that would be a map': [
    'global.imageRegistry=a: b',
    /'\/global\/imageRegistry'.*pattern/,
  ],
  'an allowed repository with a tag': [
    'policy.allowedImageRepositories={mirror:5000/controller:1}',
    /'\/policy\/allowedImageRepositories\/0'.*pattern/,
  ],
  'a drill of no resource': [
    'drill.enabled=true,instance.create=false',
    /drill\.enabled needs the resource of this release, and instance\.create is false/,
  ],
  'a drill in no time': [
    'drill.window=02:00-02:00',
    /drill\.window 02:00-02:00 ends where it begins/,
  ],
  'a drill after midnight of the same day': ['drill.window=02:00-24:30', /'\/drill\/window'/],
  'a drill that no cron knows': ['drill.schedule=0 3 * *', /'\/drill\/schedule'.*pattern/],
  'a drill on a day without a name': ['drill.schedule=@never', /'\/drill\/schedule'.*pattern/],
  'a drill in a zone that is a number': ['drill.timeZone=+01:00', /'\/drill\/timeZone'.*pattern/],
  'a drill that is always too slow': [
    'drill.maxLeaderless=0s',
    /drill\.maxLeaderless 0s must be from 1s to 1h/,
  ],
};

for (const version of HELM_VERSIONS) {
  describe(`${version} refuses before anything is applied`, () => {
    for (const [what, [set, sentence]] of Object.entries(REFUSALS)) {
      test(what, async () => {
        assert.match(await refusal(['--set', set], { version }), sentence);
      });
    }

    test('the namespace default as that of the release', async () => {
      const args = [...NEEDED, '--namespace', 'default'];
      const answer = await helm(['template', 'edge', CHART, ...args], { version });

      assert.ok(answer.kind === 'refused');
      assert.match(answer.message, /install into a namespace of its own \(-n ingress-apisix/);
    });
  });
}

describe('a label that the chart sets itself', () => {
  const PLACES = ['commonLabels', 'instance.labels', 'operator.podLabels'];
  PLACES.push('podMonitor.labels', 'prometheusRule.labels', 'dashboard.labels');
  const WORDS = ['name', 'instance', 'version', 'managed-by', 'component'];
  const KEYS = WORDS.map((word) => `app.kubernetes.io/${word}`);
  KEYS.push('helm.sh/chart', 'ingressha.dev/operator');

  for (const place of PLACES) {
    test(`is refused in ${place}`, async () => {
      for (const key of KEYS) {
        const set = `${place}=${JSON.stringify({ [key]: 'x' })}`;
        const message = await refusal(['--set-json', set]);

        assert.ok(
          message.includes(
            `${place} has the label ${key}, which the chart sets itself: leave it out.`,
          ),
          message,
        );
      }
    });
  }
});

test('a release whose name is none for a resource is told which value to set', async () => {
  for (const release of ['1edge', 'edge.v2', '1234']) {
    assert.match(await refusal([], { release }), /so set instance\.name\./);
  }
});
