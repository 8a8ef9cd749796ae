"""Which function answers which path: the one table that every router is made from.

The local server mounts by it, and the web pod's nginx, the Ingress, the HTTPRoute, compose and the tests are made from it.
A row's `pattern` is an anchored regular expression over the path; rows are tried from the top, the first that matches wins.
`{id}` in `shape` stands for one path segment, and is what people read.
"""

import re
from dataclasses import dataclass

ID = r"[^/]+"


@dataclass(frozen=True)
class Route:
    """One row: the shape for people, the function that answers, whether the answer may take long, and the MiB that a body may have."""

    shape: str
    function: str
    streams: bool = False
    body_mib: int = 2

    @property
    def pattern(self) -> str:
        """The anchored regular expression, in the dialect that nginx, Traefik and Envoy share."""
        return f"^{self.shape.replace('.', r'[.]').replace('{id}', ID).replace('{rest}', '.*')}$"

    def matches(self, path: str) -> bool:
        """Tell whether this row answers the path."""
        return re.fullmatch(self.pattern, path) is not None


ROUTES = (
    Route("/api/auth/{rest}", "auth"),
    Route("/api/events", "stream", streams=True),
    Route("/api/events/{id}", "stream"),
    Route("/api/conversations/{id}/stream", "stream", streams=True),
    Route("/api/conversations/{id}/messages(/{rest})?", "messages"),
    Route("/api/conversations/export", "files"),
    Route("/api/conversations(/{rest})?", "conversations"),
    Route("/api/shares/{id}", "conversations"),
    Route("/api/shares/{id}/files/{id}", "files"),
    Route("/api/files(/{rest})?", "files", body_mib=100),
    Route("/api/knowledge/{rest}", "knowledge", body_mib=100),
    Route("/api/tools(/{rest})?", "tools"),
    Route("/api/groups(/{rest})?", "together"),
    Route("/api/assistants(/{rest})?", "together"),
    Route("/api/prompts(/{rest})?", "together"),
    Route("/api/models", "models"),
    Route("/api/health", "models"),
    Route("/api/openapi.json", "models"),
    Route("/api/admin/{rest}", "admin"),
    Route("/v1/chat/completions", "openai", streams=True, body_mib=9),
    Route("/v1/embeddings", "openai", streams=True, body_mib=9),
    Route("/api/embed", "openai", streams=True, body_mib=9),
    Route("/api/embeddings", "openai", streams=True, body_mib=9),
    Route("/v1/models", "openai"),
)

FUNCTIONS = ("auth", "conversations", "messages", "files", "stream", "models", "tools", "knowledge", "together", "openai", "admin")


def function_for(path: str) -> str | None:
    """Return the name of the function that answers the path, or None."""
    return next((route.function for route in ROUTES if route.matches(path)), None)
