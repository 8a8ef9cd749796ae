"""How much a model is to think: what there is to choose from, and which models of OpenAI-compatible servers know what.

The words are OpenAI's (https://platform.openai.com/docs/guides/reasoning), and `on` for models that know nothing between none and all.
"""

import re
from typing import get_args

from olamchat.roster import Effort

# From none to the most.
ORDER: tuple[Effort, ...] = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
SWITCHED: tuple[Effort, ...] = ("none", "on")
GRADED: tuple[Effort, ...] = ("low", "medium", "high")
_KNOWN = frozenset(get_args(Effort))
# OpenAI's own models, which are told by `reasoning_effort`; those before GPT-5.1 can't be told not to think.
_OPENAI: tuple[tuple[re.Pattern[str], tuple[Effort, ...]], ...] = (
    (re.compile(r"^(?:openai/)?gpt-5(?:\.0)?(?:-(?:mini|nano))?(?:-20\d\d-\d\d-\d\d)?$"), ("minimal", *GRADED)),
    (re.compile(r"^(?:openai/)?gpt-5\.[1-9]\d?(?:-(?:mini|nano))?(?:-20\d\d-\d\d-\d\d)?$"), ("none", *GRADED)),
    (re.compile(r"^(?:openai/)?o(?:1|3|3-mini|4-mini)(?:-20\d\d-\d\d-\d\d)?$"), GRADED),
)
_GRADED_BY_TEMPLATE = re.compile(r"gpt-oss", re.IGNORECASE)
# Families whose chat template takes `enable_thinking` or `thinking`; those of their models that only ever think, or never do, are told apart.
_SWITCHED_BY_TEMPLATE = re.compile(
    r"qwen3(?!-coder|-embedding|-reranker|guard)|deepseek-v3\.[12]|glm-(?:4\.[5-9]|5)(?!v)|smollm3|granite-(?:3\.[23]|4)|hunyuan-a13b",
    re.IGNORECASE,
)
_ONE_WAY = re.compile(r"instruct-2507|thinking-2507|-instruct\b|-thinking\b|speciale|\bbase\b", re.IGNORECASE)


def by_name(model: str, *, templated: bool) -> tuple[Effort, ...]:
    """Return what this model may be told, none where it isn't known. `templated`: its server hands words to the chat template."""
    if not templated:
        return next((efforts for name, efforts in _OPENAI if name.search(model)), ())
    if _GRADED_BY_TEMPLATE.search(model):
        return GRADED
    return SWITCHED if _SWITCHED_BY_TEMPLATE.search(model) and not _ONE_WAY.search(model) else ()


def nearest(wanted: str | None, efforts: tuple[Effort, ...]) -> Effort | None:
    """Return the one of `efforts` that is meant; None where nothing is wanted or the model can't be told."""
    if wanted not in _KNOWN or not efforts:
        return None
    for same in efforts:
        if same == wanted:
            return same
    if wanted != "none" and "on" in efforts:
        return "on"
    place = ORDER.index("medium" if wanted == "on" else wanted)
    graded = [effort for effort in efforts if effort in ORDER and (effort != "none" or wanted == "none")]
    return min(graded, key=lambda effort: abs(ORDER.index(effort) - place), default=None)
