{{/*
The one pod template. Takes a dict:
  root, component      whose pod it is
  settings             nodeSelector, tolerations, affinity, priorityClassName, podAnnotations, runtimeClassName
  containers, init     YAML lists
  volumes              YAML list; /tmp is there anyway
  account, token       ServiceAccount, and whether its token is mounted
  grace                seconds from the pod's end to SIGKILL
  user                 user it runs as
  podLabels            further labels, a dict
  checksum             text whose change rolls the pods
*/}}
{{- define "olamchat.pod" -}}
{{- $ := .root -}}
{{- $settings := .settings -}}
{{- $component := .component -}}
metadata:
  labels:
    {{- include "olamchat.selector" (list $ .component) | nindent 4 }}
    {{- with merge dict (.podLabels | default dict) $.Values.commonLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- $checksum := ternary (dict "checksum/config" (.checksum | default "" | sha256sum | trunc 16)) dict (hasKey . "checksum") }}
  {{- with merge $checksum ($settings.podAnnotations | default dict) }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ .account | default (include "olamchat.name" (list $ "pods")) }}
  automountServiceAccountToken: {{ .token | default false }}
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ required "olamchat.pod wants a grace" .grace }}
  {{- with $settings.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $settings.runtimeClassName }}
  runtimeClassName: {{ . }}
  {{- end }}
  {{- with $.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: {{ .user | default 10001 }}
    runAsGroup: {{ .user | default 10001 }}
    fsGroup: {{ .user | default 10001 }}
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  topologySpreadConstraints:
    {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ $key }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "olamchat.selector" (list $ $component) | nindent 10 }}
    {{- end }}
  {{- with $settings.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $settings.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $settings.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .claim }}
  resourceClaims:
    - name: gpu
      resourceClaimTemplateName: {{ . }}
  {{- end }}
  {{- with .restartPolicy }}
  restartPolicy: {{ . }}
  {{- end }}
  {{- with .init }}
  initContainers:
    {{- . | nindent 4 }}
  {{- end }}
  containers:
    {{- .containers | nindent 4 }}
  volumes:
    - name: tmp
      emptyDir: {}
    {{- with .volumes }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with $settings.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* What every container has: the restricted security context and the scratch volume. */}}
{{- define "olamchat.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* An HTTP probe. Takes: path, seconds between two, failures. */}}
{{- define "olamchat.probe" -}}
httpGet:
  path: {{ index . 0 }}
  port: http
periodSeconds: {{ index . 1 }}
failureThreshold: {{ index . 2 }}
timeoutSeconds: 3
{{- end -}}

{{/* The init container that waits until the schema is what this version wants. Takes: root. */}}
{{- define "olamchat.waitForSchema" -}}
- name: schema
  image: {{ include "olamchat.image" (list . .Values.image) }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args: [python, -m, migrations, wait]
  env:
    {{- include "olamchat.databaseEnv" . | nindent 4 }}
  resources:
    {{- toYaml .Values.migrations.resources | nindent 4 }}
  securityContext:
    {{- include "olamchat.confined" . | nindent 4 }}
  volumeMounts:
    - name: tmp
      mountPath: /tmp
{{- end -}}
