{{/* Names, labels and images: each is made in one place. */}}

{{/* The stem of all names: the release's name, unless it is overridden. */}}
{{- define "olamchat.fullname" -}}
{{- include "olamchat.short" (list (default .Release.Name .Values.fullnameOverride) 30) -}}
{{- end -}}

{{/* The name of one component's objects. Takes: root, component. */}}
{{- define "olamchat.name" -}}
{{- include "olamchat.short" (list (printf "%s-%s" (include "olamchat.fullname" (first .)) (last .)) 63) -}}
{{- end -}}

{{/* A name of at most so many letters: of a longer one the beginning and a hash of the whole, so that no two become one. Takes: name, letters. */}}
{{- define "olamchat.short" -}}
{{- $name := first . -}}
{{- $letters := int (last .) -}}
{{- if le (len $name) $letters -}}
{{ $name }}
{{- else -}}
{{ $name | trunc (int (sub $letters 7)) | trimSuffix "-" }}-{{ sha256sum $name | trunc 6 }}
{{- end -}}
{{- end -}}

{{/* What a Deployment, a Service and a policy find the component's pods by. Takes: root, component. */}}
{{- define "olamchat.selector" -}}
app.kubernetes.io/name: olamchat
app.kubernetes.io/instance: {{ (first .).Release.Name }}
app.kubernetes.io/component: {{ last . }}
{{- end -}}

{{/* All labels of a component's objects. Takes: root, component. */}}
{{- define "olamchat.labels" -}}
{{- $ := first . -}}
{{ include "olamchat.selector" . }}
app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: olamchat
app.kubernetes.io/managed-by: {{ $.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $.Chart.Name $.Chart.Version | replace "+" "_" }}
{{- with $.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The metadata of a component's object. Takes: root, component. */}}
{{- define "olamchat.metadata" -}}
name: {{ include "olamchat.name" . }}
namespace: {{ (first .).Release.Namespace }}
labels:
  {{- include "olamchat.labels" . | nindent 2 }}
{{- end -}}

{{/* An image of ours, by digest where there is one. Takes: root, image. */}}
{{- define "olamchat.image" -}}
{{- $ := first . -}}
{{- $image := last . -}}
{{- $name := printf "%s/%s" (default $image.registry $.Values.imageRegistry) $image.repository -}}
{{- if $image.digest -}}
{{ $name }}@{{ $image.digest }}
{{- else -}}
{{ $name }}:{{ default $.Chart.AppVersion $image.tag }}
{{- end -}}
{{- end -}}

{{/* Somebody else's image, given whole; its registry gives way to imageRegistry. Takes: root, image. */}}
{{- define "olamchat.foreignImage" -}}
{{- $registry := (first .).Values.imageRegistry -}}
{{- if $registry -}}
{{ regexReplaceAll "^[^/]*[.:][^/]*/" (last .) "" | printf "%s/%s" $registry }}
{{- else -}}
{{ last . }}
{{- end -}}
{{- end -}}

{{/* A function's settings: the defaults with its own laid over. Takes: root, name. */}}
{{- define "olamchat.function" -}}
{{- $given := index (first .).Values.functions (last .) | default dict -}}
{{- mergeOverwrite (deepCopy (first .).Values.functionDefaults) $given | toYaml -}}
{{- end -}}

{{/*
A pool's settings: the defaults with its own laid over, and what follows from them: `models` are the names alone, `plans` what is told of
each, `addresses` where its engine is.
*/}}
{{- define "olamchat.pool" -}}
{{- $pool := mergeOverwrite (deepCopy (first .).Values.poolDefaults) (deepCopy (last .)) -}}
{{- $scales := gt (int $pool.scaling.max) (int $pool.scaling.min) -}}
{{- $inside := and (ne $pool.placement "external") (ne $pool.engine "demo") -}}
{{- $_ := set $pool "scales" $scales -}}
{{- $_ := set $pool "hasEngine" $inside -}}
{{- /* 8000 is the worker's own port, and containers of a pod share one network. */ -}}
{{- $_ := set $pool "enginePort" (ternary 8001 11434 (eq $pool.engine "vllm")) -}}
{{- $_ := set $pool "writesCost" (and $scales (first .).Values.workers.deletionCost.enabled) -}}
{{- $names := list -}}
{{- $plans := list -}}
{{- range $pool.models -}}
{{- $plan := ternary (dict "name" .) . (kindIs "string" .) -}}
{{- $names = append $names $plan.name -}}
{{- $plans = append $plans $plan -}}
{{- end -}}
{{- $toldMore := ne (toYaml $pool.models) (toYaml $names) -}}
{{- $_ := set $pool "models" $names -}}
{{- $_ := set $pool "plans" $plans -}}
{{- $_ := set $pool "addresses" (include "olamchat.engineAddresses" (list (first .) $pool) | fromYamlArray) -}}
{{- $_ := set $pool "hasFile" (or $toldMore (not (empty $pool.urls)) (not (empty $pool.titleModel)) (ne $pool.continues "auto") (eq $pool.engine "llama.cpp")) -}}
{{- $pool | toYaml -}}
{{- end -}}

{{/* Where a pool's engine is: beside the worker, behind a Service, elsewhere; none for demo. Takes: root, pool. */}}
{{- define "olamchat.engineAddresses" -}}
{{- $pool := last . -}}
{{- if eq $pool.engine "demo" -}}
[]
{{- else if eq $pool.placement "external" -}}
{{- ternary (list $pool.url) $pool.urls (empty $pool.urls) | toYaml -}}
{{- else if eq $pool.placement "service" -}}
- http://{{ include "olamchat.name" (list (first .) (printf "engine-%s" $pool.name)) }}:{{ $pool.enginePort }}
{{- else -}}
- http://127.0.0.1:{{ $pool.enginePort }}
{{- end -}}
{{- end -}}
