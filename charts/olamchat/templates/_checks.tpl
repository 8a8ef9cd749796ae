{{/* What contradicts itself is refused with a sentence, before anything is made. */}}
{{- define "olamchat.checks" -}}
{{- include "olamchat.checkStores" . -}}
{{- include "olamchat.checkSteps" . -}}
{{- include "olamchat.checkBackup" . -}}
{{- include "olamchat.checkRouting" . -}}
{{- include "olamchat.checkFunctions" . -}}
{{- range $pool := .Values.workers.pools -}}
{{- include "olamchat.checkPool" (list $ (include "olamchat.pool" (list $ $pool) | fromYaml)) -}}
{{- end -}}
{{- $names := list -}}
{{- range .Values.workers.pools -}}
{{- if has .name $names -}}{{- fail (printf "workers.pools: two pools are named %s; a pool's queue and load go by its name." .name) -}}{{- end -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- end -}}

{{- define "olamchat.checkStores" -}}
{{- if and (eq .Values.postgres.mode "external") (not .Values.postgres.existingSecret) -}}
{{- fail "postgres.mode is external: name the secret that holds `url` in postgres.existingSecret." -}}
{{- end -}}
{{- if and (eq .Values.redis.mode "external") (not .Values.redis.existingSecret) -}}
{{- fail "redis.mode is external: name the secret that holds `url` and `password` in redis.existingSecret." -}}
{{- end -}}
{{- if and .Values.keda.enabled (eq .Values.redis.mode "external") (not .Values.redis.keda.host) -}}
{{- fail "keda.enabled with an external Redis: KEDA asks it by itself and wants its name in redis.keda.host." -}}
{{- end -}}
{{- if and .Values.migrations.hook (eq .Values.postgres.mode "embedded") -}}
{{- fail "migrations.hook runs before the install, when the embedded Postgres isn't there yet: leave it off, or use an external one." -}}
{{- end -}}
{{- end -}}

{{- define "olamchat.checkSteps" -}}
{{- range $name := list "steps" "index" -}}
{{- with (get $.Values $name).autoscaling -}}
{{- if gt (int .min) (int .max) -}}
{{- fail (printf "%s.autoscaling: min %v is above max %v." $name .min .max) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with .Values.embeddings -}}
{{- if and .model (not .url) -}}
{{- fail "embeddings.model is set: name the engine that has it in embeddings.url." -}}
{{- end -}}
{{- if and .url (not .model) -}}
{{- fail "embeddings.url is set: name its model in embeddings.model." -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "olamchat.checkBackup" -}}
{{- if and (include "olamchat.backsUp" .) (not .Values.backup.s3.bucket) -}}
{{- fail "backup.enabled and backup.restore want the bucket of the dumps in backup.s3.bucket." -}}
{{- end -}}
{{- end -}}

{{- define "olamchat.checkRouting" -}}
{{- $routing := .Values.routing -}}
{{- if and (eq $routing.mode "regex") (not (or $routing.ingress.enabled $routing.gateway.enabled)) -}}
{{- fail "routing.mode is regex, but there is neither routing.ingress nor routing.gateway to write the expressions into." -}}
{{- end -}}
{{- if and (eq $routing.mode "regex") $routing.ingress.enabled (not $routing.ingress.controller) -}}
{{- fail "routing.mode is regex: each controller has its own syntax, so say which in routing.ingress.controller (traefik, f5-nginx), or use mode web." -}}
{{- end -}}
{{- if and $routing.gateway.enabled (not $routing.gateway.parentRefs) -}}
{{- fail "routing.gateway.enabled: name the Gateway in routing.gateway.parentRefs." -}}
{{- end -}}
{{- if and $routing.ingress.tlsSecret (not $routing.hosts) -}}
{{- fail "routing.ingress.tlsSecret without routing.hosts: a certificate is for names." -}}
{{- end -}}
{{- end -}}

