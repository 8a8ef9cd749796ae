"""What a model thought, apart from what it said: between <think> tags, or in the <details> that Open WebUI folds into an answer.

The same rules as web/src/lib/importing (thoughts.ts, formats/openwebui-details.ts); tests/samples/openwebui.json holds both to them.
"""

import html
import json
import re
from bisect import bisect_right
from dataclasses import dataclass

from worker.engines.reply.tags import TAG, Tag, tag_of

_CODE = re.compile(r"(?:^|\n)[ \t]*(`{3,}|~{3,})[\s\S]*?(?:\n[ \t]*\1|$)|`[^`\n]+`")
_DETAILS = re.compile(r'<details\s+type="(reasoning|tool_calls|code_interpreter)"([^>]*)>\s*(?:<summary>[\s\S]*?</summary>)?')
_END = "</details>"


@dataclass(frozen=True)
class Divided:
    """An answer's words, its thoughts, and whether calls of tools were left out."""

    words: str
    thoughts: str
    tools: bool = False


def divide(content: str) -> Divided:
    """Divide an answer of Open WebUI's."""
    outside = _without_details(content)
    inside = _without_tags(outside.words)
    return Divided(inside.words.strip(), _joined([outside.thoughts, inside.thoughts]), outside.tools)


def _without_details(content: str) -> Divided:
    words, thoughts, tools, at = list[str](), list[str](), False, 0
    for found in _DETAILS.finditer(content):
        if found.start() < at:
            continue
        end = content.find(_END, found.end())
        body = content[found.end() : end if end >= 0 else None]
        words.append(content[at : found.start()])
        at = end + len(_END) if end >= 0 else len(content)
        if found[1] == "reasoning":
            thoughts.append(html.unescape(re.sub(r"^(?:>|&gt;) ?", "", body, flags=re.MULTILINE)))
        elif found[1] == "code_interpreter":
            words.append(f"\n\n{body.strip()}\n\n{_printed(found[2])}")
        else:
            tools = True
    return Divided("".join([*words, content[at:]]).strip(), _joined(thoughts), tools)


def _printed(attributes: str) -> str:
    """Return what code printed, as it stands in the tag's `output`, as a block of code."""
    told = re.search(r'\boutput="([^"]*)"', attributes)
    output = html.unescape(told[1]) if told else ""
    try:
        read = json.loads(output)
    except ValueError:
        read = output
    text = str(read.get("stdout") or "") if isinstance(read, dict) else read if isinstance(read, str) else output
    return f"```\n{text.strip()}\n```\n\n" if text.strip() else ""


def _without_tags(content: str) -> Divided:
    """Thoughts stand between tags at the beginning of a line, before a lone closing tag, or after one that never closes; code is words."""
    words, thoughts, at, depth, family = list[str](), list[str](), 0, 0, ""
    for mark in _marks(content):
        tag, before = tag_of(mark), content[at : mark.start()]
        if depth and tag.family != family:
            continue
        if depth:
            thoughts.append(before)
            depth += -1 if tag.closes else 1
        elif not _counts(tag, mark, content, before, is_first=not (words or thoughts)):
            continue
        elif not tag.closes:
            words.append(before)
            depth, family = 1, tag.family
        elif not tag.is_between:
            thoughts.append(before)
        at = mark.end()
    if not thoughts and not at:
        return Divided(content, "")
    (thoughts if depth else words).append(content[at:])
    return Divided(_joined(words), _joined(thoughts))


def _counts(tag: Tag, mark: re.Match[str], content: str, before: str, *, is_first: bool) -> bool:
    """Tell whether a tag outside of thoughts is one, and no word of the text."""
    begins = _begins_line(content, mark.start())
    if tag.is_between or not (tag.is_sure or tag.closes):
        return not before.strip()
    if tag.closes:
        return is_first and tag.is_sure and (begins or _ends_line(content, mark.end()))
    return begins


def _marks(content: str) -> list[re.Match[str]]:
    code = [found.span() for found in _CODE.finditer(content)]
    begins = [begin for begin, _ in code]

    def is_code(at: int) -> bool:
        place = bisect_right(begins, at) - 1
        return place >= 0 and at < code[place][1]

    return [mark for mark in TAG.finditer(content) if not is_code(mark.start())]


def _begins_line(content: str, at: int) -> bool:
    return re.search(r"(?:^|\n)[ \t]*\Z", content[max(0, at - 80) : at]) is not None


def _ends_line(content: str, after: int) -> bool:
    return re.match(r"[ \t]*(?:\n|\Z)", content[after : after + 80]) is not None


def _joined(texts: list[str]) -> str:
    return "\n\n".join(text.strip() for text in texts if text.strip())
