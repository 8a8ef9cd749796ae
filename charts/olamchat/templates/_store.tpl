{{/*
The disk of an embedded store: a claim of its own and no volumeClaimTemplates, which can't be changed, so that it grows with its value.
Takes: root, store.
*/}}
{{- define "olamchat.storeClaim" -}}
{{- $storage := (get (first .).Values (last .)).storage -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  {{- include "olamchat.metadata" . | nindent 2 }}
  annotations:
    helm.sh/resource-policy: keep
spec:
  accessModes: [ReadWriteOnce]
  {{- with $storage.storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ $storage.size }}
{{- end -}}

{{/* The volume of that disk. Takes: root, store. */}}
{{- define "olamchat.storeVolume" -}}
- name: data
  persistentVolumeClaim:
    claimName: {{ (get (first .).Values (last .)).storage.existingClaim | default (include "olamchat.name" .) }}
{{- end -}}
