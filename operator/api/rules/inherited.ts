/** Which labels and annotations may be handed on to the children: none that another tool acts on. */
import { API_GROUP } from '../../base/resource-kinds.ts';
import type { Rule } from './rule.ts';

type StringMap = Readonly<Record<string, string>>;

/**
 * Keys with these prefixes would make GitOps tools, Helm, kubectl, Kubernetes' own controllers or
 * this operator take the children for objects that they manage.
 */
export const DENIED_PREFIXES = [
  'argocd.argoproj.io/',
  'controller.kubernetes.io/',
  'deployment.kubernetes.io/',
  'helm.sh/',
  'helm.toolkit.fluxcd.io/',
  `${API_GROUP}/`,
  'kubectl.kubernetes.io/',
  'kustomize.toolkit.fluxcd.io/',
  'meta.helm.sh/',
] as const;

/** Keys that we, or the Deployment controller, set to values of our own. */
export const DENIED_KEYS = [
  'app.kubernetes.io/instance',
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/name',
  'pod-template-hash',
] as const;

// A name of at most 63 characters, after an optional DNS prefix of at most 253.
const KEY_PATTERN =
  '^([a-z0-9]+(-+[a-z0-9]+)*(\\.[a-z0-9]+(-+[a-z0-9]+)*)*/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$';
const PREFIX_MAX_LENGTH = 253;

/** The rules on the keys of `labels` or `annotations`. */
export function inheritedKeyRules(field: string): readonly Rule<StringMap>[] {
  const grammar = new RegExp(KEY_PATTERN);
  const denied = [
    ...DENIED_KEYS.map((key) => `k == '${key}'`),
    ...DENIED_PREFIXES.map((prefix) => `k.startsWith('${prefix}')`),
  ].join(' || ');
  return [
    {
      name: `${field}-key-format`,
      cel: `self.all(k, k.indexOf('/') <= ${PREFIX_MAX_LENGTH} && k.matches(r'${KEY_PATTERN}'))`,
      message: `\`${field}\` must have keys of the form name or domain/name, as Kubernetes demands`,
      holds: (self) =>
        Object.keys(self).every(
          (key) => key.indexOf('/') <= PREFIX_MAX_LENGTH && grammar.test(key),
        ),
    },
    {
      name: `${field}-key-foreign`,
      cel: `self.all(k, !(${denied}))`,
      // The keys at fault can't be shown: the API server prices a text of unknown length too high.
      message: `\`${field}\` must not have keys that another tool or this operator acts on: ${DENIED_KEYS.join(', ')}, nor any that start with ${DENIED_PREFIXES.join(', ')}`,
      holds: (self) => !Object.keys(self).some(isDenied),
    },
  ];
}

function isDenied(key: string): boolean {
  return (
    DENIED_KEYS.some((denied) => key === denied) ||
    DENIED_PREFIXES.some((prefix) => key.startsWith(prefix))
  );
}
