"""What a failed answer says to the one who asked: our own words for what engines refuse and break."""

from collections.abc import Mapping
from typing import Any

from worker.engines.base import EngineError

_SENTENCES = {
    "engine_unavailable": (
        "The model's engine can't be reached.",
        "It may be starting or overloaded. What was written is kept; continue in a moment.",
    ),
    "model_not_found": ("The engine does not have this model.", "Choose another model, or have it installed and continue."),
    "context_too_long": (
        "The conversation is too long for this model.",
        "Begin a new conversation, or choose a model with a longer context.",
    ),
    "image_rejected": (
        "The engine did not take the image.",
        "This model may not look at images, or not at ones of this type or size. Choose another model, or ask without the image.",
    ),
    "tools_rejected": (
        "The model's engine can't do what was asked of its answer.",
        "It can't be told to call a tool, or to answer in this form. Leave tool_choice to the model, or choose another one.",
    ),
    "calls_too_long": (
        "The model's tool calls are too long.",
        "They are more, or longer, than is passed on. Ask for less at once.",
    ),
    "request_rejected": (
        "The engine refused the request.",
        "The model may not take one of the settings. Change them, or choose another model.",
    ),
    "engine_access_denied": ("The engine does not let this server in.", "Its key is missing or wrong. Tell your administrator."),
    "engine_quota_spent": ("The engine's account has no credit left.", "Tell your administrator, or choose another model."),
    "engine_out_of_memory": (
        "The engine does not have enough memory for this answer.",
        "Choose a smaller model, or shorten the conversation. Your administrator can read what the engine said.",
    ),
    "content_rejected": ("The engine's content filter did not let this through.", "Say it in other words, or choose another model."),
    "engine_failed": ("The engine reported an error.", "What was written is kept. Your administrator can read what the engine said."),
    "model_unloaded": ("The engine unloaded the model in the middle of the answer.", "What was written is kept; continue in a moment."),
    "answer_unreadable": (
        "What the engine sent is not an answer.",
        "Something else may be running at its address. Your administrator can read what it sent.",
    ),
    "stream_interrupted": ("The engine broke off in the middle of the answer.", "What was written is kept; continue in a moment."),
}
# The same of embeddings, where an answer's sentence would not fit.
_OF_EMBEDDINGS = {
    "context_too_long": ("A text is too long for this model.", "Split it, or choose a model with a longer context."),
    "request_rejected": ("The engine refused the request.", "The model may not take these dimensions, or one of the texts."),
    "engine_unavailable": ("The model's engine can't be reached.", "It may be starting or overloaded. Ask again in a moment."),
    "engine_failed": ("The engine reported an error.", "Your administrator can read what the engine said."),
    "engine_out_of_memory": (
        "The engine does not have enough memory for these texts.",
        "Ask for fewer at once, or choose a smaller model.",
    ),
}
_NOT_EMBEDDED = ("The embeddings could not be made.", "Ask again in a moment.")
_INTERNAL = ("Something went wrong while the answer was written.", "What was written is kept; you can continue.")


def problem(error: Exception) -> Mapping[str, Any]:
    """Return the members of a message's `error`: code, title, detail, retryable."""
    if not isinstance(error, EngineError):
        return {"code": "internal", "title": _INTERNAL[0], "detail": _INTERNAL[1], "retryable": True}
    title, detail = _SENTENCES.get(error.code, _INTERNAL)
    return {"code": error.code, "title": title, "detail": detail, "retryable": error.retry}


def not_embedded(error: Exception) -> Mapping[str, Any]:
    """Return the same for a request for embeddings."""
    if not isinstance(error, EngineError):
        return {"code": "internal", "title": _NOT_EMBEDDED[0], "detail": _NOT_EMBEDDED[1], "retryable": True}
    title, detail = _OF_EMBEDDINGS.get(error.code) or _SENTENCES.get(error.code, _NOT_EMBEDDED)
    return {"code": error.code, "title": title, "detail": detail, "retryable": error.retry}
