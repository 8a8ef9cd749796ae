{{/* An engine's containers: the same beside the worker (sidecar) and in pods of their own (service). All take a dict: root, pool. */}}

{{- define "olamchat.engineImage" -}}
{{- $own := get .root.Values.engines .pool.engine -}}
{{- include "olamchat.foreignImage" (list .root (default $own .pool.engineContainer.image)) -}}
{{- end -}}

{{/* How many answers the engine writes at once. */}}
{{- define "olamchat.engineSlots" -}}
{{- .pool.scaling.perReplica | default .pool.concurrency -}}
{{- end -}}

{{/* Seconds an engine goes on after SIGTERM: beside a worker that has handed its answers over already, few. */}}
{{- define "olamchat.engineDrain" -}}
{{- ternary .pool.graceSeconds 5 (eq .pool.placement "service") -}}
{{- end -}}

{{/* The engine itself. Takes also: sidecar. */}}
{{- define "olamchat.engineContainer" -}}
{{- $container := .pool.engineContainer -}}
- name: engine
  image: {{ include "olamchat.engineImage" . }}
  {{- if .sidecar }}
  restartPolicy: Always
  {{- end }}
  {{- if eq .pool.engine "vllm" }}
  command: [vllm, serve]
  args:
    - {{ first .pool.models }}
    - --port={{ .pool.enginePort }}
    - --max-num-seqs={{ include "olamchat.engineSlots" . }}
    - --shutdown-timeout={{ include "olamchat.engineDrain" . }}
    {{- if gt (int .pool.gpu.count) 1 }}
    - --tensor-parallel-size={{ .pool.gpu.count }}
    {{- end }}
    {{- with $container.args }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- else }}
  args:
    - serve
    {{- with $container.args }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
  env:
    {{- include "olamchat.engineEnv" . | nindent 4 }}
  ports:
    - name: engine
      containerPort: {{ .pool.enginePort }}
  startupProbe:
    httpGet: {path: {{ include "olamchat.engineHealth" . }}, port: engine}
    periodSeconds: 5
    timeoutSeconds: 3
    failureThreshold: {{ mul $container.startupMinutes 12 }}
  readinessProbe:
    {{- if and (eq .pool.engine "ollama") .pool.models }}
    exec:
      command: [sh, -ec, {{ printf "for model in %s; do ollama show $model >/dev/null; done" (join " " .pool.models) | quote }}]
    {{- else }}
    httpGet: {path: {{ include "olamchat.engineHealth" . }}, port: engine}
    {{- end }}
    periodSeconds: 10
    timeoutSeconds: 5
    failureThreshold: 3
  livenessProbe:
    httpGet: {path: {{ include "olamchat.engineHealth" . }}, port: engine}
    periodSeconds: 15
    timeoutSeconds: 5
    failureThreshold: 8
  resources:
    {{- include "olamchat.engineResources" . | nindent 4 }}
  securityContext:
    {{- include "olamchat.confined" . | nindent 4 }}
  volumeMounts:
    {{- include "olamchat.engineMounts" . | nindent 4 }}
    - name: shared-memory
      mountPath: /dev/shm
{{- end -}}

{{/* The init container that pulls what the cache lacks, ten tries a model. */}}
{{- define "olamchat.enginePull" -}}
- name: models
  image: {{ include "olamchat.engineImage" . }}
  command:
    - sh
    - -ec
    - |
      {{- if eq .pool.engine "ollama" }}
      ollama serve & server=$!
      until ollama list >/dev/null 2>&1; do sleep 1; done
      pull() { ollama pull "$1"; }
      {{- else }}
      pull() { python3 -c 'import sys, huggingface_hub as hub; hub.snapshot_download(sys.argv[1])' "$1"; }
      {{- end }}
      for model; do
        tries=0
        until pull "$model"; do
          tries=$((tries + 1))
          [ $tries -lt 10 ] || { echo "$model could not be pulled"; exit 1; }
          sleep $((tries * 5))
        done
      done
      {{- if eq .pool.engine "ollama" }}
      kill $server
      wait $server || true
      {{- end }}
    - pull
    {{- range .pool.models }}
    - {{ . | quote }}
    {{- end }}
  env:
    {{- include "olamchat.engineEnv" . | nindent 4 }}
  resources:
    {{- toYaml .pool.engineContainer.resources | nindent 4 }}
  securityContext:
    {{- include "olamchat.confined" . | nindent 4 }}
  volumeMounts:
    {{- include "olamchat.engineMounts" . | nindent 4 }}
{{- end -}}

{{- define "olamchat.engineHealth" -}}
{{- ternary "/health" "/" (eq .pool.engine "vllm") -}}
{{- end -}}

{{- define "olamchat.engineEnv" -}}
- name: HOME
  value: /tmp
{{- if eq .pool.engine "ollama" }}
- name: OLLAMA_HOST
  value: 0.0.0.0:{{ .pool.enginePort }}
- name: OLLAMA_MODELS
  value: /models
- name: OLLAMA_KEEP_ALIVE
  value: "-1"
- name: OLLAMA_NUM_PARALLEL
  value: {{ include "olamchat.engineSlots" . | quote }}
{{- else }}
- name: HF_HOME
  value: /models
- name: USER
  value: vllm
{{- end }}
{{- with .pool.engineContainer.huggingFaceSecret }}
- name: HF_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: HF_TOKEN
{{- end }}
{{- with .pool.engineContainer.env }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Requests and limits with the GPU: by count of a resource, or by claim. */}}
{{- define "olamchat.engineResources" -}}
{{- $resources := deepCopy .pool.engineContainer.resources -}}
{{- if .pool.gpu.claim -}}
{{- $_ := set $resources "claims" (list (dict "name" "gpu")) -}}
{{- else if .pool.gpu.count -}}
{{- $limits := default dict $resources.limits -}}
{{- $_ := set $limits .pool.gpu.resource (int .pool.gpu.count) -}}
{{- $_ := set $resources "limits" $limits -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end -}}

{{- define "olamchat.engineMounts" -}}
- name: tmp
  mountPath: /tmp
- name: models
  mountPath: /models
{{- end -}}

{{- define "olamchat.engineVolumes" -}}
- name: models
  {{- if .pool.cache.enabled }}
  persistentVolumeClaim:
    claimName: {{ .pool.cache.existingClaim | default (include "olamchat.name" (list .root (printf "models-%s" .pool.name))) }}
  {{- else }}
  emptyDir: {}
  {{- end }}
- name: shared-memory
  emptyDir:
    medium: Memory
    sizeLimit: {{ .pool.engineContainer.sharedMemory }}
{{- end -}}

{{/* The pod's claim of a GPU, by its template's name; nothing where there is none. */}}
{{- define "olamchat.engineClaim" -}}
{{- if .pool.gpu.claim -}}{{ include "olamchat.name" (list .root (printf "gpu-%s" .pool.name)) }}{{- end -}}
{{- end -}}

{{/* How pods with an engine are replaced: a GPU or a disk held by one pod has no room for a second beside it. */}}
{{- define "olamchat.engineStrategy" -}}
{{- if and .pool.cache.enabled (ne .pool.cache.accessMode "ReadWriteMany") -}}
type: Recreate
{{- else if or .pool.gpu.count .pool.gpu.claim -}}
rollingUpdate: {maxSurge: 0, maxUnavailable: 1}
{{- else -}}
rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
{{- end -}}
{{- end -}}
