{{/*
Names of the drill's objects. A CronJob's name has 52 characters at most, since those of its Jobs are longer.
*/}}

{{- define "ingress-ha.drillName" -}}
{{- printf "%s-drill" (include "ingress-ha.fullname" . | trunc 46 | trimSuffix "-") -}}
{{- end }}

{{/* The Lease of the resource: the one that values name, or its default. */}}
{{- define "ingress-ha.instanceLeaseName" -}}
{{- (include "ingress-ha.electionValues" . | fromJson).id | default "apisix-ingress-controller-leader" -}}
{{- end }}
