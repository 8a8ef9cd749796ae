"""Every setting a process reads from its environment, in one place, checked once.

README's table of variables is made from this file: the comment above a field is its sentence there.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache


class BadSetting(ValueError):
    """A variable of the environment has a value that can't be used."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The settings of one process. A field `x` is read from the variable that VARIABLES names."""

    # Postgres, as a postgresql:// URL with any parameter of libpq's: sslmode, several hosts, target_session_attrs.
    database_url: str = "postgresql://olamchat@127.0.0.1:5432/olamchat"
    # Set to transaction where DATABASE_URL leads to PgBouncer, or the like, that pools by transaction.
    database_pooler: str = ""
    # Redis or Valkey (7.0 commands), as a redis:// URL: token log, nudges, limits and the turns' queue.
    redis_url: str = "redis://127.0.0.1:6379/0"
    # Which functions this process serves, by name, divided by commas; empty for all.
    functions: str = ""
    # File with the Ed25519 private key (PEM) that signs tokens. Only the auth function has it.
    signing_key_file: str = ""
    # File with the Ed25519 public keys (PEM, one after another) that verify tokens.
    verify_keys_file: str = ""
    # Send cookies only over TLS, under their __Host- names. Off for plain http on localhost.
    secure_cookies: bool = True
    # How long an access token is good for, in seconds.
    access_ttl_s: int = 900
    # How long a session lives without being used, in seconds.
    refresh_ttl_s: int = 2_592_000
    # Work factor of bcrypt, 2 to this power.
    bcrypt_cost: int = 12
    # Who may sign up: open (everybody), closed (nobody), invitation, or domains. The first account is made under each, and is the administrator's.
    sign_up: str = "open"
    # E-mail domains that may sign up where OLAMCHAT_SIGN_UP is domains, divided by commas.
    sign_up_domains: str = ""
    # The only e-mail that may make the first account, which is the administrator's; empty for whoever comes first.
    first_admin: str = ""
    # Address people have the page at, such as https://chat.example.org: an OpenID provider sends them back there.
    public_url: str = ""
    # OpenID provider that people may sign in with, as its issuer's address; empty for none (docs/sign-on.md).
    oidc_issuer: str = ""
    # What the provider calls this server.
    oidc_client_id: str = ""
    # What this server shows the provider with it; empty for a public client.
    oidc_client_secret: str = ""
    # Name of the provider on the button of the page.
    oidc_name: str = "single sign-on"
    # Scopes that are asked for, divided by spaces.
    oidc_scopes: str = "openid email profile"
    # Claim that has a person's groups.
    oidc_groups_claim: str = "groups"
    # Groups whose people are administrators, divided by commas. Named, they decide with every sign-in by the provider; empty, the provider decides nothing.
    oidc_admin_groups: str = ""
    # E-mail domains that may sign in by the provider, divided by commas; empty for all.
    oidc_domains: str = ""
    # Whoever the provider vouches for may join, whatever OLAMCHAT_SIGN_UP says.
    oidc_joins: bool = False
    # The provider's e-mails are verified, also where it doesn't say so.
    oidc_trust_email: bool = False
    # Other sites whose pages may call the API with tokens, as https://host, divided by commas; empty for none. Cookies are never theirs to use.
    cors_origins: str = ""
    # Proxies in front that add to X-Forwarded-For and -Proto, and are believed; 0 where requests come straight from people.
    trusted_hops: int = 0
    # How often one e-mail may be tried to sign in with, as N/second, /minute, /hour or /day, several divided by semicolons; - for no limit.
    limit_sign_in: str = "10/minute;50/hour"
    # How often one address may sign in and sign up.
    limit_address: str = "60/minute;500/hour"
    # Requests that one person or key may make.
    limit_requests: str = "1200/minute"
    # Looks at shared conversations from one address, by people who need not be signed in.
    limit_visits: str = "120/minute"
    # Tokens one person may take in a day (UTC), prompts and answers together: a number for everybody, or by role as user=100000,admin=-; - for no limit.
    tokens_per_day: str = "-"
    # Tokens one person may take in a month (UTC), said the same way. Administrators may decide otherwise for single people.
    tokens_per_month: str = "-"
    # Shares of the workers by role where many wait, as admin=2,user=1; a role not named has 1.
    weights: str = ""
    # Postgres connections one process may hold.
    db_pool_size: int = 10
    # Address that the functions' gunicorn listens on.
    bind: str = "0.0.0.0:8000"
    # Connections one function process serves at once.
    connections: int = 1_000
    # Event streams one person may have open in one function process.
    max_streams_per_user: int = 256
    # Seconds that running requests have after SIGTERM.
    graceful_s: int = 20
    # Folder with the exported page; empty where another server has it.
    web_dir: str = ""
    # Answers one user may have queued or running at once.
    max_answers_per_user: int = 20
    # Characters after which an answer is ended as too long, thoughts included, whatever its engine was told.
    max_answer_chars: int = 1_000_000
    # Turns that may wait in one pool before new ones are refused.
    max_waiting_per_pool: int = 1_000
    # Bytes that one attached file may have; the router in front lets 100 MiB through.
    file_bytes: int = 20_971_520
    # Files that one message may have.
    files_per_message: int = 10
    # Bytes that one person's files may have together.
    files_total_bytes: int = 1_073_741_824
    # Bucket of an S3-compatible store that new files are kept in; empty for Postgres. It must be there.
    s3_bucket: str = ""
    # Address of that store, e.g. http://127.0.0.1:9000; empty for Amazon's own.
    s3_url: str = ""
    # Region of the bucket.
    s3_region: str = "us-east-1"
    # What the names of the objects begin with.
    s3_prefix: str = ""
    # Access key of the store; empty where the machine itself may come in (a role).
    s3_access_key: str = ""
    # Secret key of the store.
    s3_secret_key: str = ""
    # Answers one worker process writes at once.
    concurrency: int = 8
    # Pools this worker serves, divided by commas, each an engine or `name=engine`; empty for all that are configured.
    pools: str = ""
    # YAML file that tells the pools with replicas, models and options (docs/engines.md) instead of the addresses below; read again when it changes.
    pools_file: str = ""
    # Ollama's address, e.g. http://127.0.0.1:11434.
    ollama_url: str = ""
    # vLLM's address, e.g. http://127.0.0.1:8000.
    vllm_url: str = ""
    # Any OpenAI-compatible server's base address, with /v1 where it has one.
    openai_base_url: str = ""
    # Key sent to the OpenAI-compatible servers as a bearer token.
    openai_api_key: str = ""
    # The server at OPENAI_BASE_URL understands continue_final_message: a broken answer goes on where it was. Known by itself of vLLM, SGLang and llama.cpp.
    openai_continues: bool = False
    # Small model that makes the titles; empty for the one that answered.
    title_model: str = ""
    # Have the model (the small one, where one makes the titles) sum up what of a conversation does not fit its context.
    summaries: bool = False
    # Pace of the demo engine, in tokens a second; 0 for as fast as it goes.
    demo_tokens_per_s: float = 40.0
    # Port of the worker's health and metrics on every address; 0 for none.
    worker_port: int = 0
    # File that the worker touches while it is well; empty for none.
    worker_heartbeat_file: str = ""
    # A worker's hold on an answer: lost this many seconds after its last renewal.
    lease_ttl_s: float = 4.0
    # Seconds between two renewals of a worker's leases.
    heartbeat_s: float = 1.0
    # Seconds between two looks for turns that nobody holds.
    sweep_s: float = 0.5
    # Seconds a worker goes on writing after SIGTERM before it hands its answers over.
    worker_grace_s: float = 20.0
    # Name of this process's own pod; with it a worker says how busy it is, so that idle pods go first.
    pod: str = ""
    # Kubernetes namespace of the release.
    namespace: str = ""
    # Labels of the pools' Deployments, e.g. app=a,b=c: the models function offers pools at zero as cold. Empty: it doesn't look.
    kubernetes_pools: str = ""
    # Log level: debug, info, warning or error.
    log_level: str = "info"
    # How a log line looks: text for people, or json with the ids of its request, conversation and answer.
    log_format: str = "text"
    # Receiver of OpenTelemetry traces (OTLP over HTTP, e.g. http://collector:4318); empty for none. OTEL_SERVICE_NAME and the like count too.
    otel_exporter_otlp_endpoint: str = ""


