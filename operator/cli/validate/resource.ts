/**
 * One resource of a file: what the API server would refuse, what would keep the operator from applying
 * it, and what is merely unwise.
 */
import type { Ha } from '../../api/ha.ts';
import { type Problem, parseResource, unknownFields } from '../../api/parse.ts';
import type { Advice, TerminalError } from '../../api/status.ts';
import { defined } from '../../base/defined.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { isObject, record } from '../../base/read.ts';
import { API_GROUP, API_VERSION, RESOURCE_KIND } from '../../base/resource-kinds.ts';
import { findAdvice, findTerminalErrors } from '../../desired/check/check.ts';
import type { InstallerPolicy } from '../../desired/installer.ts';
import { servedNamespacesProblem } from '../../desired/rights.ts';
import { metadataProblems } from './metadata.ts';

/** Something to say about a resource. */
export interface Issue extends Problem {
  readonly severity: 'error' | 'warning';
  /** As the operator's conditions would give it. */
  readonly reason?: TerminalError['reason'] | Advice['reason'];
  /** A path below `path` that the message names, if it can be found there. */
  readonly detail?: string;
}

/** What came of checking one resource. */
interface CheckedResource {
  readonly issues: readonly Issue[];
  /** Undefined while the API server would refuse it. */
  readonly ha?: Ha;
}

/** Whether an object in a file is checked: a resource is, other kinds are skipped, what is no object is an error. */
type Concern = 'resource' | 'other-kind' | 'no-object';

/** A value with only one of our kind and our group is taken for a resource too: the other one is misspelt. */
export function concernOf(value: unknown): Concern {
  if (!isObject(value)) return 'no-object';
  const { apiVersion, kind } = value;
  const ofOurGroup = typeof apiVersion === 'string' && apiVersion.split('/')[0] === API_GROUP;
  if (kind === RESOURCE_KIND || ofOurGroup) return 'resource';
  return isFilled(apiVersion) && isFilled(kind) ? 'other-kind' : 'no-object';
}

/** The problem with a value that is no Kubernetes object, in kubectl's words. */
export function noObjectIssue(value: unknown): Issue {
  if (!isObject(value)) return error({ path: '', message: 'Must be a Kubernetes object' });
  const path = isFilled(value.apiVersion) ? 'kind' : 'apiVersion';
  return error({ path, message: `\`${path}\` must be set: this is no Kubernetes object` });
}

/** `value` must be one that `concernOf` takes for a resource; `namespace` is that of a resource that names none. */
export function checkResource(
  value: unknown,
  policy: InstallerPolicy,
  { namespace }: { readonly namespace: string },
): CheckedResource {
  const resource = withNamespace(value as KubeObject, namespace);
  const { apiVersion, kind, metadata } = resource;
  if (apiVersion !== API_VERSION || kind !== RESOURCE_KIND) {
    const path = kind === RESOURCE_KIND ? 'apiVersion' : 'kind';
    const expected = kind === RESOURCE_KIND ? API_VERSION : RESOURCE_KIND;
    return { issues: [error({ path, message: `Must be ${expected}` })] };
  }
  const parsed = parseResource(resource);
  const refused = [
    ...(parsed.kind === 'invalid' ? parsed.problems : []),
    ...unknownFields(resource),
    ...metadataProblems(metadata),
  ].map(error);
  if (parsed.kind === 'invalid') return { issues: refused };
  const { ha } = parsed;
  const blocked = findTerminalErrors(ha, policy).map((it) => fromSentence('error', it));
  // Advice about a field that is refused would repeat the problem.
  const advice = findAdvice(ha, policy)
    .map((it) => fromSentence('warning', it))
    .filter(({ path }) => !blocked.some((terminalError) => terminalError.path === path));
  return { issues: [...refused, ...unserved(value), ...blocked, ...advice], ha };
}

/** Only of a namespace that the file names: for any other the command line decides later. */
function unserved(value: unknown): readonly Issue[] {
  const { namespace } = record(record(value).metadata);
  const problem = typeof namespace === 'string' ? servedNamespacesProblem([namespace]) : undefined;
  if (problem === undefined) return [];
  return [
    {
      severity: 'warning',
      path: 'metadata.namespace',
      message: `No operator will serve it. ${problem}`,
    },
  ];
}

function error(problem: Problem): Issue {
  return { severity: 'error', ...problem };
}

/** Terminal errors and advice begin with the field to blame, and some name a key below it. */
const SENTENCE = /^(?<field>spec(?:\.\w+)*)(?::? )(?<rest>.*)$/su;
const DETAIL = /^(?:sets|has null at|has|changes) (?<detail>[\w.[\]]+)/;

function fromSentence(
  severity: Issue['severity'],
  { reason, message }: TerminalError | Advice,
): Issue {
  const { field = 'spec', rest = message } = SENTENCE.exec(message)?.groups ?? {};
  const detail = DETAIL.exec(rest)?.groups?.detail;
  return defined({
    severity,
    reason,
    path: field,
    message: withoutFullStop(rest),
    detail: detail === undefined ? undefined : `${field}.${detail}`,
  });
}

function withoutFullStop(sentence: string): string {
  return sentence.endsWith('.') ? sentence.slice(0, -1) : sentence;
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function withNamespace(resource: KubeObject, namespace: string): KubeObject {
  const metadata: unknown = resource.metadata;
  if (!isObject(metadata) || (metadata.namespace ?? null) !== null) return resource;
  return { ...resource, metadata: { ...resource.metadata, namespace } };
}
