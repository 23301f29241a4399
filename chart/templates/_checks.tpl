{{/*
What the schema cannot say: each check fails with one sentence that names the values and the way out.
*/}}

{{- define "ingress-ha.checkNamespaces" -}}
{{- range include "ingress-ha.servedNamespaces" . | fromJsonArray -}}
{{- if or (eq . "default") (hasPrefix "kube-" .) -}}
{{- if $.Values.servedNamespaces -}}
{{- fail (printf "Cannot serve namespace %q: whoever creates pods there could use the controller's account and so read all Secrets, so name a namespace of its own in %sservedNamespaces." . (include "ingress-ha.prefix" $)) -}}
{{- else -}}
{{- fail (printf "Cannot serve namespace %q, the release's own: whoever creates pods there could use the controller's account and so read all Secrets, so install into a namespace of its own (-n ingress-apisix --create-namespace) or name one in %sservedNamespaces." . (include "ingress-ha.prefix" $)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "ingress-ha.checkImage" -}}
{{- $image := .Values.image -}}
{{- if and (kindIs "string" $image.tag) (not $image.tag) (not $image.digest) -}}
{{- fail (printf "%[1]simage.tag is empty and there is no %[1]simage.digest: set one of them, or unset the tag (--set %[1]simage.tag=null) for that of the chart." (include "ingress-ha.prefix" .)) -}}
{{- end -}}
{{- if not (kindIs "invalid" $image.repository) -}}
{{- $last := splitList "/" $image.repository | last -}}
{{- if contains ":" $last -}}
{{- fail (printf "%[1]simage.repository %[2]q has a tag: put what stands after the colon into %[1]simage.tag." (include "ingress-ha.prefix" .) $image.repository) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "ingress-ha.checkInstance" -}}
{{- $prefix := include "ingress-ha.prefix" . -}}
{{- $name := include "ingress-ha.instanceName" . -}}
{{- if gt (len $name) 41 -}}
{{- fail (printf "The resource cannot be called %q: a name of at most 41 characters leaves room for the names of its pods, so set %sinstance.name." $name $prefix) -}}
{{- end -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $name) -}}
{{- fail (printf "The resource cannot be called %q: its name begins with a letter and has only lower-case letters, digits and dashes, so set %sinstance.name." $name $prefix) -}}
{{- end -}}
{{- $served := include "ingress-ha.servedNamespaces" . | fromJsonArray -}}
{{- if not (has (include "ingress-ha.instanceNamespace" .) $served) -}}
{{- fail (printf "%[1]sinstance.namespace %[2]q is not served: add it to %[1]sservedNamespaces, which has %[3]s." $prefix (include "ingress-ha.instanceNamespace" .) (join ", " $served)) -}}
{{- end -}}
{{- include "ingress-ha.checkPaths" . -}}
{{- include "ingress-ha.checkElection" . -}}
{{- if and (eq (dig "leaderElection" "existingLease" "" .Values.instance.spec) "Share") (not .Values.policy.allowSharedLease) -}}
{{- fail (printf "%[1]sinstance.spec.leaderElection.existingLease Share takes part in the election of another installation, which the operator allows only with %[1]spolicy.allowSharedLease=true: set both, or leave existingLease out." $prefix) -}}
{{- end -}}
{{- $replicas := include "ingress-ha.replicas" . -}}
{{- if (include "ingress-ha.electionValues" . | fromJson).disable -}}
{{- if or (eq $replicas "") (gt (int $replicas) 1) -}}
{{- fail (printf "%[1]sconfig.leaderElection.disable=true allows one replica, and %[2]s: without an election every replica would write to the gateway, so add --set %[1]sreplicas=1 or leave the election on." $prefix (ternary "the default is 2" (printf "%s are asked for" $replicas) (eq $replicas ""))) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* A field that has a path is refused in instance.spec: two places for one thing contradict each other. */}}
{{- define "ingress-ha.checkPaths" -}}
{{- $paths := .Files.Get "files/paths.yaml" | fromYaml -}}
{{- range $field, $path := $paths -}}
{{- $parts := splitList "." $field -}}
{{- $parent := ternary $.Values.instance.spec (index $.Values.instance.spec (first $parts)) (eq (len $parts) 1) -}}
{{- if and (kindIs "map" $parent) (hasKey (default dict $parent) (last $parts)) -}}
{{- fail (printf "%[1]sinstance.spec.%[2]s has a path of its own: set %[1]s%[3]s instead." (include "ingress-ha.prefix" $) $field $path) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Values of a resource that is not created would have no effect, and nobody would notice. */}}
{{- define "ingress-ha.checkNoInstance" -}}
{{- $set := concat (include "ingress-ha.replicaPaths" . | fromJson | keys) (ternary (list "instance.spec") list (not (empty .Values.instance.spec))) -}}
{{- range include "ingress-ha.electionValues" . | fromJson | keys -}}
{{- $set = append $set (printf "config.leaderElection.%s" .) -}}
{{- end -}}
{{- with $set | sortAlpha -}}
{{- fail (printf "%[1]sinstance.create is false, so %[2]s would have no effect: unset it, or let the chart create the resource." (include "ingress-ha.prefix" $) (join " and " .)) -}}
{{- end -}}
{{- end }}

{{/* The API server has the same rules, but is asked only when the release's other objects are there. */}}
{{- define "ingress-ha.checkElection" -}}
{{- $prefix := printf "%sconfig.leaderElection." (include "ingress-ha.prefix" .) -}}
{{- $set := include "ingress-ha.electionValues" . | fromJson -}}
{{- $lease := $set.leaseDuration | default "30s" -}}
{{- $renew := $set.renewDeadline | default "20s" -}}
{{- $retry := $set.retryPeriod | default "2s" -}}
{{- $seconds := dict -}}
{{- range list $lease $renew $retry -}}
{{- $_ := set $seconds . (include "ingress-ha.seconds" . | int) -}}
{{- end -}}
{{- if lt (get $seconds $retry) 1 -}}
{{- fail (printf "%sretryPeriod %s must be at least 1s." $prefix $retry) -}}
{{- end -}}
{{- if lt (get $seconds $renew) (mul 2 (get $seconds $retry) | int) -}}
{{- fail (printf "%[1]srenewDeadline %[2]s must be at least twice %[1]sretryPeriod %[3]s." $prefix $renew $retry) -}}
{{- end -}}
{{- if lt (get $seconds $lease) (add (get $seconds $renew) (get $seconds $retry) 1 | int) -}}
{{- fail (printf "%[1]sleaseDuration %[2]s must be at least %[1]srenewDeadline %[3]s plus %[1]sretryPeriod %[4]s plus 1s; those that are not set are 30s, 20s and 2s." $prefix $lease $renew $retry) -}}
{{- end -}}
{{- end }}

{{/* Of a duration such as 1m30s, which the schema has checked. */}}
{{- define "ingress-ha.seconds" -}}
{{- $total := 0 -}}
{{- range regexFindAll "[0-9]+[hms]" . -1 -}}
{{- $unit := index (dict "h" 3600 "m" 60 "s" 1) (substr (sub (len .) 1 | int) (len .) .) -}}
{{- $total = add $total (mul $unit (trimSuffix (substr (sub (len .) 1 | int) (len .) .) . | int)) -}}
{{- end -}}
{{- $total -}}
{{- end }}
