# Two images of one file. `app` is functions, workers and migrations, told apart by their command; `web` is nginx with the page.
#
#   docker build --target app -t olamchat/app .
#   docker build --target web -t olamchat/web .
#
# The base images may be any with Python ≥ 3.11, Node ≥ 22.17 and nginx ≥ 1.22. No BuildKit needed.
ARG PYTHON_IMAGE=docker.io/library/python:3.13-slim-bookworm
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim
ARG NGINX_IMAGE=docker.io/nginxinc/nginx-unprivileged:1.29-alpine-slim

FROM ${PYTHON_IMAGE} AS packages
COPY requirements/cluster.txt scripts/sbom.py /build/
RUN python3 -m venv /opt/olamchat \
 && /opt/olamchat/bin/pip install --no-cache-dir --no-compile --no-deps --require-hashes -r /build/cluster.txt \
 && rm -rf /opt/olamchat/lib/python3*/site-packages/pip* /opt/olamchat/lib/python3*/site-packages/setuptools* /opt/olamchat/bin/pip*
# Without the packages' own tests, the Kubernetes client's asyncio twin (68 MB) and what botocore knows of services other than the store and
# those that sign in to it (25 MB); and the files of each, compiled, since nothing can be written later.
RUN /opt/olamchat/bin/python /build/sbom.py python > /opt/olamchat/sbom.cdx.json \
 && find /opt/olamchat/lib -type d \( -name tests -o -name test \) -prune -exec rm -rf {} + \
 && rm -rf /opt/olamchat/lib/python3*/site-packages/kubernetes/aio \
 && find /opt/olamchat/lib/python3*/site-packages/botocore/data -mindepth 1 -maxdepth 1 -type d ! -name s3 ! -name 'sso*' ! -name sts -exec rm -rf {} + \
 && /opt/olamchat/bin/python -m compileall -q -x 'kubernetes/(client/(models|api)|dynamic|e2e)' /opt/olamchat/lib

FROM ${PYTHON_IMAGE} AS app
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="olamchat" \
      org.opencontainers.image.description="A self-hosted, multi-user chat for your own models: functions, workers and migrations." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV PATH=/opt/olamchat/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/srv/olamchat \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
COPY --from=packages /opt/olamchat /opt/olamchat
COPY functions /srv/olamchat/functions
COPY migrations /srv/olamchat/migrations
COPY olamchat /srv/olamchat/olamchat
COPY worker /srv/olamchat/worker
RUN python -m compileall -q /srv/olamchat
WORKDIR /srv/olamchat
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "-c", "functions/server/gunicorn_config.py", "functions.wsgi:app"]

# `app` with files that skaffold may change, and a gunicorn that takes them up.
FROM app AS development
USER 0:0
RUN chown -R 10001:10001 /srv/olamchat
USER 10001:10001
ENV GUNICORN_CMD_ARGS=--reload

FROM ${NODE_IMAGE} AS page
WORKDIR /build
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-progress
COPY web ./
RUN npm run build

FROM ${NGINX_IMAGE} AS web
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="olamchat-web" \
      org.opencontainers.image.description="The page of olamchat, and the router of its functions." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY web/nginx.conf /etc/nginx/nginx.conf
COPY --from=page /build/out /usr/share/nginx/html
USER 101:101
EXPOSE 8080
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
