{{/* The container of a worker's pod. Takes a dict: root, pool. */}}
{{- define "olamchat.workerContainer" -}}
{{- $ := .root -}}
{{- $pool := .pool -}}
- name: worker
  image: {{ include "olamchat.image" (list $ $.Values.image) }}
  imagePullPolicy: {{ $.Values.image.pullPolicy }}
  args: [python, -m, worker]
  env:
    - name: OLAMCHAT_POOLS
      value: {{ $pool.name }}={{ $pool.engine }}
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
    {{- include "olamchat.appEnv" (list $ $pool.extraEnv) | nindent 4 }}
  ports:
    - name: http
      containerPort: 8000
  startupProbe:
    {{- include "olamchat.probe" (list "/health/live" 1 60) | nindent 4 }}
  readinessProbe:
    {{- include "olamchat.probe" (list "/health/ready" 5 2) | nindent 4 }}
  livenessProbe:
    {{- include "olamchat.probe" (list "/health/live" 10 6) | nindent 4 }}
  resources:
    {{- toYaml $pool.resources | nindent 4 }}
  securityContext:
    {{- include "olamchat.confined" . | nindent 4 }}
  volumeMounts:
    - name: tmp
      mountPath: /tmp
{{- end -}}

{{/* Where the worker finds its engine. */}}
{{- define "olamchat.workerEngineEnv" -}}
{{- $pool := .pool -}}
{{- if ne $pool.engine "demo" -}}
{{- $url := printf "http://127.0.0.1:%v" $pool.enginePort -}}
{{- if eq $pool.placement "service" -}}
{{- $url = printf "http://%s:%v" (include "olamchat.name" (list .root (printf "engine-%s" $pool.name))) $pool.enginePort -}}
{{- else if eq $pool.placement "external" -}}
{{- $url = $pool.url -}}
{{- end -}}
- name: {{ get (dict "ollama" "OLLAMA_URL" "vllm" "VLLM_URL" "openai" "OPENAI_BASE_URL") $pool.engine }}
  value: {{ $url }}
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