{{- define "olamchat.checkFunctions" -}}
{{- range $name, $_ := .Values.functions -}}
{{- $function := include "olamchat.function" (list $ $name) | fromYaml -}}
{{- if gt (int $function.autoscaling.min) (int $function.autoscaling.max) -}}
{{- fail (printf "functions.%s.autoscaling: min %v is above max %v." $name $function.autoscaling.min $function.autoscaling.max) -}}
{{- end -}}
{{- if and (include "olamchat.scaledByKeda" (list $ $function)) (not $.Values.monitoring.prometheusUrl) -}}
{{- fail (printf "functions.%s.autoscaling.openStreams with KEDA: the streams are counted by Prometheus, whose address is missing in monitoring.prometheusUrl." $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "olamchat.checkPool" -}}
{{- $ := first . -}}
{{- $pool := last . -}}
{{- $where := printf "workers.pools, pool %s:" $pool.name -}}
{{- $atZero := eq (int $pool.scaling.min) 0 -}}
{{- if gt (int $pool.scaling.min) (int $pool.scaling.max) -}}
{{- fail (printf "%s scaling.min %v is above scaling.max %v." $where $pool.scaling.min $pool.scaling.max) -}}
{{- end -}}
{{- if and $atZero (not $.Values.keda.enabled) -}}
{{- fail (printf "%s scaling.min is 0, but only KEDA brings a pool back from zero: set keda.enabled, or min to 1." $where) -}}
{{- end -}}
{{- if and $atZero (eq $pool.placement "service") -}}
{{- fail (printf "%s its engine can't go to zero behind a Service, its workers would find nobody: use placement sidecar." $where) -}}
{{- end -}}
{{- include "olamchat.checkAddresses" (list $where $pool) -}}
{{- include "olamchat.checkModels" (list $where $pool) -}}
{{- if and $pool.cache.enabled (ne $pool.cache.accessMode "ReadWriteMany") (gt (int $pool.scaling.max) 1) -}}
{{- fail (printf "%s its cache is %s, which one pod at a time can hold, but scaling.max is %v: use ReadWriteMany, or no cache." $where $pool.cache.accessMode $pool.scaling.max) -}}
{{- end -}}
{{- if and $pool.gpu.count $pool.gpu.claim -}}
{{- fail (printf "%s gpu.count and gpu.claim both ask for a GPU: use one." $where) -}}
{{- end -}}
{{- if and $pool.gpu.claim (semverCompare "<1.34-0" $.Capabilities.KubeVersion.Version) -}}
{{- fail (printf "%s gpu.claim wants Kubernetes 1.34 or newer; this is %s." $where $.Capabilities.KubeVersion.Version) -}}
{{- end -}}
{{- if and (or $pool.gpu.count $pool.gpu.claim) (not $pool.hasEngine) -}}
{{- fail (printf "%s it asks for a GPU, but no engine of it runs in this cluster." $where) -}}
{{- end -}}
{{- end -}}

{{- define "olamchat.checkAddresses" -}}
{{- $where := first . -}}
{{- $pool := last . -}}
{{- $given := or $pool.url $pool.urls -}}
{{- if and (has $pool.engine (list "openai" "llama.cpp")) (ne $pool.placement "external") -}}
{{- fail (printf "%s engine %s is a server of yours or somebody's: its placement is external, with its url." $where $pool.engine) -}}
{{- end -}}
{{- if and (eq $pool.placement "external") (ne $pool.engine "demo") (not $given) -}}
{{- fail (printf "%s placement is external, but url is empty." $where) -}}
{{- end -}}
{{- if and $given (or (ne $pool.placement "external") (eq $pool.engine "demo")) -}}
{{- fail (printf "%s url is for engines that are external; this one's is %s, placement %s." $where $pool.engine $pool.placement) -}}
{{- end -}}
{{- if and $pool.url $pool.urls -}}
{{- fail (printf "%s url is for one engine, urls for several of the same kind: use one of them." $where) -}}
{{- end -}}
{{- if ne (len $pool.urls) (len (uniq $pool.urls)) -}}
{{- fail (printf "%s urls names an engine twice." $where) -}}
{{- end -}}
{{- if and $pool.urlConcurrency (not $pool.urls) -}}
{{- fail (printf "%s urlConcurrency is for each of urls; a single engine takes the pool's concurrency." $where) -}}
{{- end -}}
{{- end -}}

{{- define "olamchat.checkModels" -}}
{{- $where := first . -}}
{{- $pool := last . -}}
{{- if and $pool.hasEngine (eq $pool.engine "vllm") (ne (len $pool.models) 1) -}}
{{- fail (printf "%s a vLLM serves one model; models names %d." $where (len $pool.models)) -}}
{{- end -}}
{{- if ne (len $pool.models) (len (uniq $pool.models)) -}}
{{- fail (printf "%s models names one twice." $where) -}}
{{- end -}}
{{- if and $pool.titleModel $pool.models (not (has $pool.titleModel $pool.models)) -}}
{{- fail (printf "%s titleModel %s is none of its models." $where $pool.titleModel) -}}
{{- end -}}
{{- end -}}
