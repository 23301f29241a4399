/** Shorthands in which the table of metrics is written; each keeps the names of its labels as types. */

export function counter<const Label extends string>(
  name: string,
  labels: readonly Label[],
  help: string,
) {
  return { name, type: 'counter', help, labels } as const;
}

export function gauge<const Label extends string>(
  name: string,
  labels: readonly Label[],
  help: string,
) {
  return { name, type: 'gauge', help, labels } as const;
}

/** `options.buckets`: upper bounds in seconds, ascending. */
export function histogram<const Label extends string>(
  name: string,
  labels: readonly Label[],
  options: { readonly help: string; readonly buckets: readonly number[] },
) {
  return { name, type: 'histogram', labels, ...options } as const;
}

/** Its first two labels are the namespace and the name of a resource, with which its series go. */
export function perResource<const Declaration extends object>(declaration: Declaration) {
  return { ...declaration, owner: 2 } as const;
}
