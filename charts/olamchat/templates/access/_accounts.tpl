{{/* Who may ask Kubernetes what: nobody, but the models function about pools at zero and the workers about their own pod. */}}

{{/* "yes" where a pool may be at zero. */}}
{{- define "olamchat.poolsAtZero" -}}
{{- range .Values.workers.pools -}}
{{- $pool := include "olamchat.pool" (list $ .) | fromYaml -}}
{{- if eq (int $pool.scaling.min) 0 -}}yes{{- end -}}
{{- end -}}
{{- end -}}

{{/* "yes" where a pool's workers write their deletion cost. */}}
{{- define "olamchat.anyWritesCost" -}}
{{- range .Values.workers.pools -}}
{{- $pool := include "olamchat.pool" (list $ .) | fromYaml -}}
{{- if $pool.writesCost -}}yes{{- end -}}
{{- end -}}
{{- end -}}

{{/* "true" where the function's pods have a token. Takes: root, name. */}}
{{- define "olamchat.functionToken" -}}
{{- if and (eq (last .) "models") (include "olamchat.poolsAtZero" (first .)) -}}true{{- else -}}false{{- end -}}
{{- end -}}

{{/* The function's ServiceAccount. Takes: root, name. */}}
{{- define "olamchat.functionAccount" -}}
{{- include "olamchat.name" (list (first .) (ternary "models" "pods" (eq (include "olamchat.functionToken" .) "true"))) -}}
{{- end -}}
