/** Rights as `verb resource`, as they are granted and as the audit log shows them used. */

import type { PolicyRule } from '../../../operator/desired/controller-rules.ts';
import { operatorRights } from '../../../operator/desired/rights.ts';
import type { AuditEntry } from '../support/audit.ts';

/** What the operator is granted in all, wherever: `patch ingresscontrollerhas/status`. */
export function operatorGrants(): readonly string[] {
  const account = 'operator';
  const rights = operatorRights({
    operatorNamespace: 'own',
    servedNamespaces: ['served'],
    serviceAccountName: account,
  });
  const roles = rights.filter(
    ({ kind, metadata }) => /Role$/.test(kind) && metadata.name.startsWith(account),
  );
  const rules = roles.flatMap(({ rules }) => rules as readonly PolicyRule[]);
  const grants = rules.flatMap(({ resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
  );
  return [...new Set(grants)].toSorted();
}

/** A server-side apply that creates needs `create` besides `patch`, and is answered with 201. */
export function rightsUsed(entries: readonly AuditEntry[]): readonly string[] {
  const used = entries.flatMap(({ verb, resource, subresource, code }) => {
    const what = subresource === '' ? resource : `${resource}/${subresource}`;
    return verb === 'patch' && code === 201
      ? [`create ${what}`, `patch ${what}`]
      : [`${verb} ${what}`];
  });
  return [...new Set(used)].toSorted();
}
