{{/*
The one pod template. Takes a dict:
  root, component      whose pod it is
  settings             the component's values: what podDefaults names, and runtimeClassName
  containers, init     YAML lists
  volumes              YAML list; /tmp is there anyway
  account, token       ServiceAccount, and whether its token is mounted
  grace                seconds from the pod's end to SIGKILL
  user                 user it runs as
  podLabels            further labels, a dict
  checksum             text whose change rolls the pods
  single               true where there is never a second pod to spread from
*/}}
{{- define "olamchat.pod" -}}
{{- $ := .root -}}
{{- $settings := include "olamchat.podSettings" (list $ .settings) | fromYaml -}}
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
  {{- include "olamchat.podSpec" . | nindent 2 }}
{{- end -}}

{{/* What is under the pod's `spec`. Takes the same dict. */}}
{{- define "olamchat.podSpec" -}}
{{- $ := .root -}}
{{- $settings := include "olamchat.podSettings" (list $ .settings) | fromYaml -}}
{{- $component := .component -}}
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
{{- if not .single }}
topologySpreadConstraints:
  {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "olamchat.selector" (list $ $component) | nindent 8 }}
  {{- end }}
{{- end }}
{{- with $settings.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $settings.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $settings.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $settings.hostAliases }}
hostAliases:
  {{- toYaml . | nindent 2 }}
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
  {{- include "olamchat.withExtras" (list . $settings) | nindent 2 }}
{{- end }}
containers:
  {{- include "olamchat.withExtras" (list .containers $settings) | nindent 2 }}
volumes:
  - name: tmp
    emptyDir: {}
  {{- with .volumes }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with $settings.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* What a component's pods are asked for: podDefaults, its own words, and the private CA. Takes: root, the component's values. */}}
{{- define "olamchat.podSettings" -}}
{{- $every := (first .).Values.podDefaults -}}
{{- $own := last . -}}
{{- $settings := dict "runtimeClassName" ($own.runtimeClassName | default "") -}}
{{- range list "nodeSelector" "podAnnotations" -}}
{{- $_ := set $settings . (merge (deepCopy (get $own . | default dict)) (get $every .)) -}}
{{- end -}}
{{- range list "affinity" "priorityClassName" "hostAliases" -}}
{{- $_ := set $settings . (get $own . | default (get $every .)) -}}
{{- end -}}
{{- $ca := include "olamchat.caBundle" (first .) | fromYaml -}}
{{- range list "tolerations" "extraEnv" "extraVolumes" "extraVolumeMounts" -}}
{{- $_ := set $settings . (concat (get $ca . | default list) (get $every .) (get $own . | default list)) -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{/* The private CA as a pod has it: a volume, a mount, and the variables that TLS clients find their certificates by. Takes: root. */}}
{{- define "olamchat.caBundle" -}}
{{- with .Values.caBundle -}}
{{- if or .configMap .secret -}}
extraVolumes:
  - name: ca-bundle
    {{- if .secret }}
    secret:
      secretName: {{ .secret }}
    {{- else }}
    configMap:
      name: {{ .configMap }}
    {{- end }}
      items: [{key: {{ .key }}, path: ca.crt}]
extraVolumeMounts:
  - {name: ca-bundle, mountPath: /etc/olamchat-ca, readOnly: true}
extraEnv:
  {{- range list "SSL_CERT_FILE" "REQUESTS_CA_BUNDLE" "CURL_CA_BUNDLE" "AWS_CA_BUNDLE" "PGSSLROOTCERT" }}
  - {name: {{ . }}, value: /etc/olamchat-ca/ca.crt}
  {{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Containers with the variables and mounts of your own. Takes: the containers' YAML, the pod's settings. */}}
{{- define "olamchat.withExtras" -}}
{{- $settings := last . -}}
{{- if or $settings.extraEnv $settings.extraVolumeMounts -}}
{{- $containers := list -}}
{{- range first . | fromYamlArray -}}
{{- $_ := set . "env" (include "olamchat.lastOfEachName" (concat (.env | default list) ($settings.extraEnv | default list)) | fromYamlArray) -}}
{{- $_ := set . "volumeMounts" (concat (.volumeMounts | default list) ($settings.extraVolumeMounts | default list)) -}}
{{- $containers = append $containers . -}}
{{- end -}}
{{- toYaml $containers -}}
{{- else -}}
{{- first . -}}
{{- end -}}
{{- end -}}

{{/* Variables without those that a later one of the same name replaces. Takes: the variables. */}}
{{- define "olamchat.lastOfEachName" -}}
{{- $seen := dict -}}
{{- $kept := list -}}
{{- range reverse . -}}
{{- if not (hasKey $seen .name) -}}{{- $kept = prepend $kept . -}}{{- end -}}
{{- $_ := set $seen .name true -}}
{{- end -}}
{{- toYaml $kept -}}
{{- end -}}

{{/* What every container has: the restricted security context and the scratch volume. */}}
{{- define "olamchat.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* The three probes of a process of ours: it lives, it can do its work, it lives on. */}}
{{- define "olamchat.probes" -}}
startupProbe:
  {{- include "olamchat.probe" (list "httpGet: {path: /health/live, port: http}" 1 60) | nindent 2 }}
readinessProbe:
  {{- include "olamchat.probe" (list "httpGet: {path: /health/ready, port: http}" 5 2) | nindent 2 }}
livenessProbe:
  {{- include "olamchat.probe" (list "httpGet: {path: /health/live, port: http}" 10 6) | nindent 2 }}
{{- end -}}

{{/* The three probes that ask the same of somebody else's process. Takes: what is asked, seconds between two, failures at the start. */}}
{{- define "olamchat.sameProbes" -}}
startupProbe:
  {{- include "olamchat.probe" . | nindent 2 }}
readinessProbe:
  {{- include "olamchat.probe" (list (first .) 5 2) | nindent 2 }}
livenessProbe:
  {{- include "olamchat.probe" (list (first .) 5 6) | nindent 2 }}
{{- end -}}

{{/* One probe. Takes: what is asked, seconds between two, failures. */}}
{{- define "olamchat.probe" -}}
{{ index . 0 }}
periodSeconds: {{ index . 1 }}
timeoutSeconds: 3
failureThreshold: {{ index . 2 }}
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
