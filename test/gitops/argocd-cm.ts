/** docs/argocd/argocd-cm.yaml as it must be: the scripts of the customization in one ConfigMap. */
import { ACTIONS, source } from './argocd.ts';

const KEY = 'ingressha.dev_IngressControllerHA';

const HEAD = `\
# Teaches Argo CD the health and the actions of IngressControllerHA:
#   kubectl patch configmap argocd-cm -n argocd --patch-file argocd-cm.yaml
# Generated from resource_customizations/ by the tests (UPDATE_GOLDEN=1). Do not edit.
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
data:
`;

export function argocdConfigMap(): string {
  const health = block(`resource.customizations.health.${KEY}`, source('health.lua'));
  const actions = block(`resource.customizations.actions.${KEY}`, definitions());
  return `${HEAD}${indented(`${health}${actions}`)}`;
}

function definitions(): string {
  const discovery = block('discovery.lua', source('actions/discovery.lua'));
  const items = ACTIONS.map((name) => {
    const action = block('action.lua', source(`actions/${name}/action.lua`));
    return `- name: ${name}\n${indented(action)}`;
  });
  return `${discovery}definitions:\n${items.join('')}`;
}

/** A literal block: the text stays readable, and comes out as it went in. */
function block(key: string, text: string): string {
  return `${key}: |\n${indented(text)}`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
