{{/* The containers that make, bring, fetch and restore dumps. A dump passes through a scratch volume of its pod. */}}

{{/* One container. Takes a dict: root, name, image, command (a list), env (YAML), mountsScripts. */}}
{{- define "olamchat.backupContainer" -}}
{{- $ := .root -}}
- name: {{ .name }}
  image: {{ .image }}
  imagePullPolicy: {{ $.Values.image.pullPolicy }}
  command: {{ toJson .command }}
  env:
    {{- .env | nindent 4 }}
  resources:
    {{- toYaml $.Values.backup.resources | nindent 4 }}
  securityContext:
    {{- include "olamchat.confined" $ | nindent 4 }}
  volumeMounts:
    - name: tmp
      mountPath: /tmp
    - name: scratch
      mountPath: /scratch
    - name: backup
      mountPath: /backup
      readOnly: true
{{- end -}}

{{/* The image with pg_dump. Takes: root. */}}
{{- define "olamchat.backupImage" -}}
{{- include "olamchat.foreignImage" (list . (default .Values.postgres.image .Values.backup.image)) -}}
{{- end -}}

{{- define "olamchat.dumpContainer" -}}
{{- $command := list "sh" "-euc" "pg_dump --format=custom --exclude-extension='*' --file=/scratch/dump \"$DATABASE_URL\"" -}}
{{- include "olamchat.backupContainer" (dict "root" . "name" "dump" "image" (include "olamchat.backupImage" .) "command" $command "env" (include "olamchat.databaseEnv" .)) -}}
{{- end -}}

{{- define "olamchat.keepContainer" -}}
{{- $command := list "python" "/backup/backup.py" "keep" "/scratch/dump" (toString .Values.backup.keep) -}}
{{- include "olamchat.backupContainer" (dict "root" . "name" "keep" "image" (include "olamchat.image" (list . .Values.image)) "command" $command "env" (include "olamchat.backupEnv" .)) -}}
{{- end -}}

{{- define "olamchat.restoreContainers" -}}
{{- $fetch := list "python" "/backup/backup.py" "fetch" .Values.backup.restore "/scratch/dump" -}}
{{- include "olamchat.backupContainer" (dict "root" . "name" "fetch" "image" (include "olamchat.image" (list . .Values.image)) "command" $fetch "env" (include "olamchat.backupEnv" .)) }}
{{ include "olamchat.backupContainer" (dict "root" . "name" "restore" "image" (include "olamchat.backupImage" .) "command" (list "sh" "-eu" "/backup/restore.sh" "/scratch/dump") "env" (include "olamchat.databaseEnv" .)) -}}
{{- end -}}

{{/* Where the store is, in the words of files/backup.py. */}}
{{- define "olamchat.backupEnv" -}}
{{- with .Values.backup.s3 -}}
{{- range $name, $value := dict "BUCKET" .bucket "URL" .url "REGION" .region "PREFIX" .prefix }}
- name: BACKUP_{{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- with .existingSecret }}
- name: BACKUP_ACCESS_KEY
  valueFrom:
    secretKeyRef: {name: {{ . }}, key: access-key}
- name: BACKUP_SECRET_KEY
  valueFrom:
    secretKeyRef: {name: {{ . }}, key: secret-key}
{{- end }}
{{- end -}}
{{- end -}}

{{- define "olamchat.backupVolumes" -}}
- name: scratch
  emptyDir:
    sizeLimit: {{ .Values.backup.scratch }}
- name: backup
  configMap:
    name: {{ include "olamchat.name" (list . "backup") }}
{{- end -}}

{{/* The way to the store of backups. Takes: root. */}}
{{- define "olamchat.toBackups" -}}
{{- include "olamchat.peerRule" (list "to" (include "olamchat.portOf" (default "https://s3" .Values.backup.s3.url)) .Values.networkPolicy.backupTo) -}}
{{- end -}}

{{/* "yes" where dumps are made or brought back. */}}
{{- define "olamchat.backsUp" -}}
{{- if or .Values.backup.enabled .Values.backup.restore -}}yes{{- end -}}
{{- end -}}
