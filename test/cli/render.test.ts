/** `ingress-ha render`, without a cluster. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { parseAllDocuments } from 'yaml';
import { registerRender } from '../../operator/cli/render/command.ts';
import { readObjects } from '../../operator/cli/yaml/read-objects.ts';

const RESOURCE = `
apiVersion: ingressha.dev/v1alpha1
kind: IngressControllerHA
metadata: {name: edge}
`;

test('prints every object, in the order in which they are applied', async () => {
  const { exitCode, stdout, stderr } = await render(['-f', 'ha.yaml'], { 'ha.yaml': RESOURCE });

  assert.deepEqual(
    objectsIn(stdout).map(({ kind }) => kind),
    ['ConfigMap', 'Role', 'RoleBinding', 'Lease', 'Service', 'PodDisruptionBudget', 'Deployment'],
  );
  assert.equal(stderr, '');
  assert.equal(exitCode, 0);
});

test('leaves out owner and hash while the resource has no uid, and gives both once it has one', async () => {
  const before = await render(['-f', '-'], { '-': RESOURCE });
  const after = await render(['-f', '-'], { '-': RESOURCE.replace('edge', 'edge, uid: u') });

  assert.doesNotMatch(before.stdout, /ownerReferences|applied-hash|annotations: \{\}/);
  assert.match(after.stdout, /ownerReferences/);
  assert.match(after.stdout, /applied-hash/);
});

test('puts a resource without namespace into that of -n, and another into its own', async () => {
  const named = await render(['-f', '-', '-n', 'prod'], { '-': RESOURCE });
  const own = RESOURCE.replace('edge', 'edge, namespace: mine');
  const fixed = await render(['-f', '-', '-n', 'prod'], { '-': own });

  assert.ok(objectsIn(named.stdout).every(({ metadata }) => metadata.namespace === 'prod'));
  assert.ok(objectsIn(fixed.stdout).every(({ metadata }) => metadata.namespace === 'mine'));
});

test('renders all resources of a file, lists taken apart, and names what it skips', async () => {
  const list = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'edge' } },
      {
        apiVersion: 'ingressha.dev/v1alpha1',
        kind: 'IngressControllerHA',
        metadata: { name: 'b' },
      },
    ],
  });

  const { exitCode, stdout, stderr } = await render(['-f', '-'], {
    '-': `${RESOURCE}\n---\n${list}`,
  });

  assert.equal(objectsIn(stdout).filter(({ kind }) => kind === 'Deployment').length, 2);
  assert.equal(stderr, 'Namespace "edge" is not rendered: it is no IngressControllerHA.\n');
  assert.equal(exitCode, 0);
});

test('prints advice beside the objects', async () => {
  const text = `${RESOURCE}spec: {controller: {configOverrides: {typo: 1}}}`;

  const { exitCode, stdout, stderr } = await render(['-f', '-'], { '-': text });

  assert.match(stderr, /^IngressControllerHA "default\/edge": ConfigKeyUnknown: /);
  assert.notEqual(stdout, '');
  assert.equal(exitCode, 0);
});

const refused: Record<string, { text: string; expected: RegExp }> = {
  'a field that does not exist': {
    text: `${RESOURCE}spec: {replica: 3}`,
    expected: /"default\/edge": spec\.replica: .*no such field/,
  },
  'a value out of bounds': {
    text: `${RESOURCE}spec: {replicas: -1}`,
    expected: /"default\/edge": spec\.replicas: /,
  },
  'what the policy forbids': {
    text: `${RESOURCE}spec: {podTemplatePatch: {spec: {priority: 1}}}`,
    expected: /PodTemplatePatchRefused: .*not allowed/,
  },
  'a file without a resource': { text: 'a: 1', expected: /it is no Kubernetes object/ },
  'an empty file': { text: '', expected: /There is no IngressControllerHA/ },
  'text that is no YAML': { text: 'a: [', expected: /Flow sequence/ },
};

for (const [what, { text, expected }] of Object.entries(refused)) {
  test(`refuses ${what}, and prints no object`, async () => {
    const { exitCode, stdout, stderr } = await render(['-f', '-'], { '-': text });

    assert.match(stderr, expected);
    assert.equal(stdout, '');
    assert.equal(exitCode, 1);
  });
}

test('keeps a value with letters that nobody sees, in YAML that kubectl reads', async () => {
  const flag = '\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}';
  const text = `${RESOURCE}spec: {inheritedMetadata: {annotations: {flag: "${flag}\\u202E"}}}`;

  const { stdout } = await render(['-f', '-'], { '-': text });

  const [first] = objectsIn(stdout);
  assert.equal(first?.metadata.annotations?.flag, `${flag}\u202E`);
  assert.match(stdout, /\\U000e0067\\U000e0062/);
  assert.doesNotMatch(stdout, /\\ud[89a-f]/i, 'half a letter, which go-yaml refuses');
});

test('knows the installer policy by flags', async () => {
  const text = `${RESOURCE}spec: {podTemplatePatch: {spec: {schedulerName: mine}}}`;
  const flags = ['--allow-pod-template-patch', '--image-registry', 'mirror.example'];

  const { stdout } = await render(['-f', '-', ...flags], { '-': text });

  assert.match(stdout, /schedulerName: mine/);
  assert.match(stdout, /image: mirror\.example\/apache\/apisix-ingress-controller:2\.2\.0/);
});

test('says which file it can not read, and which flag is missing', async () => {
  const unreadable = await render(['-f', 'nowhere.yaml'], {});
  const missing = await render([], {});

  assert.equal(unreadable.exitCode, 2);
  assert.match(unreadable.stderr, /^Cannot read nowhere\.yaml: no such file/);
  assert.equal(missing.exitCode, 2);
  assert.match(missing.stderr, /-f FILE/);
});

test('prints the rights of the operator', async () => {
  const { exitCode, stdout } = await render(['operator', '--namespaces', 'a, b'], {});

  const roles = objectsIn(stdout).filter(({ kind }) => kind === 'Role');
  assert.deepEqual(
    roles.map(({ metadata }) => metadata.namespace),
    ['ingress-ha-system', 'a', 'b'],
  );
  assert.equal(exitCode, 0);
});

test('refuses rights on namespaces that the operator must not serve', async () => {
  const { exitCode, stdout, stderr } = await render(['operator', '--namespaces', 'default'], {});

  assert.match(stderr, /^Cannot serve namespace "default": .*\n$/);
  assert.equal(stdout, '');
  assert.equal(exitCode, 1);
});

test('reads files as kubectl does: yes is true, a date and a time are text', () => {
  const { objects } = readObjects(
    'apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: {a: yes, b: 2026-09-01, c: 1:30, d: 0777}',
  );

  assert.deepEqual(objects[0]?.spec, { a: true, b: '2026-09-01', c: '1:30', d: 511 });
});

test('refuses aliases that multiply without end, and those that contain themselves', () => {
  const bomb = Array.from({ length: 9 }, (_, level) => {
    const alias = level === 0 ? 'x' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array(10).fill(alias).join(', ')}]`;
  });

  assert.match(readObjects(bomb.join('\n')).problems[0] ?? '', /alias/);
  assert.equal(readObjects('&a [*a]').problems.length, 1);
});

interface Printed {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

function objectsIn(text: string): readonly Printed[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Printed);
}

async function render(args: readonly string[], files: Readonly<Record<string, string>>) {
  const result = { exitCode: -1, stdout: '', stderr: '' };
  const program = new Command('ingress-ha').exitOverride();
  registerRender(program, {
    stdout: { write: (text) => (result.stdout += text) },
    stderr: { write: (text) => (result.stderr += text) },
    async readText(path) {
      const text = files[path];
      if (text === undefined) throw new Error('no such file');
      return text;
    },
    finish: (exitCode) => {
      result.exitCode = exitCode;
    },
  });
  await program.parseAsync(['render', ...args], { from: 'user' });
  return result;
}
