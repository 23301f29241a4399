{{/*
What the Jobs and Pods share that run one command of our image and end.
*/}}

{{- define "ingress-ha.commandPod" -}}
automountServiceAccountToken: true
enableServiceLinks: false
restartPolicy: Never
{{- with include "ingress-ha.imagePullSecrets" . }}
imagePullSecrets:
  {{- . | nindent 2 }}
{{- end }}
{{- with .Values.operator.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.operator.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- include "ingress-ha.podSecurityContext" . | nindent 2 }}
{{- end }}

{{- define "ingress-ha.commandContainer" -}}
image: {{ include "ingress-ha.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- with .Values.operator.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- include "ingress-ha.securityContext" . | nindent 2 }}
{{- end }}

{{/* A hook's annotations; the argument is its weight. It goes when it is through, and before the next one. */}}
{{- define "ingress-ha.crdHook" -}}
helm.sh/hook: pre-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}

{{- define "ingress-ha.testHook" -}}
helm.sh/hook: test
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
