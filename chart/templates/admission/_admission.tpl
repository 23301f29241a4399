{{/*
What the policies here share. Nothing renders an object alone but `ingress-ha.admission.binding`.
*/}}

{{/* Binds a policy to namespaces: a dict of root, name, actions, namespaces, and withParams. */}}
{{- define "ingress-ha.admission.binding" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ .name | quote }}
  labels:
    {{- include "ingress-ha.labels" .root | nindent 4 }}
spec:
  policyName: {{ .name | quote }}
  validationActions: {{ toJson .actions }}
  {{- if .withParams }}
  # Each resource of the namespace of the request is a parameter: the policy is asked once for each.
  paramRef:
    selector: {}
    parameterNotFoundAction: Allow
  {{- end }}
  matchResources:
    namespaceSelector:
      matchExpressions:
        # The API server sets this label itself, and nobody can change it.
        - key: kubernetes.io/metadata.name
          operator: In
          values: {{ toJson .namespaces }}
{{- end }}

{{/* Advice warns in the served namespaces. */}}
{{- define "ingress-ha.advice.binding" -}}
{{- $served := include "ingress-ha.servedNamespaces" .root | fromJsonArray -}}
{{- include "ingress-ha.admission.binding" (merge (dict "actions" (list "Warn" "Audit") "namespaces" $served) .) -}}
{{- end }}

{{/* The lock also holds where the operator lives: its account can make pods with the controllers' one. */}}
{{- define "ingress-ha.lock.binding" -}}
{{- $namespaces := append (include "ingress-ha.servedNamespaces" .root | fromJsonArray) .root.Release.Namespace | uniq | sortAlpha -}}
{{- include "ingress-ha.admission.binding" (merge (dict "actions" (list "Deny") "namespaces" $namespaces) .) -}}
{{- end }}

{{/* As the API server calls the operator. */}}
{{- define "ingress-ha.lock.operator" -}}
{{- printf "system:serviceaccount:%s:%s" .Release.Namespace (include "ingress-ha.serviceAccountName" .) -}}
{{- end }}

{{/* A list in CEL: NAMESPACE/NAME of each account that leads to all Secrets. */}}
{{- define "ingress-ha.lock.accounts" -}}
{{- $accounts := list (printf "%s/%s" .Release.Namespace (include "ingress-ha.serviceAccountName" .)) -}}
{{- range include "ingress-ha.servedNamespaces" . | fromJsonArray -}}
{{- $accounts = append $accounts (printf "%s/%s" . (include "ingress-ha.controllerServiceAccountName" $)) -}}
{{- end -}}
{{- $accounts | uniq | sortAlpha | toJson -}}
{{- end }}

{{/* Users whom the installer has exempted are not looked at; starts with a new line of spec, if there are any. */}}
{{- define "ingress-ha.lock.matchConditions" -}}
{{- with .Values.admissionPolicies.lockServiceAccount.exemptUsers }}
  matchConditions:
    - name: not-exempt
      expression: '!(request.userInfo.username in {{ toJson . | replace "'" "\\u0027" }})'
{{- end }}
{{- end }}

{{/* Reads variables.account, the name of an account in the namespace of the request. */}}
{{- define "ingress-ha.lock.isLocked" -}}
- name: isLocked
  expression: (request.namespace + '/' + variables.account) in {{ include "ingress-ha.lock.accounts" . }}
{{- end }}

{{/*
What makes an object pass as one of the operator's, as words: labels, and an owner. A dict of name, and
object (CEL).
*/}}
{{- define "ingress-ha.lock.marks" -}}
- name: {{ .name }}
  expression: >-
    {{ .object }}.metadata.?labels.orValue({}).map(key,
      key == 'ingressha.dev/name' || key == 'app.kubernetes.io/managed-by' && {{ .object }}.metadata.labels[key] == 'ingress-controller-ha',
      key + '=' + {{ .object }}.metadata.labels[key])
    + {{ .object }}.metadata.?ownerReferences.orValue([]).map(owner,
      owner.kind == 'IngressControllerHA' && owner.apiVersion.startsWith('ingressha.dev/'), owner.uid)
{{- end }}

{{/* Whoever may bind any ClusterRole, as an installer can, may have all rights, and gains none here. */}}
{{- define "ingress-ha.lock.gainsNothing" -}}
- name: gainsNothing
  expression: authorizer.group('rbac.authorization.k8s.io').resource('clusterroles').check('bind').allowed()
{{- end }}

{{/* One sentence in CEL: a dict of root, who (CEL) leads to all Secrets, so what (words). */}}
{{- define "ingress-ha.lock.message" -}}
messageExpression: >-
  {{ .who }} + ' leads to all Secrets of the cluster, so {{ .so }}; if user "' + request.userInfo.username
  + '" must, ask the installer to list it in {{ include "ingress-ha.prefix" .root }}admissionPolicies.lockServiceAccount.exemptUsers'
{{- end }}

{{- define "ingress-ha.lock.account" -}}
'ServiceAccount "' + variables.account + '"'
{{- end }}
