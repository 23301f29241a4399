/** What `ingress-ha validate` finds in a text, and where it says it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marked, validate } from './validate-support.ts';

const HEAD = 'apiVersion: ingressha.dev/v1alpha1\nkind: IngressControllerHA\n';
const NAMED = `${HEAD}metadata:\n  name: edge\n  namespace: prod\n`;
const json = JSON.stringify({
  apiVersion: 'ingressha.dev/v1alpha1',
  kind: 'IngressControllerHA',
  metadata: { name: 'edge' },
});

/** What follows the place in the one line that is printed. */
type Sample = readonly [text: string, expected: RegExp];

const BROKEN: Readonly<Record<string, Sample>> = {
  'a field that does not exist': [
    `${NAMED}spec:\n  ▸replica: 3\n`,
    /error: spec\.replica: `replica` must not be set: there is no such field$/,
  ],
  'an unknown field in a list': [
    `${NAMED}spec:\n  controller:\n    imagePullSecrets:\n      - name: a\n        ▸nam: b\n`,
    /error: spec\.controller\.imagePullSecrets\[0\]\.nam: .*no such field$/,
  ],
  'a value of the wrong type': [
    `${NAMED}spec:\n  ▸replicas: "two"\n`,
    /error: spec\.replicas: Must be an integer$/,
  ],
  'a number below its bound': [
    `${NAMED}spec: {▸replicas: -1}\n`,
    /error: spec\.replicas: Must be at least 0$/,
  ],
  'a word that is not one of its own': [
    `${NAMED}spec:\n  failover:\n    ▸mode: Sometimes\n`,
    /error: spec\.failover\.mode: Must be one of Assisted, Observe, Disabled$/,
  ],
  'a boolean that YAML makes of a word': [
    `${NAMED}spec:\n  controller:\n    config:\n      ▸gatewayAPI: on\n`,
    /error: spec\.controller\.config\.gatewayAPI: Must be a string$/,
  ],
  'a required key that is not there, at what lacks it': [
    `${NAMED}spec:\n  controller:\n    imagePullSecrets:\n      - name: a\n    volumes:\n      - ▸hostPath: {}\n`,
    /error: spec\.controller\.volumes\[0\]\.name: `name` must be set$/,
  ],
  'a repeated entry': [
    `${NAMED}spec:\n  controller:\n    imagePullSecrets:\n      - name: a\n      - ▸name: a\n`,
    /error: spec\.controller\.imagePullSecrets\[1\]: Duplicate entry/,
  ],
  'a missing name': [
    `${HEAD}▸metadata:\n  namespace: prod\n`,
    /error: metadata\.name: `name` must be set$/,
  ],
  'missing metadata': [`▸${HEAD}`, /error: metadata: `metadata` must be set$/],
  'a name that is too long': [
    `${HEAD}metadata:\n  ▸name: ${'a'.repeat(42)}\n`,
    /error: metadata\.name: .*at most 41 characters/,
  ],
  'a namespace that can be none': [
    `${HEAD}metadata:\n  name: edge\n  ▸namespace: Prod\n`,
    /error: metadata\.namespace: "Prod" must be the name of a namespace/,
  ],
  'a misspelt field of metadata': [
    `${HEAD}metadata:\n  name: edge\n  ▸lables: {}\n`,
    /error: metadata\.lables: .*no such field$/,
  ],
  'an annotation that is no text': [
    `${HEAD}metadata:\n  name: edge\n  annotations:\n    ▸example.com/on: true\n`,
    /error: metadata\.annotations\["example\.com\/on"\]: Must be a string: put it in quotes$/,
  ],
  'a label that no selector could name': [
    `${HEAD}metadata:\n  name: edge\n  labels:\n    ▸team: "a b"\n`,
    /error: metadata\.labels\.team: Must be at most 63 letters/,
  ],
  'a label with a domain that is none': [
    `${HEAD}metadata:\n  name: edge\n  labels:\n    ▸Example.com/team: a\n`,
    /error: metadata\.labels\["Example\.com\/team"\]: The key must be a name/,
  ],
  'labels that are a list': [
    `${HEAD}metadata:\n  name: edge\n  ▸labels: [a]\n`,
    /error: metadata\.labels: Must be an object$/,
  ],
  'another version of the API': [
    '▸apiVersion: ingressha.dev/v1\nkind: IngressControllerHA\nmetadata: {name: edge}\n',
    /error: apiVersion: Must be ingressha\.dev\/v1alpha1$/,
  ],
  'a misspelt kind': [
    'apiVersion: ingressha.dev/v1alpha1\n▸kind: IngressControllerHa\nmetadata: {name: edge}\n',
    /error: kind: Must be IngressControllerHA$/,
  ],
  'a Lease that ends before the leader stops': [
    `${NAMED}spec:\n  leaderElection:\n    ▸leaseDuration: 15s\n`,
    /error: spec\.leaderElection\.leaseDuration: .*15s is less than 20s \+ 2s \+ 1s/,
  ],
  'a duration with a unit that there is not': [
    `${NAMED}spec:\n  leaderElection:\n    ▸retryPeriod: 2000ms\n`,
    /error: spec\.leaderElection\.retryPeriod: /,
  ],
  'two replicas without election': [
    `${NAMED}spec:\n  replicas: 2\n  leaderElection:\n    ▸mode: Disabled\n`,
    /error: spec\.leaderElection\.mode: /,
  ],
  'a version that is not known': [
    `${NAMED}spec:\n  controller:\n    ▸version: 9.9.9\n`,
    /error: spec\.controller\.version: "9\.9\.9" is not one of .* \(VersionUnsupported\)$/,
  ],
  'an image that the policy does not allow': [
    `${NAMED}spec:\n  controller:\n    manager:\n      ▸image: {repository: example.com/mine}\n`,
    /error: spec\.controller\.manager\.image: names repository "example\.com\/mine".* \(ImageRefused\)$/,
  ],
  'a patch that the policy does not allow': [
    `${NAMED}spec:\n  ▸podTemplatePatch: {spec: {priority: 1}}\n`,
    /error: spec\.podTemplatePatch: is not allowed .* \(PodTemplatePatchRefused\)$/,
  ],
  'a setting that the operator owns, at its key': [
    `${NAMED}spec:\n  controller:\n    configOverrides:\n      log_level: debug\n      ▸leader_election:\n        id: mine\n`,
    /error: spec\.controller\.configOverrides: sets leader_election, .* \(ConfigRefused\)$/,
  ],
  'the second document of two': [
    `kind: A\napiVersion: v1\n---\n${NAMED}spec:\n  ▸x: 1\n`,
    /error: spec\.x: /,
  ],
  'an item of a list': [
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: A\n- apiVersion: ingressha.dev/v1alpha1\n  kind: IngressControllerHA\n  metadata: {name: edge}\n  spec: {paused: false, ▸pause: true}\n`,
    /error: spec\.pause: /,
  ],
  'a value behind an alias, at what it stands for': [
    `${HEAD}metadata: {name: edge, annotations: &a {▸x: 1}, labels: *a}\n`,
    /error: metadata\.annotations\.x: /,
  ],
  'a value that is merged in': [
    `x: &base\n  ▸replicas: -1\n${NAMED}spec:\n  <<: *base\n  paused: true\n`,
    /error: spec\.replicas: /,
  ],
  'a field of JSON with tabs': [
    `${json.slice(0, -1)},\n\t"spec": {\n\t\t▸"replicas": "2"\n\t}\n}`,
    /error: spec\.replicas: Must be an integer$/,
  ],
  'a field of a file with CRLF': [
    `${NAMED}spec:\n  ▸replicas: x\n`.replaceAll('\n', '\r\n'),
    /error: spec\.replicas: /,
  ],
  'text that is no YAML': [`${NAMED}spec: [▸`, /error: Flow sequence/],
  'a tab as indentation': [`${NAMED}spec:\n▸\treplicas: 2\n`, /error: Tabs are not allowed/],
  'a key that is there twice': [
    `${NAMED}spec:\n  replicas: 2\n  ▸replicas: 3\n`,
    /error: Map keys must be unique: "replicas" is there twice$/,
  ],
  'what is no Kubernetes object': ['▸a: 1\n', /error: apiVersion: `apiVersion` must be set/],
  'a text that is only a word': ['▸word', /error: Must be a Kubernetes object$/],
};

for (const [what, [sample, expected]] of Object.entries(BROKEN)) {
  test(`says where it finds ${what}`, async () => {
    const { text, place } = marked(sample);

    const { exitCode, stdout } = await validate(['-f', '-'], text);

    const lines = stdout.trimEnd().split('\n');
    const atPlace = lines.filter((line) => line.startsWith(`<stdin>:${place}: `));
    assert.ok(
      atPlace.some((line) => expected.test(line)),
      `expected ${expected} at ${place} in:\n${stdout}`,
    );
    assert.equal(exitCode, 1);
  });
}

test('counts a mark of the encoding at the start as no character', async () => {
  const { stdout } = await validate(['-f', '-'], `\uFEFF${json.replace('"kind"', '"x":1,"kind"')}`);

  assert.match(stdout, /^<stdin>:1:40: error: x: /);
});

test('says nothing about a resource that is right', async () => {
  assert.deepEqual(await validate(['-f', '-'], NAMED), {
    exitCode: 0,
    stdout: '',
    stderr: '1 file, 1 resource: 0 errors, 0 warnings\n',
  });
});

test('warns of what is unwise, and with --strict ends with 1 for it', async () => {
  const { text, place } = marked(
    `${NAMED}spec:\n  controller:\n    configOverrides:\n      ▸log_leve: x\n`,
  );

  const mild = await validate(['-f', '-'], text);
  const strict = await validate(['-f', '-', '--strict'], text);

  assert.match(mild.stdout, new RegExp(`^<stdin>:${place}: warning: spec\\.controller\\.config`));
  assert.match(mild.stdout, / \(ConfigKeyUnknown\)\n$/);
  assert.equal(mild.stderr, '1 file, 1 resource: 0 errors, 1 warning\n');
  assert.deepEqual([mild.exitCode, strict.exitCode], [0, 1]);
  assert.equal(strict.stdout, mild.stdout);
});

test('warns of a namespace that no operator may serve, where the file names it', async () => {
  const text = `${HEAD}metadata: {name: edge, namespace: kube-system}`;

  const named = await validate(['-f', '-'], text);
  const unnamed = await validate(['-f', '-'], `${HEAD}metadata: {name: edge}`);

  assert.match(named.stdout, /warning: metadata\.namespace: No operator will serve it\./);
  assert.equal(unnamed.stdout, '');
});

test('knows the policy of the installer by the flags of render', async () => {
  const text = `${NAMED}spec: {podTemplatePatch: {spec: {schedulerName: mine}}}`;

  const refused = await validate(['-f', '-'], text);
  const allowed = await validate(['-f', '-', '--allow-pod-template-patch'], text);

  assert.deepEqual([refused.exitCode, allowed.exitCode], [1, 0]);
});

test('sorts what it finds by place, whatever found it', async () => {
  const text = `${NAMED}spec:\n  x: 1\n  replicas: "a"\n  controller: {y: 1}\nz: 1\n`;

  const { stdout } = await validate(['-f', '-'], text);

  assert.deepEqual(
    stdout.split('\n').map((line) => line.split(':')[1]),
    ['7', '8', '9', '10', undefined],
  );
});

test('prints a versioned report as JSON', async () => {
  const text = `---\napiVersion: v1\nkind: A\n---\n${NAMED}spec: {controller: {version: 9.9.9}}`;

  const { exitCode, stdout, stderr } = await validate(['-f', '-', '-o', 'json'], text);

  const { findings, ...report } = JSON.parse(stdout);
  const [{ message, ...finding }] = findings;
  assert.deepEqual(report, {
    apiVersion: 'cli.ingressha.dev/v1alpha1',
    kind: 'ValidationReport',
    summary: { files: 1, resources: 1, skipped: 1, errors: 1, warnings: 0 },
    unread: [],
  });
  assert.deepEqual(finding, {
    file: '<stdin>',
    line: 10,
    column: 21,
    severity: 'error',
    path: 'spec.controller.version',
    reason: 'VersionUnsupported',
    resource: 'prod/edge',
  });
  assert.match(message, /^"9\.9\.9" is not one of /);
  assert.equal(
    stderr,
    '1 file, 1 resource: 1 error, 0 warnings (1 object of other kinds skipped)\n',
  );
  assert.equal(exitCode, 1);
});

test('ends without a word about findings when it is interrupted', async () => {
  const result = await validate(['-f', '-'], 'a: [', AbortSignal.abort());

  assert.deepEqual(result, {
    exitCode: 2,
    stdout: '',
    stderr: 'Interrupted: not all files were checked.\n',
  });
});

test('keeps one line a finding, whatever the values say', async () => {
  const text = `${NAMED}spec: {"\\e[2J\\nx\\u202e": 1}`;

  const { stdout } = await validate(['-f', '-'], text);

  assert.match(stdout, /^[^\p{Cc}\p{Bidi_Control}]+\n$/u);
});
