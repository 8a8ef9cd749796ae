{{/* Pods come at once and go slowly. Takes: seconds of less work before they go. */}}
{{- define "olamchat.scalingBehavior" -}}
scaleUp:
  stabilizationWindowSeconds: 0
  policies:
    - {type: Percent, value: 100, periodSeconds: 15}
    - {type: Pods, value: 4, periodSeconds: 15}
  selectPolicy: Max
scaleDown:
  stabilizationWindowSeconds: {{ . }}
  policies:
    - {type: Percent, value: 50, periodSeconds: 60}
{{- end -}}

{{/* A HorizontalPodAutoscaler over CPU, and further metrics as YAML. Takes a dict: root, component, scaling {min, max, cpu}, metrics, idleSeconds. */}}
{{- define "olamchat.hpa" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "olamchat.metadata" (list .root .component) | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "olamchat.name" (list .root .component) }}
  minReplicas: {{ .scaling.min }}
  maxReplicas: {{ .scaling.max }}
  metrics:
    {{- with .scaling.cpu }}
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ . }}
    {{- end }}
    {{- with .metrics }}
    {{- . | nindent 4 }}
    {{- end }}
  behavior:
    {{- include "olamchat.scalingBehavior" (.idleSeconds | default 300) | nindent 4 }}
{{- end -}}

{{/* A PodDisruptionBudget: nodes may be drained one pod at a time. Takes: root, component. */}}
{{- define "olamchat.pdb" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "olamchat.metadata" . | nindent 2 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "olamchat.selector" . | nindent 6 }}
{{- end -}}

{{/* KEDA's question to Redis: how much is in a set of work queued and running. Takes: root, set, how much a pod is meant to have. */}}
{{- define "olamchat.redisTrigger" -}}
{{- $ := first . -}}
- type: redis
  metadata:
    {{- if eq $.Values.redis.mode "embedded" }}
    address: {{ include "olamchat.name" (list $ "redis") }}.{{ $.Release.Namespace }}.svc:6379
    {{- else }}
    address: {{ $.Values.redis.keda.host }}:{{ $.Values.redis.port }}
    databaseIndex: {{ $.Values.redis.keda.database | quote }}
    enableTLS: {{ $.Values.redis.keda.tls | quote }}
    {{- end }}
    listName: {{ index . 1 }}
    listLength: {{ index . 2 | toString | quote }}
  authenticationRef:
    name: {{ include "olamchat.name" (list $ "redis") }}
{{- end -}}
