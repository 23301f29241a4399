/**
 * How a metric is declared. A declaration is plain data, so that the docs, the tests of the chart's
 * alerts and the code that counts read one table; its labels are kept as types, so that counting
 * with a label that was not declared does not compile.
 *
 * The rules for names are those of Prometheus' data model:
 * https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
 */

/** A value for each declared label. Any text is allowed; an empty one means to Prometheus that the label is absent. */
export type Labels<Label extends string> = Readonly<Record<Label, string>>;

/** One metric of the table: a family, in the words of Prometheus. */
export interface MetricDeclaration<Label extends string = string> {
  /** Letters, digits, `_` and `:`; the unit last, in seconds or bytes; `_total` ends a counter's. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** One sentence for users; it is shown at every scrape and in docs/reference/metrics.md. */
  readonly help: string;
  /** In the order in which a sample shows them; none twice. */
  readonly labels: readonly Label[];
  /** Of a histogram: upper bounds, included in their bucket, ascending. `+Inf` is added. */
  readonly buckets?: readonly number[];
  /**
   * How many of the first labels name an owner, such as a resource: its series are dropped once the
   * owner is no longer expected (`Expecting` in registry.ts). 0 to the number of labels. Default 0: none.
   */
  readonly owner?: number;
}

/** A total that only grows, until the process ends. */
export function counter<const Label extends string>(
  name: string,
  labels: readonly Label[],
  help: string,
) {
  return { name, type: 'counter', help, labels } as const;
}

/** A value that goes up and down. */
export function gauge<const Label extends string>(
  name: string,
  labels: readonly Label[],
  help: string,
) {
  return { name, type: 'gauge', help, labels } as const;
}

/** A distribution. `options.buckets`: upper bounds in the unit of the name (seconds), ascending. */
export function histogram<const Label extends string>(
  name: string,
  labels: readonly Label[],
  options: { readonly help: string; readonly buckets: readonly number[] },
) {
  return { name, type: 'histogram', labels, ...options } as const;
}

/** Makes a resource the owner: the first two labels are its namespace and its name. */
export function perResource<const Declaration extends object>(declaration: Declaration) {
  return { ...declaration, owner: 2 } as const;
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * What is wrong with a declaration, as a sentence; undefined when nothing is. Prometheus refuses a
 * whole scrape for one bad name, so the registry refuses such a declaration when the process starts.
 */
export function declarationProblem(declaration: MetricDeclaration): string | undefined {
  const { name, labels, owner = 0 } = declaration;
  const at = `The metric "${name}"`;
  if (!METRIC_NAME.test(name)) return `${at} has a name that Prometheus does not take`;
  const badLabel = labels.find((label) => !isLabelName(label));
  if (badLabel !== undefined) return `${at} has the label "${badLabel}", which is not allowed`;
  if (new Set(labels).size < labels.length) return `${at} has a label twice`;
  if (!Number.isInteger(owner) || owner < 0 || owner > labels.length) {
    return `${at} says that ${owner} labels name its owner, and has ${labels.length}`;
  }
  const bucketProblem = problemOfBuckets(declaration);
  return bucketProblem && `${at} ${bucketProblem}`;
}

/** `__…` belongs to Prometheus, and `le` to the buckets of a histogram. */
function isLabelName(label: string): boolean {
  return LABEL_NAME.test(label) && !label.startsWith('__') && label !== 'le';
}

function problemOfBuckets({ type, buckets }: MetricDeclaration): string | undefined {
  if (type !== 'histogram') return buckets && `is a ${type} and has buckets`;
  if (buckets === undefined || buckets.length === 0) return 'is a histogram without buckets';
  const ascend = buckets.every((bound, index) => bound > (buckets[index - 1] ?? -Infinity));
  return ascend && buckets.every(Number.isFinite)
    ? undefined
    : `has buckets that are not finite and ascending: ${buckets.join(', ')}`;
}
