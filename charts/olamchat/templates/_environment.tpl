{{/* Where the secrets are, and the variables made from them. */}}

{{- define "olamchat.postgresSecret" -}}
{{- default (include "olamchat.name" (list . "postgres")) .Values.postgres.existingSecret -}}
{{- end -}}

{{- define "olamchat.redisSecret" -}}
{{- default (include "olamchat.name" (list . "redis")) .Values.redis.existingSecret -}}
{{- end -}}

{{- define "olamchat.keysSecret" -}}
{{- default (include "olamchat.name" (list . "keys")) .Values.keys.existingSecret -}}
{{- end -}}

{{- define "olamchat.authSecret" -}}
{{- default (include "olamchat.name" (list . "tokens")) .Values.auth.existingSecret -}}
{{- end -}}

{{- define "olamchat.smokeTestEnv" -}}
- name: OLAMCHAT_SMOKE_TEST_TOKEN
  valueFrom:
    secretKeyRef: {name: {{ include "olamchat.authSecret" . }}, key: smoke-test-token}
{{- end -}}

{{- define "olamchat.databaseEnv" -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "olamchat.postgresSecret" . }}
      key: url
{{- end -}}

{{/* What functions and workers share: both stores and the settings. Takes: root. */}}
{{- define "olamchat.appEnv" -}}
{{ include "olamchat.databaseEnv" . }}
- name: REDIS_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "olamchat.redisSecret" . }}
      key: url
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end -}}

{{/* The store of files, for those who read and write them. */}}
{{- define "olamchat.filesEnv" -}}
{{- with .Values.files.s3 -}}
{{- if .bucket }}
- name: OLAMCHAT_S3_BUCKET
  value: {{ .bucket | quote }}
- name: OLAMCHAT_S3_URL
  value: {{ .url | quote }}
- name: OLAMCHAT_S3_REGION
  value: {{ .region | quote }}
- name: OLAMCHAT_S3_PREFIX
  value: {{ .prefix | quote }}
{{- with .existingSecret }}
- name: OLAMCHAT_S3_ACCESS_KEY
  valueFrom:
    secretKeyRef: {name: {{ . }}, key: access-key}
- name: OLAMCHAT_S3_SECRET_KEY
  valueFrom:
    secretKeyRef: {name: {{ . }}, key: secret-key}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* The reranker, for those who look for passages. */}}
{{- define "olamchat.rerankerEnv" -}}
{{- with .Values.reranker -}}
{{- if .url }}
- name: OLAMCHAT_RERANKER_URL
  value: {{ .url | quote }}
- name: OLAMCHAT_RERANKER
  value: {{ .model | quote }}
- name: OLAMCHAT_RERANKER_TIMEOUT_S
  value: {{ .timeoutSeconds | quote }}
{{- with .existingSecret }}
- name: OLAMCHAT_RERANKER_KEY
  valueFrom:
    secretKeyRef: {name: {{ . }}, key: api-key}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* The reader of scans: index workers ask it, and files are taken in that it alone can read. */}}
{{- define "olamchat.readerEnv" -}}
{{- with .Values.reader -}}
{{- if .url }}
- name: OLAMCHAT_READER_URL
  value: {{ .url | quote }}
- name: OLAMCHAT_READER_TIMEOUT_S
  value: {{ .timeoutSeconds | quote }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* The embedding model, for those who compare texts by their meaning. */}}
{{- define "olamchat.embeddingsEnv" -}}
{{- with .Values.embeddings -}}
{{- if .model }}
- name: OLAMCHAT_EMBEDDINGS
  value: {{ .model | quote }}
- name: OLAMCHAT_EMBEDDINGS_URL
  value: {{ .url | quote }}
{{- with .existingSecret }}
- name: OLAMCHAT_EMBEDDINGS_KEY
  valueFrom:
    secretKeyRef: {name: {{ . }}, key: api-key}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}

{{/*
A value made at the first install: read back from its secret, else the fresh one.
Takes: root, secret's name, key, fresh value, the value that names a secret instead.
*/}}
{{- define "olamchat.kept" -}}
{{- $ := first . -}}
{{- $data := (lookup "v1" "Secret" $.Release.Namespace (index . 1)).data | default dict -}}
{{- if hasKey $data (index . 2) -}}
{{- index $data (index . 2) | b64dec -}}
{{- else -}}
{{- if not (or $.Values.generateWithoutCluster (include "olamchat.seesCluster" $)) -}}
{{- fail (printf "%s is empty, and no cluster can be asked whether the secret %s is there already: each rendering would make another one and lock everybody out. Name a secret of your own (docs/install.md, Secrets), use --dry-run=server for a dry run, or set generateWithoutCluster." (index . 4) (index . 1)) -}}
{{- end -}}
{{- index . 3 -}}
{{- end -}}
{{- end -}}

{{/* "yes" where objects can be looked up. The namespace may be made by this very install; then there is still `default`. */}}
{{- define "olamchat.seesCluster" -}}
{{- if lookup "v1" "Namespace" "" .Release.Namespace -}}yes{{- else if lookup "v1" "Namespace" "" "default" -}}yes{{- end -}}
{{- end -}}
