"""Every setting a process reads from its environment, in one place, checked once.

The table in docs/configuration.md is generated from this file: the comment above a field is its sentence there.
"""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache


class BadSetting(ValueError):
    """A variable of the environment has a value that can't be used."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The settings of one process. A field `x` is read from the variable that VARIABLES names."""

    # PostgreSQL, as a postgresql:// URL with any libpq parameter: sslmode, several hosts, target_session_attrs.
    database_url: str = "postgresql://olamchat@127.0.0.1:5432/olamchat"
    # Set to `transaction` if DATABASE_URL leads to PgBouncer, or a similar pooler, in transaction mode.
    database_pooler: str = ""
    # Redis or Valkey (7.0 commands), as a redis:// URL: token log, wake-ups, rate limits and the queue.
    redis_url: str = "redis://127.0.0.1:6379/0"
    # Comma-separated names of the functions this process serves; empty for all.
    functions: str = ""
    # File with the Ed25519 private key (PEM) that signs tokens. Only the auth function has it.
    signing_key_file: str = ""
    # File with the Ed25519 public keys (PEM, one after another) that verify tokens.
    verify_keys_file: str = ""
    # Send cookies only over TLS, under their __Host- names. Off for plain HTTP on localhost.
    secure_cookies: bool = True
    # Lifetime of an access token, in seconds.
    access_ttl_s: int = 900
    # How long an unused session lives, in seconds.
    refresh_ttl_s: int = 2_592_000
    # bcrypt's work factor, as a power of two.
    bcrypt_cost: int = 12
    # Who may sign up: open (everyone), closed (no one), invitation, or domains. The first account can always be created and becomes the administrator.
    sign_up: str = "open"
    # Comma-separated email domains that may sign up when OLAMCHAT_SIGN_UP is domains.
    sign_up_domains: str = ""
    # The only email address that may create the first account, which becomes the administrator; empty for whoever comes first.
    first_admin: str = ""
    # Token that the first account must be created with, as the link `/#invitation=TOKEN` does; empty for none.
    setup_token: str = ""
    # Token that lets a smoke test (`helm test`) create an account at smoke-test.invalid, never an administrator's; empty for no such accounts.
    smoke_test_token: str = ""
    # Model that the page suggests to an administrator where an Ollama has none yet; `make up` sets one that fits the machine's memory.
    suggested_model: str = "llama3.2:1b"
    # The page's public address, such as https://chat.example.org; an OpenID provider sends people back to it, and passkeys belong to it.
    public_url: str = ""
    # Address at which other devices of the network reach the page, shown to people as a QR code; `make up HOST=0.0.0.0` sets it. The public address comes first.
    network_url: str = ""
    # Comma-separated origins whose pages may use passkeys, such as https://chat.example.org; if empty, that of OLAMCHAT_PUBLIC_URL.
    passkey_origins: str = ""
    # Domain that passkeys belong to (WebAuthn's relying party id); if empty, the first origin's host. Passkeys made for another one stop working.
    passkey_host: str = ""
    # Who must have two-step sign-in when they sign in by password: empty for no one, admins, or everyone; groups can ask for it besides (docs/administration.md).
    second_factor: str = ""
    # Days that someone who must set it up has for that, from the first sign-in that tells them; 0 for at once.
    second_factor_grace_days: int = 7
    # Issuer URL of the OpenID provider people may sign in with; empty for none (docs/sign-on.md).
    oidc_issuer: str = ""
    # Client id of this server at the provider.
    oidc_client_id: str = ""
    # Client secret of this server at the provider; empty for a public client.
    oidc_client_secret: str = ""
    # The provider's name on the sign-in button.
    oidc_name: str = "single sign-on"
    # Space-separated scopes to request.
    oidc_scopes: str = "openid email profile"
    # Claim that lists a person's groups.
    oidc_groups_claim: str = "groups"
    # Comma-separated groups whose members are administrators, decided at each sign-in; if empty, the provider decides nothing.
    oidc_admin_groups: str = ""
    # Groups that the claims put people into at each sign-in, as semicolon-separated rules claim => group; * stands for any letters: chat-* => *; /admins => Operators.
    oidc_groups: str = ""
    # Comma-separated email domains that may sign in through the provider; empty for all.
    oidc_domains: str = ""
    # Let anyone the provider vouches for join, whatever OLAMCHAT_SIGN_UP says.
    oidc_joins: bool = False
    # Treat the provider's email addresses as verified even if it doesn't say so.
    oidc_trust_email: bool = False
    # Mail server that sends links to a new password and notices; empty for none (docs/administration.md).
    smtp_host: str = ""
    # Its port: 587 for starttls, 465 for tls.
    smtp_port: int = 587
    # How the connection is secured: starttls, tls or none.
    smtp_tls: str = "starttls"
    # User at the mail server; empty to send without signing in.
    smtp_user: str = ""
    # Password of that user.
    smtp_password: str = ""
    # Sender of the mails, such as Chat <chat@example.org>.
    mail_from: str = ""
    # Mails that may be asked for to one address.
    limit_mail: str = "5/hour"
    # Comma-separated origins (https://host) whose pages may call the API with tokens, never with cookies; empty for none.
    cors_origins: str = ""
    # Number of proxies in front whose X-Forwarded-For and -Proto are trusted; 0 if clients connect directly.
    trusted_hops: int = 0
    # Sign-in attempts at one account from one IP address, or from one browser that was signed in there before, as N/second, /minute, /hour or /day, semicolon-separated; - for no limit.
    limit_sign_in: str = "10/minute;50/hour"
    # Sign-ins and sign-ups per IP address.
    limit_address: str = "60/minute;500/hour"
    # Sign-in attempts at one account from everywhere, by browsers that were never signed in there.
    limit_account: str = "200/hour"
    # Requests per person or API key.
    limit_requests: str = "1200/minute"
    # Views of shared conversations per IP address by people who are not signed in.
    limit_visits: str = "120/minute"
    # Tokens one person may use per day (UTC), prompts and answers together: a number for everyone, or by role as user=100000,admin=-; - for no limit.
    tokens_per_day: str = "-"
    # Tokens one person may use per month (UTC), in the same form. Administrators can set exceptions per person.
    tokens_per_month: str = "-"
    # Share of the workers by role when many are waiting, as admin=2,user=1; a role that isn't named has 1.
    weights: str = ""
    # PostgreSQL connections per process.
    db_pool_size: int = 10
    # Address the functions' gunicorn listens on.
    bind: str = "0.0.0.0:8000"
    # Concurrent connections per function process.
    connections: int = 1_000
    # Event streams one person may have open per function process.
    max_streams_per_user: int = 256
    # Seconds running requests have to finish after SIGTERM.
    graceful_s: int = 20
    # Folder with the exported page; empty if another server serves it.
    web_dir: str = ""
    # Answers one person may have queued or running at once.
    max_answers_per_user: int = 20
    # Characters, thoughts included, after which an answer is cut off as too long.
    max_answer_chars: int = 1_000_000
    # Turns that may wait in one pool before new ones are refused.
    max_waiting_per_pool: int = 1_000
    # Largest attached file, in bytes; the router in front allows 100 MiB.
    file_bytes: int = 20_971_520
    # Files per message.
    files_per_message: int = 10
    # Storage per person for files, in bytes.
    files_total_bytes: int = 1_073_741_824
    # Bucket of an S3-compatible store for new files; empty to keep them in PostgreSQL. It must exist.
    s3_bucket: str = ""
    # Address of that store, e.g. http://127.0.0.1:9000; empty for Amazon S3.
    s3_url: str = ""
    # The bucket's region.
    s3_region: str = "us-east-1"
    # Prefix of the objects' names.
    s3_prefix: str = ""
    # Access key of the store; empty to use the machine's own role.
    s3_access_key: str = ""
    # Secret key of the store.
    s3_secret_key: str = ""
    # Days after which a deleted conversation is erased for good, with its messages and files; 0 for never.
    keep_deleted_days: int = 30
    # Days that sessions which have ended or run out are kept; 0 for ever.
    keep_sessions_days: int = 90
    # Days that the audit log is kept; 0 for ever.
    keep_audit_days: int = 365
    # Days that the Idempotency-Key of a message is remembered; 0 for ever.
    keep_idempotency_days: int = 7
    # File of MCP servers that are programs of this machine ({"mcpServers": …}, as desktop clients have it); for one machine alone, never in a pod.
    mcp_file: str = ""
    # Comma-separated Fernet keys that seal people's tokens for tool servers, the newest first; only the step workers have them.
    connection_keys: str = ""
    # Seconds that one call of a tool may take.
    tool_call_s: float = 60.0
    # Seconds that a person has for a question of a server that keeps its call open for it.
    tool_question_s: float = 1_800.0
    # Search engine behind the tool web_search: searxng, brave, tavily or, on one machine alone, ddgs (docs/tools.md); empty for none.
    search: str = ""
    # Address of the SearXNG server, such as http://searxng:8080; for Brave and Tavily empty, or a proxy in front of them.
    search_url: str = ""
    # Key for Brave or Tavily.
    search_key: str = ""
    # Let answers open web pages even without a search engine; with one they always may.
    open_pages: bool = False
    # Comma-separated networks whose pages may be opened although they are private, such as 10.1.0.0/16; every port counts there.
    web_networks: str = ""
    # What open_page tells websites it is; empty for olamchat/1 with OLAMCHAT_PUBLIC_URL.
    web_user_agent: str = ""
    # Answers one worker process writes at once.
    concurrency: int = 8
    # Comma-separated pools this worker serves, each an engine or `name=engine`; empty for all that are configured.
    pools: str = ""
    # YAML file that describes pools with replicas, models and options (docs/engines.md), instead of the addresses below; reloaded when it changes.
    pools_file: str = ""
    # Key sent to OpenAI-compatible servers as a bearer token.
    openai_api_key: str = ""
    # The server at OPENAI_BASE_URL understands continue_final_message, so an interrupted answer continues where it was. Detected for vLLM, SGLang and llama.cpp.
    openai_continues: bool = False
    # Seconds that answers wait in line for a pool none of whose engines can be reached (a restart, an update); then they fail one by one.
    engine_wait_s: float = 600.0
    # Small model that writes titles; empty for the one that answered.
    title_model: str = ""
    # Let the model (the one that writes titles, if set) summarise the part of a conversation that no longer fits its context.
    summaries: bool = False
    # Embedding model that finds documents by their meaning, as pool/model (e.g. ollama/nomic-embed-text); empty to find them by their words alone.
    embeddings: str = ""
    # Address of an engine of its own for that model, by OpenAI's protocol; OLAMCHAT_EMBEDDINGS is then the model alone.
    embeddings_url: str = ""
    # Key sent to that engine as a bearer token.
    embeddings_key: str = ""
    # Address of a server that puts passages of documents in the order of how well they answer, e.g. http://127.0.0.1:8080; empty for none.
    reranker_url: str = ""
    # Its model, where it has several.
    reranker: str = ""
    # Key sent to it as a bearer token.
    reranker_key: str = ""
    # Seconds that an answer waits for it; then the order stays as the search had it.
    reranker_timeout_s: float = 2.0
    # Address of a Tika server that reads scans, images and what else olamchat can't, e.g. http://tika:9998; empty for none.
    reader_url: str = ""
    # Seconds that it may take for one document.
    reader_timeout_s: float = 600.0
    # Speed of the demo engine, in tokens per second; 0 for as fast as possible.
    demo_tokens_per_s: float = 40.0
    # Port of the worker's health and metrics on all interfaces; 0 for none.
    worker_port: int = 0
    # File the worker touches while it is healthy; empty for none.
    worker_heartbeat_file: str = ""
    # Seconds after its last renewal at which a worker's lease on an answer expires.
    lease_ttl_s: float = 4.0
    # Seconds between renewals of a worker's leases.
    heartbeat_s: float = 1.0
    # Seconds between searches for turns that no worker holds.
    sweep_s: float = 0.5
    # Seconds a worker keeps writing after SIGTERM before it hands its answers over.
    worker_grace_s: float = 20.0
    # Name of this process's own pod; with it a worker reports how busy it is, so that idle pods are removed first.
    pod: str = ""
    # Kubernetes namespace of the release.
    namespace: str = ""
    # Labels of the pools' Deployments, e.g. app=a,b=c, so that the models function offers pools at zero as cold; empty to skip.
    kubernetes_pools: str = ""
    # PEM file with the certificate authorities to trust for engines, the OpenID provider and S3, in place of the public ones; empty for those in
    # REQUESTS_CA_BUNDLE or SSL_CERT_FILE, if set.
    ca_file: str = ""
    # Log level: debug, info, warning or error.
    log_level: str = "info"
    # Log format: text for people, or json with the ids of request, conversation and answer.
    log_format: str = "text"
    # OpenTelemetry receiver of traces (OTLP over HTTP, e.g. http://collector:4318); empty for none. OTEL_SERVICE_NAME and the like are honoured too.
    otel_exporter_otlp_endpoint: str = ""


VARIABLES = {
    field.name: field.name.upper()
    if field.name in {"database_url", "redis_url", "openai_api_key", "otel_exporter_otlp_endpoint"}
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
    settings = Environment(**given)  # type: ignore[arg-type]
    _check_certificates(settings.ca_file)
    return settings


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


def _check_certificates(file: str) -> None:
    try:
        if file:
            ssl.create_default_context(cafile=file)
    except OSError as error:
        why = "it is not there" if isinstance(error, FileNotFoundError) else "it has no certificates (PEM) that can be read"
        raise BadSetting(f"OLAMCHAT_CA_FILE={file!r}: {why}") from None
