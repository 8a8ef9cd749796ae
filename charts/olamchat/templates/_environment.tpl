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

{{- define "olamchat.databaseEnv" -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "olamchat.postgresSecret" . }}
      key: url
{{- end -}}

{{/* What functions and workers share: both stores, the settings, what the user adds. Takes: root, own extraEnv. */}}
{{- define "olamchat.appEnv" -}}
{{- $ := first . -}}
{{ include "olamchat.databaseEnv" $ }}
- name: REDIS_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "olamchat.redisSecret" $ }}
      key: url
{{- range $name, $value := $.Values.settings }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- with concat $.Values.extraEnv (last .) }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* A value made at the first install: read back from its secret, else the fresh one. Takes: root, secret's name, key, fresh value. */}}
{{- define "olamchat.kept" -}}
{{- $data := (lookup "v1" "Secret" (first .).Release.Namespace (index . 1)).data | default dict -}}
{{- if hasKey $data (index . 2) -}}
{{- index $data (index . 2) | b64dec -}}
{{- else -}}
{{- last . -}}
{{- end -}}
{{- end -}}
