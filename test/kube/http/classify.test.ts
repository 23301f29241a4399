/** Which failure an answer of the API server, or its absence, becomes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KubeError, type KubeFailure } from '../../../operator/base/failure.ts';
import {
  failureOfAnswer,
  failureOfErrorEvent,
  failureOfExchange,
  retryAfterMsOf,
} from '../../../operator/kube/http/classify.ts';
import { statusObject } from '../../support/scripted-server.ts';

const call = { verb: 'apply', target: 'Deployment "prod/edge"' };

interface Case {
  readonly code: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: unknown;
  readonly headers?: Record<string, string>;
  readonly expected: Partial<KubeFailure> & { readonly kind: KubeFailure['kind'] };
}

const denied = 'admission webhook "policy.example" denied the request: no';
const namespaced = (what: string) =>
  `User "system:serviceaccount:ops:operator" cannot ${what} in API group "apps" in the namespace "prod"`;
const cases: Record<string, Case> = {
  '401 is unauthorized': { code: 401, reason: 'Unauthorized', expected: { kind: 'unauthorized' } },
  '403 is a missing right where the authorizer says so of the account': {
    code: 403,
    reason: 'Forbidden',
    message: `deployments.apps "edge" is forbidden: ${namespaced('patch resource "deployments"')}`,
    expected: { kind: 'forbidden', cause: 'rights' },
  },
  '403 of a list is a missing right': {
    code: 403,
    message: `deployments.apps is forbidden: ${namespaced('list resource "deployments"')}`,
    expected: { kind: 'forbidden', cause: 'rights' },
  },
  '403 of a path is a missing right': {
    code: 403,
    message: 'forbidden: User "system:anonymous" cannot get path "/version"',
    expected: { kind: 'forbidden', cause: 'rights' },
  },
  '403 with the reason of an authorizer of one’s own is a missing right': {
    code: 403,
    message:
      'pods is forbidden: User "a@b.example" cannot list resource "pods" in API group "" in the namespace "x": requires one of ["container.pods.list"] permission(s).',
    expected: { kind: 'forbidden', cause: 'rights' },
  },
  '403 of an impersonation is a missing right': {
    code: 403,
    message:
      'users "b" is forbidden: User "a \\"quoted\\"" cannot impersonate resource "users" in API group "" at the cluster scope',
    expected: { kind: 'forbidden', cause: 'rights' },
  },
  'to grant more than the account has is a missing right': {
    code: 403,
    message:
      'roles.rbac.authorization.k8s.io "edge-icha" is forbidden: user "x" (groups=["a" "b"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
    expected: { kind: 'forbidden', cause: 'rights' },
  },
  'a webhook that speaks like the authorizer has denied': {
    code: 403,
    reason: 'Forbidden',
    message: `admission webhook "deployments.apps is forbidden" denied the request: deployments.apps "edge" is forbidden: ${namespaced('patch resource "deployments"')}`,
    expected: { kind: 'denied' },
  },
  'a policy that speaks like the authorizer has denied': {
    code: 403,
    reason: 'Forbidden',
    message: `deployments.apps "edge" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: deployments.apps "edge" is forbidden: ${namespaced('patch resource "deployments"')}`,
    details: { causes: [{ message: 'the same' }] },
    expected: { kind: 'denied' },
  },
  'a mutating policy that fails has denied': {
    code: 403,
    reason: 'Invalid',
    message: `policy 'p' with binding 'b' denied request: expression '"x"[0]' resulted in error: no such overload`,
    details: { causes: [{ message: 'the same' }] },
    expected: { kind: 'denied' },
  },
  'a mutating policy that speaks of a quota has denied': {
    code: 403,
    message: `policy "p" denied request: pods "x" is forbidden: exceeded quota: q`,
    expected: { kind: 'denied' },
  },
  'a built-in check of pods has denied': {
    code: 403,
    message:
      'pods "x" is forbidden: pod node label selector conflicts with its namespace node label selector',
    expected: { kind: 'denied' },
  },
  'a check that quotes the authorizer has denied': {
    code: 403,
    reason: 'Forbidden',
    message: `deployments.apps "edge" is forbidden: no parameters: secrets "x" is forbidden: ${namespaced('get resource "secrets"')}`,
    expected: { kind: 'denied' },
  },
  'the words of the authorizer with causes, which it never gives, are a denial': {
    code: 403,
    reason: 'Forbidden',
    message: `deployments.apps "edge" is forbidden: ${namespaced('patch resource "deployments"')}`,
    details: { causes: [{ message: 'by a policy' }] },
    expected: { kind: 'denied' },
  },
  'a check that quotes a quota has denied': {
    code: 403,
    message: 'pods "x" is forbidden: the team has exceeded quota: q',
    expected: { kind: 'denied' },
  },
  'a limit range has denied': {
    code: 403,
    message: 'pods "x" is forbidden: maximum cpu usage per Container is 1, but limit is 2',
    expected: { kind: 'denied' },
  },
  'an owner that may not be blocked has denied': {
    code: 403,
    message:
      'deployments.apps "edge" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can\'t set finalizers on: , <nil>',
    expected: { kind: 'denied' },
  },
  'a 403 that says nothing is no missing right': {
    code: 403,
    message: 'HTTP 403 without an explanation',
    expected: { kind: 'denied' },
  },
  'admission that is not ready yet is a matter of time': {
    code: 403,
    message: 'deployments.apps "edge" is forbidden: not yet ready to handle request',
    expected: { kind: 'server-error' },
  },
  'a namespace that is being deleted says so in words, too': {
    code: 403,
    message:
      'configmaps "x" is forbidden: unable to create new content in namespace prod because it is being terminated',
    expected: { kind: 'forbidden', cause: 'terminating' },
  },
  '403 in a namespace that is being deleted': {
    code: 403,
    details: { causes: [{ reason: 'NamespaceTerminating', message: 'namespace prod is …' }] },
    expected: { kind: 'forbidden', cause: 'terminating' },
  },
  '403 of a quota': {
    code: 403,
    message: 'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1',
    expected: { kind: 'forbidden', cause: 'quota' },
  },
  'a webhook denies with 400': { code: 400, message: denied, expected: { kind: 'denied' } },
  'a webhook denies with 403': { code: 403, message: denied, expected: { kind: 'denied' } },
  'a webhook denies with 409': { code: 409, message: denied, expected: { kind: 'denied' } },
  'a policy denies with 422': {
    code: 422,
    message: `deployments.apps "edge" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no`,
    expected: { kind: 'denied' },
  },
  'Pod Security denies': {
    code: 403,
    message: 'pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot',
    expected: { kind: 'denied' },
  },
  'a quantity that is none is invalid, although the server says 500': {
    code: 500,
    message:
      'failed to convert new object (prod/edge; apps/v1, Kind=Deployment) to proper version: quantities must match',
    expected: { kind: 'invalid' },
  },
  'a webhook that fails is a server error': {
    code: 500,
    message: 'Internal error occurred: failed calling webhook "policy.example": denied the request',
    expected: { kind: 'server-error' },
  },
  '404 is not found': { code: 404, expected: { kind: 'not-found' } },
  '409 is a conflict': { code: 409, reason: 'Conflict', expected: { kind: 'conflict' } },
  '409 on a create as well': { code: 409, reason: 'AlreadyExists', expected: { kind: 'conflict' } },
  '410 is expired': { code: 410, reason: 'Expired', expected: { kind: 'expired' } },
  'a version from the future counts as expired': {
    code: 504,
    reason: 'Timeout',
    message: 'Timeout: Too large resource version: 9, current: 5',
    details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large …' }] },
    expected: { kind: 'expired' },
  },
  '400 is invalid': { code: 400, reason: 'BadRequest', expected: { kind: 'invalid' } },
  '405 is invalid': { code: 405, expected: { kind: 'invalid' } },
  '413 is invalid': { code: 413, expected: { kind: 'invalid' } },
  '415 is invalid': { code: 415, expected: { kind: 'invalid' } },
  '422 is invalid': { code: 422, reason: 'Invalid', expected: { kind: 'invalid' } },
  '429 says when to come back': {
    code: 429,
    headers: { 'retry-after': '7' },
    expected: { kind: 'throttled', retryAfterMs: 7000 },
  },
  '429 without a time means a second': {
    code: 429,
    expected: { kind: 'throttled', retryAfterMs: 1000 },
  },
  '429 with the time in its details': {
    code: 429,
    details: { retryAfterSeconds: 3 },
    expected: { kind: 'throttled', retryAfterMs: 3000 },
  },
  'an apply that does not fit the schema is invalid, although it comes as 500': {
    code: 500,
    message:
      'failed to create typed patch object (prod/edge; apps/v1, Kind=Deployment): .spec.x: field not declared in schema',
    expected: { kind: 'invalid' },
  },
  '500 is a server error': { code: 500, expected: { kind: 'server-error' } },
  '503 may say when to come back': {
    code: 503,
    headers: { 'retry-after': '2' },
    expected: { kind: 'server-error', retryAfterMs: 2000 },
  },
  'a redirect is nothing we follow': { code: 302, expected: { kind: 'server-error' } },
};

for (const [
  sentence,
  { code, reason = '', message = 'why', headers = {}, ...rest },
] of Object.entries(cases)) {
  test(sentence, () => {
    const body = JSON.stringify(statusObject(code, reason, message, rest.details));

    const failure = failureOfAnswer(call, { statusCode: code, headers, body });

    assert.deepEqual({ ...failure, message: '' }, { ...rest.expected, message: '' });
    assert.equal(failure.message, `Cannot apply Deployment "prod/edge": ${message}`);
  });
}

test('an answer that is no Status is never quoted', () => {
  const body = '<html>token=abc</html>';

  const failure = failureOfAnswer(call, { statusCode: 502, headers: {}, body });

  assert.equal(
    failure.message,
    'Cannot apply Deployment "prod/edge": HTTP 502 without an explanation',
  );
});

test('an ERROR event is judged by the code of its Status', () => {
  const expired = statusObject(410, 'Expired', 'too old resource version: 1 (2)');

  assert.equal(failureOfErrorEvent(call, expired).kind, 'expired');
  assert.equal(failureOfErrorEvent(call, statusObject(429, '', 'x')).kind, 'throttled');
  assert.equal(failureOfErrorEvent(call, 'nonsense').kind, 'server-error');
});

test('only 429, and 503 with a time, ask for the same request again', () => {
  const asked = (statusCode: number, after?: string) =>
    retryAfterMsOf({
      statusCode,
      headers: after === undefined ? {} : { 'retry-after': after },
      body: '',
    });

  assert.equal(asked(429), 1000);
  assert.equal(asked(503, '2'), 2000);
  assert.equal(asked(503), undefined);
  assert.equal(asked(500, '2'), undefined);
  assert.equal(asked(429, 'Wed, 21 Oct 2015 07:28:00 GMT'), 1000);
});

test('an exchange without an answer is unreachable, unless we ended it', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), {
    code: 'ECONNREFUSED',
  });

  const kinds = [
    failureOfExchange(call, refused, undefined),
    failureOfExchange(call, refused, { kind: 'deadline', afterMs: 5000 }),
    failureOfExchange(call, refused, { kind: 'aborted' }),
  ];

  assert.deepEqual(kinds, [
    {
      kind: 'unreachable',
      message: 'Cannot apply Deployment "prod/edge": connect ECONNREFUSED 10.0.0.1:443',
    },
    { kind: 'timeout', message: 'Cannot apply Deployment "prod/edge": no answer within 5 s' },
    { kind: 'aborted', message: 'Cannot apply Deployment "prod/edge": the call was aborted' },
  ]);
});

test('a failure that is classified already stays as it is', () => {
  const failure = { kind: 'unauthorized', message: 'no token' } as const;

  assert.equal(failureOfExchange(call, new KubeError(failure), undefined), failure);
});

test('any status and any body give a failure with a bounded message', () => {
  fc.assert(
    fc.property(fc.integer({ min: 300, max: 599 }), fc.json(), fc.string(), (code, body, after) => {
      const headers = { 'retry-after': after };
      const failure = failureOfAnswer(call, { statusCode: code, headers, body });
      assert.ok(failure.message.length <= 2048);
    }),
  );
});
