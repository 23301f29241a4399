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
{{- $served := include "ingress-ha.servedNamespaces" . | fromJsonArray -}}
{{- if not (has (include "ingress-ha.instanceNamespace" .) $served) -}}
{{- fail (printf "%[1]sinstance.namespace %[2]q is not served: add it to %[1]sservedNamespaces, which has %[3]s." $prefix (include "ingress-ha.instanceNamespace" .) (join ", " $served)) -}}
{{- end -}}
{{- include "ingress-ha.checkPaths" . -}}
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
