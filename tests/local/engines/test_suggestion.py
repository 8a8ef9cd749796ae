"""The way to a real model that is told where there is none."""

import pytest

from local.engines import suggestion
from local.engines.suggestion import GIB


@pytest.mark.parametrize(
    ("memory", "model"), [(0, "llama3.2:1b"), (7 * GIB, "gemma3:4b"), (16 * GIB, "qwen3:8b"), (64 * GIB, "gpt-oss:20b")]
)
def test_the_model_fits_the_memory(memory: int, model: str) -> None:
    assert suggestion.model(memory) == model


def test_the_way_is_this_system_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestion, "_memory", lambda: 8 * GIB)
    assert suggestion.way("linux", installed=False) == "curl -fsSL https://ollama.com/install.sh | sh && ollama pull gemma3:4b"
    assert suggestion.way("linux", installed=True) == "ollama serve & ollama pull gemma3:4b"
    assert suggestion.way("darwin", installed=False).startswith("brew install ollama")
    assert suggestion.way("win32", installed=False).startswith("install Ollama from https://ollama.com/download")
