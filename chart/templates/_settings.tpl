{{/*
More of what the schema cannot say: about labels, accounts, and what the operator and `drill` would refuse
when they start. Each check fails with one sentence, as in _checks.tpl.
*/}}

{{/* Ours would win, and nobody would notice. */}}
{{- define "ingress-ha.checkLabels" -}}
{{- $prefix := include "ingress-ha.prefix" . -}}
{{- $own := list "helm.sh/chart" "ingressha.dev/operator" -}}
{{- range list "name" "instance" "version" "managed-by" "component" -}}
{{- $own = append $own (printf "app.kubernetes.io/%s" .) -}}
{{- end -}}
{{- $places := dict "commonLabels" .Values.commonLabels "instance.labels" .Values.instance.labels "operator.podLabels" .Values.operator.podLabels -}}
{{- $places = merge $places (dict "podMonitor.labels" .Values.podMonitor.labels "prometheusRule.labels" .Values.prometheusRule.labels "dashboard.labels" .Values.dashboard.labels) -}}
{{- range $place, $labels := $places -}}
{{- range $key, $_ := $labels -}}
{{- if has $key $own -}}
{{- fail (printf "%s%s has the label %s, which the chart sets itself: leave it out." $prefix $place $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* In one namespace one account would be both, with the rights of both. */}}
{{- define "ingress-ha.checkAccounts" -}}
{{- $name := include "ingress-ha.serviceAccountName" . -}}
{{- $served := include "ingress-ha.servedNamespaces" . | fromJsonArray -}}
{{- if and (eq $name (include "ingress-ha.controllerServiceAccountName" .)) (has .Release.Namespace $served) -}}
{{- fail (printf "The account of the operator and that of the controllers are both called %[2]q in namespace %[3]q: give %[1]soperator.serviceAccount.name or %[1]scontrollerServiceAccount.name another one." (include "ingress-ha.prefix" .) $name .Release.Namespace) -}}
{{- end -}}
{{- end }}

{{/* As the operator checks its flags: it would end with the same words, again and again. */}}
{{- define "ingress-ha.checkOperatorElection" -}}
{{- $prefix := printf "%soperator.leaderElection." (include "ingress-ha.prefix" .) -}}
{{- $election := .Values.operator.leaderElection -}}
{{- $lease := include "ingress-ha.seconds" $election.leaseDuration | int -}}
{{- $renew := include "ingress-ha.seconds" $election.renewDeadline | int -}}
{{- $retry := include "ingress-ha.seconds" $election.retryPeriod | int -}}
{{- if le $lease $renew -}}
{{- fail (printf "%[1]sleaseDuration %[2]s must be longer than %[1]srenewDeadline %[3]s." $prefix $election.leaseDuration $election.renewDeadline) -}}
{{- end -}}
{{- if le (mul 10 $renew | int) (mul 12 $retry | int) -}}
{{- fail (printf "%[1]srenewDeadline %[2]s must be more than 1.2 times %[1]sretryPeriod %[3]s." $prefix $election.renewDeadline $election.retryPeriod) -}}
{{- end -}}
{{- end }}

{{/* What is handed to our own commands. */}}
{{- define "ingress-ha.checkDurations" -}}
{{- $durations := dict "drill.maxLeaderless" .Values.drill.maxLeaderless "helmTest.timeout" .Values.helmTest.timeout -}}
{{- range $name, $value := .Values.operator.leaderElection -}}
{{- $_ := set $durations (printf "operator.leaderElection.%s" $name) $value -}}
{{- end -}}
{{- range $path, $value := $durations -}}
{{- $seconds := include "ingress-ha.seconds" $value | int -}}
{{- if or (lt $seconds 1) (gt $seconds 3600) -}}
{{- fail (printf "%s%s %s must be from 1s to 1h." (include "ingress-ha.prefix" $) $path $value) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "ingress-ha.checkDrill" -}}
{{- $prefix := include "ingress-ha.prefix" . -}}
{{- if and .Values.drill.enabled (not .Values.instance.create) -}}
{{- fail (printf "%[1]sdrill.enabled needs the resource of this release, and %[1]sinstance.create is false: turn the drill off, or let the chart create the resource." $prefix) -}}
{{- end -}}
{{- with .Values.drill.window -}}
{{- $times := splitList "-" . -}}
{{- if eq (first $times) (last $times) -}}
{{- fail (printf "%sdrill.window %s ends where it begins: make it longer, or empty for the whole day." $prefix .) -}}
{{- end -}}
{{- end -}}
{{- end }}
