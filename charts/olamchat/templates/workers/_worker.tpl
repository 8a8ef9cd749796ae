{{/* The container of a worker's pod. Takes a dict: root, pool. */}}
{{- define "olamchat.workerContainer" -}}
{{- $ := .root -}}
{{- $pool := .pool -}}
- name: worker
  image: {{ include "olamchat.image" (list $ $.Values.image) }}
  imagePullPolicy: {{ $.Values.image.pullPolicy }}
  args: [python, -m, worker]
  env:
    {{- if $pool.hasFile }}
    - name: OLAMCHAT_POOLS_FILE
      value: /etc/olamchat/pools.yaml
    {{- else }}
    - name: OLAMCHAT_POOLS
      value: {{ ternary $pool.name (printf "%s=%s" $pool.name $pool.engine) (eq $pool.name $pool.engine) }}
    {{- end }}
    - name: OLAMCHAT_CONCURRENCY
      value: {{ $pool.concurrency | quote }}
    - name: OLAMCHAT_DB_POOL_SIZE
      value: {{ $pool.concurrency | quote }}
    - name: OLAMCHAT_WORKER_GRACE_S
      value: {{ $pool.graceSeconds | quote }}
    - name: OLAMCHAT_WORKER_PORT
      value: "8000"
    {{- include "olamchat.workerEngineEnv" . | nindent 4 }}
    {{- if $pool.writesCost }}
    - name: OLAMCHAT_POD
      valueFrom:
        fieldRef:
          fieldPath: metadata.name
    - name: OLAMCHAT_NAMESPACE
      valueFrom:
        fieldRef:
          fieldPath: metadata.namespace
    {{- end }}
    {{- include "olamchat.filesEnv" $ | nindent 4 }}
    {{- include "olamchat.embeddingsEnv" $ | nindent 4 }}
    {{- include "olamchat.rerankerEnv" $ | nindent 4 }}
    {{- include "olamchat.appEnv" $ | nindent 4 }}
  ports:
    - name: http
      containerPort: 8000
  {{- include "olamchat.probes" . | nindent 2 }}
  resources:
    {{- toYaml $pool.resources | nindent 4 }}
  securityContext:
    {{- include "olamchat.confined" . | nindent 4 }}
  volumeMounts:
    - name: tmp
      mountPath: /tmp
    {{- if $pool.hasFile }}
    - name: pools
      mountPath: /etc/olamchat
      readOnly: true
    {{- end }}
{{- end -}}

{{/* Where the worker finds its engine, unless a file says so, and the key that it sends. */}}
{{- define "olamchat.workerEngineEnv" -}}
{{- $pool := .pool -}}
{{- if and $pool.addresses (not $pool.hasFile) -}}
- name: {{ ternary "OPENAI_BASE_URL" (printf "%s_URL" ($pool.engine | upper | replace "." "_")) (eq $pool.engine "openai") }}
  value: {{ first $pool.addresses }}
{{- end }}
{{- with $pool.apiKey.existingSecret }}
- name: OPENAI_API_KEY
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ $pool.apiKey.key }}
{{- end }}
{{- end -}}

{{/* What runs before the worker: the schema is awaited, the models are pulled, the engine is started and stays. */}}
{{- define "olamchat.workerInit" -}}
{{ include "olamchat.waitForSchema" .root }}
{{- if and .pool.hasEngine (eq .pool.placement "sidecar") }}
{{- if and .pool.pull .pool.models }}
{{ include "olamchat.enginePull" . }}
{{- end }}
{{ include "olamchat.engineContainer" . }}
{{- end }}
{{- end -}}

{{/* The Deployment whose pods are multiplied as the pool's load grows: the engine's. */}}
{{- define "olamchat.scaledComponent" -}}
{{- ternary "engine" "worker" (and .hasEngine (eq .placement "service")) }}-{{ .name -}}
{{- end -}}

{{/* The pod's volumes: what its engine wants, and the pool's file. Takes a dict: root, pool, sidecar. */}}
{{- define "olamchat.workerVolumes" -}}
{{- if .sidecar -}}
{{ include "olamchat.engineVolumes" . }}
{{- end }}
{{- if .pool.hasFile }}
- name: pools
  configMap:
    name: {{ include "olamchat.name" (list .root (printf "worker-%s" .pool.name)) }}
{{- end }}
{{- end -}}

{{/* What the worker is told of its pool (docs/engines.md). It is read again when it changes, so pods need not be replaced for it. */}}
{{- define "olamchat.poolsFile" -}}
{{- $settings := .root.Values.settings -}}
{{- with .pool -}}
pools:
  - name: {{ .name }}
    kind: {{ .engine }}
    {{- with .addresses }}
    urls:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with .urlConcurrency }}
    concurrency: {{ . }}
    {{- end }}
    {{- if .apiKey.existingSecret }}
    key_variable: OPENAI_API_KEY
    {{- end }}
    {{- if ne .continues "auto" }}
    continue: {{ eq .continues "always" }}
    {{- else if and (eq .engine "openai") (get $settings "OLAMCHAT_OPENAI_CONTINUES" | default false) }}
    continue: true
    {{- end }}
    {{- with .titleModel | default (get $settings "OLAMCHAT_TITLE_MODEL") }}
    title_model: {{ . | quote }}
    {{- end }}
    {{- with .plans }}
    models:
      {{- range . }}
      - name: {{ .name | quote }}
        {{- with omit . "name" }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- end }}
    {{- end }}
{{- end }}
{{- end -}}
