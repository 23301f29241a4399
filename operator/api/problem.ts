/** What is wrong with a resource, and where. */

/** Something the user has to change. */
export interface Problem {
  /** Where: `spec.leaderElection.renewDeadline`, `spec.controller.volumes[0].name`. */
  readonly path: string;
  /** One sentence. */
  readonly message: string;
}

/** `base.name`, or `base["name"]` where a dot would mislead; an index gives `base[0]`. */
export function pathTo(base: string, step: string | number): string {
  if (typeof step === 'number') return `${base}[${step}]`;
  if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `${base}[${JSON.stringify(step)}]`;
  return base === '' ? step : `${base}.${step}`;
}
