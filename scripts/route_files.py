"""Make what routes /api out of the route table: the web pod's nginx.conf, once for the chart, once for the image, and the table as data.

Run `python -m scripts.route_files` after a change of functions/routes.py; a test fails while the files are stale.
"""

import json
from collections.abc import Callable
from pathlib import Path

from functions.routes import FUNCTIONS, ROUTES, Route
from olamchat.errors import NotFound, Problem, TooLarge, Unavailable

ROOT = Path(__file__).parent.parent
FOR_CHART = ROOT / "charts/olamchat/files/nginx.conf"
FOR_IMAGE = ROOT / "web/nginx.conf"
TABLE = ROOT / "charts/olamchat/files/routes.yaml"

HEAD = """\
# Made from functions/routes.py by scripts/route_files.py. Change those.
worker_processes 1;
worker_rlimit_nofile 65536;
worker_shutdown_timeout {graceful_s}s;
pid /tmp/nginx.pid;
error_log stderr warn;

events {{
    worker_connections {connections};
}}

http {{
    types {{
        text/html html;
        text/css css;
        text/javascript js mjs;
        text/plain txt;
        application/json json map;
        application/manifest+json webmanifest;
        application/wasm wasm;
        image/svg+xml svg;
        image/png png;
        image/jpeg jpg jpeg;
        image/x-icon ico;
        image/webp webp;
        font/woff2 woff2;
    }}
    default_type application/octet-stream;
    charset utf-8;
    charset_types text/css text/javascript text/plain application/json;

    # Whoever has a link to a shared conversation sees it: no log is to have one.
    map $uri $logged_path {{
        default $uri;
        "~^/share/." /share/-;
        "~^/api/shares/[^/]+(?<rest>.*)$" /api/shares/-$rest;
    }}
    log_format json escape=json '{{"time":"$time_iso8601","method":"$request_method","path":"$logged_path","status":$status,'
                                '"seconds":$request_time,"bytes":$body_bytes_sent,"upstream":"$upstream_addr"}}';
    access_log /dev/stdout json;

    client_body_temp_path /tmp/nginx-body;
    proxy_temp_path /tmp/nginx-proxy;
    fastcgi_temp_path /tmp/nginx-fastcgi;
    uwsgi_temp_path /tmp/nginx-uwsgi;
    scgi_temp_path /tmp/nginx-scgi;

    server_tokens off;
    sendfile on;
    keepalive_timeout 65s;
    client_max_body_size 2m;

    gzip on;
    gzip_comp_level 6;
    gzip_vary on;
    gzip_min_length 1024;
    gzip_types text/css text/javascript text/plain application/json application/manifest+json image/svg+xml;

    # As with the addresses, each proxy adds what it saw; the functions know how many of them to believe.
    map $http_x_forwarded_proto $forwarded_proto {{
        default "$http_x_forwarded_proto, $scheme";
        "" $scheme;
    }}

    # Only what came over TLS is to come so ever after.
    map $forwarded_proto $transport_security {{
        default "";
        "~^https" "max-age=31536000";
    }}

    # The same server twice: a connection that a leaving pod refuses is made again, and then reaches another pod.
"""

UPSTREAM = """\
    upstream {function} {{
        server {host}:8000 max_fails=0;
        server {host}:8000 max_fails=0;
    }}
"""

SERVER = """\
    # For the kubelet only; no Service leads here.
    server {
        listen 8081;
        access_log off;
        location = /health/live {
            return 200 "ok";
        }
    }

    server {
        listen 8080;
        root /usr/share/nginx/html;
        absolute_redirect off;
        merge_slashes off;

        proxy_http_version 1.1;
        # One connection a request: one kept open would lead to a pod that leaves, and a POST can't be sent twice.
        proxy_set_header Connection close;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $forwarded_proto;
        proxy_connect_timeout 2s;
        proxy_read_timeout 60s;
        proxy_next_upstream error;
        proxy_next_upstream_tries 2;

        error_page 404 = @not_found;
        error_page 413 = @too_large;
        error_page 502 503 504 = @unavailable;
"""

