{{/*
How values become the resource. A path that is not set leaves the field out, so that the resource's
own default holds, and `kubectl scale` or an autoscaler may own the number of replicas.
*/}}

{{/* The three paths of the number of replicas, as JSON: path -> value, those that are set. */}}
{{- define "ingress-ha.replicaPaths" -}}
{{- $deployment := .Values.deployment | default dict -}}
{{- $parent := (index .Values "ingress-controller" | default dict).deployment | default dict -}}
{{- $set := dict -}}
{{- range $path, $value := dict "replicas" .Values.replicas "deployment.replicas" $deployment.replicas "ingress-controller.deployment.replicas" $parent.replicas -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $set $path (int $value) -}}
{{- end -}}
{{- end -}}
{{- toJson $set -}}
{{- end }}

{{/* The number of replicas, or nothing where no path sets it. */}}
{{- define "ingress-ha.replicas" -}}
{{- $set := include "ingress-ha.replicaPaths" . | fromJson -}}
{{- if $set -}}
{{- $paths := keys $set | sortAlpha | reverse -}}
{{- $values := values $set | uniq -}}
{{- if gt (len $values) 1 -}}
{{- $prefix := include "ingress-ha.prefix" . -}}
{{- $said := list -}}
{{- $out := list (printf "--set %s%s=%v" $prefix (first $paths) (int (get $set (first $paths)))) -}}
{{- range $paths -}}
{{- $said = append $said (printf "%s%s=%v" $prefix . (int (get $set .))) -}}
{{- end -}}
{{- range rest $paths -}}
{{- $out = append $out (printf "--set %s%s=null" $prefix .) -}}
{{- end -}}
{{- fail (printf "The number of replicas is set to different values: %s. Keep one and unset the others, for example with %s" (join " and " $said) (join " " $out)) -}}
{{- end -}}
{{- int (first $values) -}}
{{- end -}}
{{- end }}

{{/* config.leaderElection as JSON, without what is null. */}}
{{- define "ingress-ha.electionValues" -}}
{{- $set := dict -}}
{{- range $key, $value := (.Values.config | default dict).leaderElection | default dict -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $set $key $value -}}
{{- end -}}
{{- end -}}
{{- toJson $set -}}
{{- end }}

{{/* `spec` of the resource as YAML. */}}
{{- define "ingress-ha.instanceSpec" -}}
{{- $spec := deepCopy .Values.instance.spec -}}
{{- $replicas := include "ingress-ha.replicas" . -}}
{{- if ne $replicas "" -}}
{{- $_ := set $spec "replicas" (int $replicas) -}}
{{- end -}}
{{- $values := include "ingress-ha.electionValues" . | fromJson -}}
{{- $election := deepCopy ($spec.leaderElection | default dict) -}}
{{- with $values.id -}}
{{- $_ := set $election "leaseName" . -}}
{{- end -}}
{{- range list "leaseDuration" "renewDeadline" "retryPeriod" -}}
{{- if hasKey $values . -}}
{{- $_ := set $election . (get $values .) -}}
{{- end -}}
{{- end -}}
{{- if hasKey $values "disable" -}}
{{- $_ := set $election "mode" (ternary "Disabled" "Lease" $values.disable) -}}
{{- end -}}
{{- if $election -}}
{{- $_ := set $spec "leaderElection" $election -}}
{{- end -}}
{{- toYaml $spec -}}
{{- end }}
