"""Gunicorn's settings in a cluster: `gunicorn -c functions/server/gunicorn_config.py functions.wsgi:app`, one gevent process a pod.

How many connections and how long to end come from the environment, as the chart writes it. Streams drain on SIGTERM.
"""

from gevent import monkey

monkey.patch_all()

import resource  # noqa: E402, everything after the patch
import sys  # noqa: E402
from typing import Any  # noqa: E402

from olamchat import redis_url  # noqa: E402
from olamchat.db import address, pool  # noqa: E402
from olamchat.environment import BadSetting, environment  # noqa: E402

try:
    address.parameters(environment().database_url)
    pool.is_pooled(environment().database_pooler)
    redis_url.check(environment().redis_url)
except BadSetting as error:
    sys.exit(f"{error}")  # in words: gunicorn would print a traceback for each worker it tries

bind = environment().bind
worker_class = "functions.server.gunicorn_worker.Worker"
workers = 1
worker_connections = environment().connections
backlog = 4096
timeout = 60
graceful_timeout = environment().graceful_s
# Longer than nginx keeps a connection idle; it makes a new one for each request anyway.
keepalive = 75
control_socket_disable = True
# No header sets what gunicorn itself found out, whoever sends it: proxies are believed by OLAMCHAT_TRUSTED_HOPS alone.
forwarded_allow_ips = ""
forwarder_headers = ""
accesslog = None
errorlog = "-"
loglevel = environment().log_level


def when_ready(_server: Any) -> None:
    """Raise the limit of open files to what the system allows: every watching browser holds one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def post_worker_init(_worker: Any) -> None:
    """Have streams drain before gunicorn waits for its requests to end, the models function watch its cluster, and auth send mail."""
    from functions.models import cold_pools
    from functions.stream.drain import drain_on_sigterm
    from olamchat import heap

    cold_pools.start()
    if "stream" in (environment().functions or "stream"):
        drain_on_sigterm()
    if "auth" in (environment().functions or "auth"):
        from functions.auth import postman

        postman.start()
    heap.settle()