# What every file of the page goes with; a page's own <meta> has the rest of its policy, with the hashes of its scripts. The functions' answers bring their own.
HEADERS = """\
            add_header X-Content-Type-Options nosniff always;
            add_header Referrer-Policy same-origin always;
            add_header X-Frame-Options DENY always;
            add_header Content-Security-Policy "frame-ancestors 'none'" always;
            add_header Cross-Origin-Opener-Policy same-origin always;
            add_header Permissions-Policy "camera=(), geolocation=(), microphone=(), payment=(), usb=()" always;
            add_header Strict-Transport-Security $transport_security always;
"""

# A large body goes on as it comes: the pod's /tmp is no place for it, and the function reads it without holding up others.
LARGE = """\
            client_max_body_size {mib}m;
            proxy_request_buffering off;
"""

STREAM = """\
            proxy_buffering off;
            proxy_read_timeout 1h;
            access_log off;
"""

PAGE = """\
        # What is under /api or /v1 and in no row is nowhere, and never the page.
        location ~ ^/(api|v1)(/|$) {
            return 404;
        }

        # Files with a hash in their name never change.
        location ^~ /_next/static/ {
            add_header Cache-Control "public, max-age=31536000, immutable";
{headers}            try_files $uri =404;
        }

        # Who has a link to a shared conversation has it from its owner, not from a search.
        location ^~ /share/ {
            add_header X-Robots-Tag "noindex, nofollow" always;
            add_header Cache-Control no-cache;
{headers}            try_files /index.html =404;
        }

        location / {
            add_header Cache-Control no-cache;
{headers}            try_files $uri $uri.html /index.html =404;
        }
"""

PROBLEM = """\
        location @{code} {{
            internal;
            types {{ }}
            default_type application/problem+json;
            add_header X-Content-Type-Options nosniff always;
            {headers}return {status} '{body}';
        }}
"""


def nginx_conf(*, host: Callable[[str], str], connections: str, graceful_s: str, only_if: Callable[[str, str], str]) -> str:
    """Return the whole file. `host` names a function's upstream; `only_if(function, text)` wraps what goes with the function."""
    parts = [
        HEAD.format(connections=connections, graceful_s=graceful_s),
        "".join(only_if(function, UPSTREAM.format(function=function, host=host(function))) for function in FUNCTIONS),
        SERVER,
        "".join(only_if(route.function, _location(route)) for route in ROUTES),
        PAGE.replace("{headers}", HEADERS),
        "\n".join(_problem(problem) for problem in (NotFound, TooLarge, Unavailable)) + "    }\n}\n",
    ]
    return "\n".join(parts)


def _location(route: Route) -> str:
    ways = (STREAM if route.streams else "") + (LARGE.format(mib=route.body_mib) if route.body_mib > Route.body_mib else "")
    return f'        location ~ "{route.pattern}" {{\n{ways}            proxy_pass http://{route.function};\n        }}\n'


def _problem(kind: type[Problem]) -> str:
    headers = "add_header Retry-After 1 always;\n            " if kind is Unavailable else ""
    body = json.dumps(kind().as_json(), separators=(",", ":")).replace("'", "\\'")
    return PROBLEM.format(code=kind.code, status=kind.status, headers=headers, body=body)


def for_chart() -> str:
    """The file as a Helm template: hosts by the release's name, functions that the values remove left out."""
    return nginx_conf(
        host=lambda function: f'{{{{ include "olamchat.name" (list . "{function}") }}}}',
        connections="{{ .Values.web.connections }}",
        graceful_s="{{ .Values.web.gracefulSeconds }}",
        only_if=lambda function, text: f'{{{{- if hasKey .Values.functions "{function}" }}}}\n{text}{{{{- end }}}}\n',
    )


def for_image() -> str:
    """The file as the image carries it and compose uses it: each function is a host of its own name."""
    return nginx_conf(host=lambda function: function, connections="4096", graceful_s="20", only_if=lambda _, text: text)


def table() -> str:
    """The rows as data, for the chart's Ingress and HTTPRoute; tried from the top."""
    rows = (f"- {{pattern: '{route.pattern}', function: {route.function}, streams: {str(route.streams).lower()}}}\n" for route in ROUTES)
    return "# Made from functions/routes.py by scripts/route_files.py. Change those.\n" + "".join(rows)


def files() -> dict[Path, str]:
    """Return what each file should hold."""
    return {FOR_CHART: for_chart(), FOR_IMAGE: for_image(), TABLE: table()}


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(f"wrote {path.relative_to(ROOT)}")
