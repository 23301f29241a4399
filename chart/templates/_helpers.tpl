{{/*
Names, labels and the values that several templates read. Nothing here renders an object.
*/}}

{{/* What our objects are called after; not the chart's name, which an alias in a parent chart changes. */}}
{{- define "ingress-ha.name" -}}
{{- default "ingress-controller-ha" .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* Deployment, account and roles of the operator. A release may have a dot in its name; this has none. */}}
{{- define "ingress-ha.fullname" -}}
{{- $name := include "ingress-ha.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | replace "." "-" | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | replace "." "-" | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/*
What cluster-scoped objects are called, and others whose namespace releases may share. What an object is
for follows after a dot. No part has dots of its own, so the names of two releases are never the same.
*/}}
{{- define "ingress-ha.clusterName" -}}
{{- printf "%s.%s" (include "ingress-ha.fullname" .) .Release.Namespace -}}
{{- end }}

{{/* As YAML. A map and not lines, so that no key stands there twice: a dict of root, and further labels. */}}
{{- define "ingress-ha.labelsWith" -}}
{{- $root := .root -}}
{{- $chart := printf "ingress-controller-ha-%s" $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- $ours := dict "helm.sh/chart" $chart "app.kubernetes.io/name" (include "ingress-ha.name" $root) -}}
{{- $_ := set $ours "app.kubernetes.io/instance" $root.Release.Name -}}
{{- $_ := set $ours "app.kubernetes.io/version" $root.Chart.AppVersion -}}
{{- $_ := set $ours "app.kubernetes.io/managed-by" $root.Release.Service -}}
{{- mergeOverwrite (dict) $root.Values.commonLabels (.labels | default dict) $ours | toYaml -}}
{{- end }}

{{- define "ingress-ha.labels" -}}
{{- include "ingress-ha.labelsWith" (dict "root" .) -}}
{{- end }}

{{/* The operator's pods, and no other pods: a parent chart may have this one twice in one release. */}}
{{- define "ingress-ha.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ingress-ha.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: operator
ingressha.dev/operator: {{ include "ingress-ha.fullname" . | quote }}
{{- end }}

{{/* As JSON, sorted: `include "ingress-ha.servedNamespaces" . | fromJsonArray`. */}}
{{- define "ingress-ha.servedNamespaces" -}}
{{- .Values.servedNamespaces | default (list .Release.Namespace) | uniq | sortAlpha | toJson -}}
{{- end }}

{{- define "ingress-ha.serviceAccountName" -}}
{{- .Values.operator.serviceAccount.name | default (include "ingress-ha.fullname" .) -}}
{{- end }}

{{/* One in each served namespace, under this name. */}}
{{- define "ingress-ha.controllerServiceAccountName" -}}
{{- .Values.controllerServiceAccount.name | default (printf "%s-controller" (include "ingress-ha.fullname" .)) -}}
{{- end }}

{{/* The operators of this release elect their leader by it. */}}
{{- define "ingress-ha.leaseName" -}}
{{- include "ingress-ha.fullname" . -}}
{{- end }}

{{- define "ingress-ha.instanceName" -}}
{{- .Values.instance.name | default .Release.Name -}}
{{- end }}

{{- define "ingress-ha.instanceNamespace" -}}
{{- .Values.instance.namespace | default (include "ingress-ha.servedNamespaces" . | fromJsonArray | first) -}}
{{- end }}

{{/* What the controller answers to; IngressClass and GatewayClass name it. */}}
{{- define "ingress-ha.controllerName" -}}
{{- $config := ((.Values.instance.spec | default dict).controller | default dict).config | default dict -}}
{{- $config.controllerName | default "apisix.apache.org/apisix-ingress-controller" -}}
{{- end }}

{{/* A tag that is not set at all is the chart's appVersion; an empty one needs a digest. */}}
{{- define "ingress-ha.image" -}}
{{- $image := .Values.image -}}
{{- $repository := required (include "ingress-ha.noRepository" .) $image.repository -}}
{{- $registry := (.Values.global | default dict).imageRegistry | default $image.registry -}}
{{- $tag := ternary .Chart.AppVersion $image.tag (kindIs "invalid" $image.tag) -}}
{{- with $registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{- $repository -}}
{{- with $tag }}:{{ . }}{{ end -}}
{{- with $image.digest }}@{{ . }}{{ end -}}
{{- end }}

{{- define "ingress-ha.noRepository" -}}
There is no image.repository: build the image with scripts/image, push it to your registry, and name it with --set {{ include "ingress-ha.prefix" . }}image.repository=REGISTRY/ingress-controller-ha
{{- end }}

{{/* As YAML, or nothing. */}}
{{- define "ingress-ha.imagePullSecrets" -}}
{{- include "ingress-ha.pullSecrets" (dict "root" . "own" .Values.imagePullSecrets) -}}
{{- end }}

{{/*
A dict of root, and own: those that count before the parent chart's. Other charts under that parent may
want theirs as plain names, so both are taken.
*/}}
{{- define "ingress-ha.pullSecrets" -}}
{{- $secrets := list -}}
{{- range .own | default (.root.Values.global | default dict).imagePullSecrets -}}
{{- $secrets = append $secrets (ternary (dict "name" .) . (kindIs "string" .)) -}}
{{- end -}}
{{- with $secrets -}}
{{- toYaml . -}}
{{- end -}}
{{- end }}

{{/* The restricted profile of the Pod Security Standards. */}}
{{- define "ingress-ha.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "ingress-ha.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}

{{/* How a user reaches our values: empty, or `ingress-controller.` below a parent chart. */}}
{{- define "ingress-ha.prefix" -}}
{{- range rest (splitList "/charts/" (trimSuffix "/templates" .Template.BasePath)) }}{{ . }}.{{ end -}}
{{- end }}
