/** Where Kubernetes may put a pod: affinity, tolerations, spread. */
import type { Schema } from '../build.ts';
import { listOf, mapOf, shape, words } from './shape.ts';

const LABEL_VALUE_MAX_LENGTH = 63;
/** A DNS prefix, a slash and a name. */
const LABEL_KEY_MAX_LENGTH = 317;
/** Terms of one list: several places to run, or several kinds of neighbours. */
const MAX_TERMS = 6;
const MAX_EXPRESSIONS = 6;
/** Types and names of nodes are listed by the dozen, values of the labels of pods are not. */
const MAX_NODE_VALUES = 30;
const MAX_POD_VALUES = 8;

function expressions(maxItems: number, values: Schema): Schema {
  return listOf(maxItems, shape('operator', { key: words(LABEL_KEY_MAX_LENGTH), values }));
}

/** A selector of objects by their labels. */
const labelSelector: Schema = shape('', {
  matchLabels: mapOf(MAX_POD_VALUES, words(LABEL_VALUE_MAX_LENGTH)),
  matchExpressions: expressions(
    MAX_EXPRESSIONS,
    listOf(MAX_POD_VALUES, words(LABEL_VALUE_MAX_LENGTH)),
  ),
});

const nodeTerm = shape('', {
  matchExpressions: expressions(
    MAX_EXPRESSIONS,
    listOf(MAX_NODE_VALUES, words(LABEL_VALUE_MAX_LENGTH)),
  ),
  // Kubernetes knows one such field: the name.
  matchFields: expressions(1, listOf(MAX_NODE_VALUES, words(253))),
});

const podTerm = shape('topologyKey', {
  labelSelector,
  namespaceSelector: labelSelector,
  namespaces: listOf(MAX_POD_VALUES, words(LABEL_VALUE_MAX_LENGTH)),
  matchLabelKeys: listOf(MAX_POD_VALUES, words(LABEL_KEY_MAX_LENGTH)),
  mismatchLabelKeys: listOf(MAX_POD_VALUES, words(LABEL_KEY_MAX_LENGTH)),
});

const betweenPods = shape('', {
  requiredDuringSchedulingIgnoredDuringExecution: listOf(MAX_TERMS, podTerm),
  preferredDuringSchedulingIgnoredDuringExecution: listOf(
    MAX_TERMS,
    shape('weight#', { podAffinityTerm: podTerm }),
  ),
});

/** `affinity` of a pod. */
export const affinity: Schema = shape('', {
  nodeAffinity: shape('', {
    requiredDuringSchedulingIgnoredDuringExecution: shape('', {
      nodeSelectorTerms: listOf(MAX_TERMS, nodeTerm),
    }),
    preferredDuringSchedulingIgnoredDuringExecution: listOf(
      MAX_TERMS,
      shape('weight#', { preference: nodeTerm }),
    ),
  }),
  podAffinity: betweenPods,
  podAntiAffinity: betweenPods,
});

/** One toleration of a pod. */
export const toleration: Schema = shape('key operator value effect tolerationSeconds#');

/** One constraint of a pod's spread. */
export const spreadConstraint: Schema = shape(
  'topologyKey whenUnsatisfiable maxSkew# minDomains# nodeAffinityPolicy nodeTaintsPolicy',
  { labelSelector, matchLabelKeys: listOf(MAX_POD_VALUES, words(LABEL_KEY_MAX_LENGTH)) },
);
