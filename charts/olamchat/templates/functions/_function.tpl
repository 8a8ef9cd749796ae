{{/* The container of a function's pod. Takes a dict: root, name, function (its settings). */}}
{{- define "olamchat.functionContainer" -}}
{{- $ := .root -}}
{{- $function := .function -}}
- name: function
  image: {{ include "olamchat.image" (list $ $.Values.image) }}
  imagePullPolicy: {{ $.Values.image.pullPolicy }}
  args: [gunicorn, -c, functions/server/gunicorn_config.py, "functions.wsgi:app"]
  env:
    - name: OLAMCHAT_FUNCTIONS
      value: {{ .name }}
    - name: OLAMCHAT_VERIFY_KEYS_FILE
      value: /keys/verify.pem
    {{- if eq .name "auth" }}
    - name: OLAMCHAT_SIGNING_KEY_FILE
      value: /keys/signing.pem
    - name: OLAMCHAT_SETUP_TOKEN
      valueFrom:
        secretKeyRef: {name: {{ include "olamchat.authSecret" $ }}, key: set-up-token}
    {{- include "olamchat.smokeTestEnv" $ | nindent 4 }}
    {{- with $.Values.auth.firstAdministrator.email }}
    - name: OLAMCHAT_FIRST_ADMIN
      value: {{ . | quote }}
    {{- end }}
    {{- with $.Values.oidc.existingSecret }}
    - name: OLAMCHAT_OIDC_CLIENT_SECRET
      valueFrom:
        secretKeyRef:
          name: {{ . }}
          key: {{ $.Values.oidc.key }}
    {{- end }}
    {{- with $.Values.smtp.existingSecret }}
    - name: OLAMCHAT_SMTP_PASSWORD
      valueFrom:
        secretKeyRef:
          name: {{ . }}
          key: {{ $.Values.smtp.key }}
    {{- end }}
    {{- end }}
    - name: OLAMCHAT_DB_POOL_SIZE
      value: {{ $function.databaseConnections | quote }}
    - name: OLAMCHAT_CONNECTIONS
      value: {{ $function.gunicorn.connections | quote }}
    - name: OLAMCHAT_GRACEFUL_S
      value: {{ $function.gunicorn.gracefulSeconds | quote }}
    - name: OLAMCHAT_TRUSTED_HOPS
      value: {{ include "olamchat.trustedHops" $ | quote }}
    {{- if and (eq .name "models") (include "olamchat.poolsAtZero" $) }}
    - name: OLAMCHAT_KUBERNETES_POOLS
      value: {{ printf "app.kubernetes.io/instance=%s,olamchat/kind=worker" $.Release.Name | quote }}
    - name: OLAMCHAT_NAMESPACE
      value: {{ $.Release.Namespace }}
    {{- end }}
    {{- if has .name (list "files" "knowledge") }}
    {{- include "olamchat.filesEnv" $ | nindent 4 }}
    {{- end }}
    {{- if eq .name "files" }}
    {{- include "olamchat.readerEnv" $ | nindent 4 }}
    {{- end }}
    {{- include "olamchat.appEnv" $ | nindent 4 }}
  ports:
    - name: http
      containerPort: 8000
  {{- include "olamchat.probes" . | nindent 2 }}
  lifecycle:
    preStop:
      # Routers learn that the pod leaves; then SIGTERM ends its streams with a word to come back elsewhere.
      sleep:
        seconds: {{ $function.leaveSeconds }}
  resources:
    {{- toYaml $function.resources | nindent 4 }}
  securityContext:
    {{- include "olamchat.confined" . | replace "Filesystem: true" (printf "Filesystem: %t" $function.readOnlyRootFilesystem) | nindent 4 }}
  volumeMounts:
    - name: tmp
      mountPath: /tmp
    - name: keys
      mountPath: /keys
      readOnly: true
{{- end -}}

{{/* The keys a function may see: all verify, auth alone signs. Takes: root, name. */}}
{{- define "olamchat.keysVolume" -}}
- name: keys
  secret:
    secretName: {{ include "olamchat.keysSecret" (first .) }}
    defaultMode: 0440
    items:
      - {key: verify.pem, path: verify.pem}
      {{- if eq (last .) "auth" }}
      - {key: signing.pem, path: signing.pem}
      {{- end }}
{{- end -}}

{{/* From the end of the pod to SIGKILL: leaving, the running requests, and a little air. */}}
{{- define "olamchat.functionGrace" -}}
{{- add .leaveSeconds .gunicorn.gracefulSeconds 5 -}}
{{- end -}}

{{/* Whether the pods' number follows the open streams, asked of Prometheus by KEDA. Takes: root, function. */}}
{{- define "olamchat.scaledByKeda" -}}
{{- $ := first . -}}
{{- with (last .).autoscaling -}}
{{- if and .enabled .openStreams $.Values.keda.enabled -}}yes{{- end -}}
{{- end -}}
{{- end -}}

{{/* Proxies that a request has passed: those outside, and the web pod unless the outer router goes past it. */}}
{{- define "olamchat.trustedHops" -}}
{{- $outer := ternary .Values.routing.outerHops 0 (or .Values.routing.ingress.enabled .Values.routing.gateway.enabled) -}}
{{- add $outer (ternary 1 0 (eq .Values.routing.mode "web")) -}}
{{- end -}}
