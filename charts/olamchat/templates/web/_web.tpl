{{/* The container of the web pod. Takes: root. */}}
{{- define "olamchat.webContainer" -}}
- name: web
  image: {{ include "olamchat.image" (list . .Values.web.image) }}
  imagePullPolicy: {{ .Values.web.image.pullPolicy }}
  command: [nginx, -c, /etc/olamchat/nginx.conf, -g, "daemon off;"]
  ports:
    - name: http
      containerPort: 8080
    - name: health
      containerPort: 8081
  {{- include "olamchat.sameProbes" (list "httpGet: {path: /health/live, port: health}" 1 30) | nindent 2 }}
  lifecycle:
    preStop:
      sleep:
        seconds: {{ .Values.web.leaveSeconds }}
  resources:
    {{- toYaml .Values.web.resources | nindent 4 }}
  securityContext:
    {{- include "olamchat.confined" . | nindent 4 }}
  volumeMounts:
    - name: tmp
      mountPath: /tmp
    - name: conf
      mountPath: /etc/olamchat
      readOnly: true
{{- end -}}
