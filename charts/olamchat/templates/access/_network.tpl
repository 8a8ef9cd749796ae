{{/*
One component's NetworkPolicy: what is not listed is closed, both ways. Whoever goes anywhere may ask for names.
A way that is closed altogether is left out: an empty list would differ from what the API server stores at every client-side apply.
Takes a dict: root, component, ingress, egress (YAML lists of rules).
*/}}
{{- define "olamchat.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "olamchat.metadata" (list .root .component) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "olamchat.selector" (list .root .component) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- if .ingress }}
  ingress:
    {{- .ingress | trim | nindent 4 }}
  {{- end }}
  {{- if .egress }}
  egress:
    - to:
        - namespaceSelector: {}
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - {protocol: UDP, port: 53}
        - {protocol: TCP, port: 53}
    {{- .egress | trim | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* A rule to or from pods of this release. Takes: root, "to" or "from", port, a dict of their labels. */}}
{{- define "olamchat.podRule" -}}
- {{ index . 1 }}:
    - podSelector:
        matchLabels:
          app.kubernetes.io/instance: {{ (first .).Release.Name }}
          {{- toYaml (index . 3) | nindent 10 }}
  ports:
    - {protocol: TCP, port: {{ index . 2 }}}
{{- end -}}

{{/* A rule to or from peers that the values name, or anyone. Takes: "to" or "from", port, peers. */}}
{{- define "olamchat.peerRule" -}}
- ports:
    - {protocol: TCP, port: {{ index . 1 }}}
  {{- with index . 2 }}
  {{ index $ 0 }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* Prometheus may read /metrics. Takes: root, port. */}}
{{- define "olamchat.metricsRule" -}}
{{- $monitoring := dict "namespaceSelector" (dict "matchLabels" (dict "kubernetes.io/metadata.name" (first .).Values.monitoring.namespace)) -}}
{{- include "olamchat.peerRule" (list "from" (last .) (default (list $monitoring) (first .).Values.networkPolicy.metricsFrom)) -}}
{{- end -}}

{{/* The way to Postgres. Takes: root. */}}
{{- define "olamchat.toPostgres" -}}
{{- if eq .Values.postgres.mode "embedded" -}}
{{- include "olamchat.podRule" (list . "to" 5432 (dict "app.kubernetes.io/component" "postgres")) -}}
{{- else -}}
{{- include "olamchat.peerRule" (list "to" .Values.postgres.port .Values.networkPolicy.postgresTo) -}}
{{- end -}}
{{- end -}}

{{/* The way to both stores. Takes: root. */}}
{{- define "olamchat.toStores" -}}
{{ include "olamchat.toPostgres" . }}
{{ if eq .Values.redis.mode "embedded" -}}
{{- include "olamchat.podRule" (list . "to" 6379 (dict "app.kubernetes.io/component" "redis")) -}}
{{- else -}}
{{- include "olamchat.peerRule" (list "to" .Values.redis.port .Values.networkPolicy.redisTo) -}}
{{- end -}}
{{- end -}}

{{/* The way to the store of files, where there is one. Takes: root. */}}
{{- define "olamchat.toFiles" -}}
{{- with .Values.files.s3 -}}
{{- if .bucket -}}
{{- include "olamchat.peerRule" (list "to" (include "olamchat.portOf" (default "https://s3" .url)) $.Values.networkPolicy.filesTo) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The way to the Kubernetes API. Takes: root. */}}
{{- define "olamchat.toKubernetes" -}}
{{- include "olamchat.peerRule" (list "to" .Values.networkPolicy.kubernetesPort .Values.networkPolicy.kubernetesTo) }}
{{ include "olamchat.peerRule" (list "to" 443 .Values.networkPolicy.kubernetesTo) -}}
{{- end -}}
