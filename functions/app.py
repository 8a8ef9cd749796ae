"""Put functions together to an app: all of them on one machine, one of them in a pod of a cluster."""

from collections.abc import Iterable
from functools import partial
from importlib import import_module

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from functions.http import auth, cors, problems, rate_limits, token_keys
from functions.http.flask_app import App
from functions.http.messages import BODY_BYTES, device
from functions.observe import access_log, health, metrics, traces
from functions.routes import FUNCTIONS
from functions.server import psycopg_gevent
from olamchat import logs, redis_url, tracing
from olamchat.db.pool import open_database
from olamchat.environment import BadSetting, environment
from olamchat.network import mail
from olamchat.services.people import audit, roles, second_factor, sign_up_policy
from olamchat.services.people.groups import claims
from olamchat.services.people.passkeys import site

# What the API answers is data: it is never shown as a page, framed, or given to a script of another site, unless OLAMCHAT_CORS_ORIGINS names it.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
_ALWAYS = [
    (name.lower(), name, value)
    for name, value in {"Strict-Transport-Security": "max-age=31536000", "Cache-Control": "no-store", **HEADERS}.items()
]  # the first only where cookies are for HTTPS alone


def create_app(functions: Iterable[str] | None = None) -> Flask:
    """Make an app of the functions named, by default those of OLAMCHAT_FUNCTIONS, and without that of all. Raises BadSetting.

    It connects to nothing before the first request.
    """
    names = _known(functions if functions is not None else environment().functions.split(","))
    app = App("olamchat", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False  # a path with two would be sent elsewhere, to the host that the request names
    if environment().trusted_hops:
        hops = environment().trusted_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_port=0, x_prefix=0)  # type: ignore[method-assign]
    for part in (problems, auth, metrics, access_log, traces, rate_limits, cors):
        part.set_up(app)
    app.before_request(_note_where)
    app.after_request(_harden)
    app.register_blueprint(health.bp)
    for name in names:
        app.register_blueprint(import_module(f"functions.{name}.routes").bp)
    psycopg_gevent.cooperate()
    open_database()
    redis_url.check(environment().redis_url)
    return app


def served() -> Flask:
    """Make the app of a process that serves: it has its keys, or says at once that it hasn't. Raises BadSetting."""
    logs.set_up(environment().log_level, environment().log_format)
    tracing.set_up(environment().functions or "functions")
    app = create_app()
    if "auth" in app.blueprints:
        token_keys.signing_key()
        sign_up_policy.policy()
        site.site()
        second_factor.must_have()
        from functions.auth import oidc_provider  # it brings Authlib, which no other function needs

        oidc_provider.check()
        mail.check()
    roles.check()
    claims.check()
    token_keys.verify_keys()
    return app


def _known(names: Iterable[str]) -> list[str]:
    wanted = [name.strip() for name in names if name.strip()] or list(FUNCTIONS)
    for name in wanted:
        if name not in FUNCTIONS:
            raise BadSetting(f"OLAMCHAT_FUNCTIONS names {name!r}; there are {', '.join(FUNCTIONS)}")
    return wanted


def _note_where() -> None:
    """Let everything that happens meanwhile know where the request comes from."""
    audit.where.set(partial(device, request._get_current_object()))  # type: ignore[attr-defined]  # noqa: SLF001, the request and not whichever is one's own


def _harden(response: Response) -> Response:
    """Nothing of the API is kept by caches or taken for something else."""
    there = {name.lower() for name in response.headers.keys()}  # noqa: SIM118, headers are pairs
    for lower, name, value in _ALWAYS if environment().secure_cookies else _ALWAYS[1:]:
        if lower not in there:
            response.headers.add(name, value)
    return response
