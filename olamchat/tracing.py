"""Traces by OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT names a receiver of OTLP (http/protobuf); else nothing is done, and no tracer imported.

A question's trace is carried as a W3C traceparent: from the request with its turn to the worker, and from there with the event `started` to the streams.
OpenTelemetry's own variables count too: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal

from olamchat.environment import BadSetting, environment, variable
from olamchat.network import certificates
from olamchat.network.addresses import is_loopback

if TYPE_CHECKING:
    from opentelemetry.trace import Span as Recorded
    from opentelemetry.trace import Tracer
    from requests import Session

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Value = str | int | float | bool
TRACEPARENT = "traceparent"
_tracer: "Tracer | None" = None
_carried: ContextVar[str] = ContextVar("traceparent", default="")


class Span:
    """A piece of work that is traced; this one records nothing."""

    traceparent = ""

    def note(self, **attributes: Value) -> None:
        """Say more about the work."""

    def event(self, name: str, **attributes: Value) -> None:
        """Say that something happened just now."""

    def end(self, failed: str = "") -> None:
        """The work is done, or has `failed` for a reason."""


class _Recording(Span):
    def __init__(self, span: "Recorded") -> None:
        self._span = span
        about = span.get_span_context()
        self.traceparent = f"00-{about.trace_id:032x}-{about.span_id:016x}-{about.trace_flags:02x}"

    def note(self, **attributes: Value) -> None:
        self._span.set_attributes(_named(attributes))

    def event(self, name: str, **attributes: Value) -> None:
        self._span.add_event(name, _named(attributes))

    def end(self, failed: str = "") -> None:
        if failed:
            from opentelemetry.trace import StatusCode

            self._span.set_status(StatusCode.ERROR, failed)
        self._span.end()


NOTHING = Span()


def set_up(service: str) -> None:
    """Send this process's traces where the environment says; call it after a fork. Raises BadSetting where OpenTelemetry isn't installed."""
    global _tracer
    if not environment().otel_exporter_otlp_endpoint or _tracer is not None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise BadSetting(
            f"OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed: pip install 'olamchat[traces]' ({error})"
        ) from None
    named = variable("OTEL_SERVICE_NAME") or "service.name=" in variable("OTEL_RESOURCE_ATTRIBUTES")
    resource = Resource.create({} if named else {"service.name": f"olamchat-{service}"})
    provider = TracerProvider(resource=resource)
    trusted = None if variable("OTEL_EXPORTER_OTLP_CERTIFICATE") else certificates.bundle()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(certificate_file=trusted, session=_direct())))
    _tracer = provider.get_tracer("olamchat")


def _direct() -> "Session | None":
    """Return what reaches a receiver on this machine, to which no proxy of the environment leads; None for one elsewhere."""
    if not is_loopback(environment().otel_exporter_otlp_endpoint):
        return None
    from requests import Session

    session = Session()
    session.trust_env = False
    return session


def is_on() -> bool:
    """Tell whether this process's traces are sent."""
    return _tracer is not None


def begin(name: str, *, kind: Kind = "internal", parent: str = "", **attributes: Value) -> Span:
    """Begin a span under the one that `parent` names; one that isn't well formed begins a trace of its own."""
    if _tracer is None:
        return NOTHING
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    above = TraceContextTextMapPropagator().extract({TRACEPARENT: parent})
    return _Recording(_tracer.start_span(name, context=above, kind=SpanKind[kind.upper()], attributes=_named(attributes)))


def carry(span: Span) -> None:
    """Let what this thread or greenlet makes from now on, such as a turn, belong to the span."""
    if _tracer is not None:
        _carried.set(span.traceparent)


def carried() -> dict[str, str]:
    """Return {traceparent} of what is carried, {} for nothing: to be kept with a turn."""
    return {TRACEPARENT: traceparent} if _tracer is not None and (traceparent := _carried.get()) else {}


def _named(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Keywords have no dots, OpenTelemetry's names do: http_route is http.route."""
    return {name.replace("__", "\0").replace("_", ".").replace("\0", "_"): value for name, value in attributes.items()}