VARIABLES = {
    field.name: field.name.upper()
    if field.name
    in {"database_url", "redis_url", "ollama_url", "vllm_url", "openai_base_url", "openai_api_key", "otel_exporter_otlp_endpoint"}
    else f"OLAMCHAT_{field.name.upper()}"
    for field in fields(Environment)
}


def read(variables: Mapping[str, str]) -> Environment:
    """Read an Environment out of a mapping such as os.environ; empty values count as absent.

    Raises BadSetting with the variable's name when a value is not of its kind.
    """
    given = {
        field.name: _convert(VARIABLES[field.name], variables[VARIABLES[field.name]], type(field.default))
        for field in fields(Environment)
        if variables.get(VARIABLES[field.name])
    }
    return Environment(**given)  # type: ignore[arg-type]


def variable(name: str) -> str:
    """Return a variable that a settings file names, such as an engine's key; empty where there is none."""
    return os.environ.get(name, "")


@cache
def environment() -> Environment:
    """Return this process's settings, read once."""
    return read(os.environ)


def _convert(name: str, value: str, kind: type) -> object:
    try:
        if kind is bool:
            return {"true": True, "1": True, "false": False, "0": False}[value.strip().lower()]
        return kind(value)
    except (KeyError, ValueError):
        raise BadSetting(f"{name}={value!r} is not a {kind.__name__}") from None
