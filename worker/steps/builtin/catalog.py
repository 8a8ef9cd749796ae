"""What the built-in tools are called, and what models are told of them."""

from typing import Any

from olamchat.db.rows import Row
from olamchat.services.steps import toolbox

WEB, FILES, DOCUMENTS = "web", "files", toolbox.DOCUMENTS
TITLES = {WEB: "Web", FILES: "Attachments", DOCUMENTS: "Documents"}
_START = {"type": "integer", "description": "Character to begin at; leave it out for the beginning."}


def _tool(name: str, title: str, description: str, required: str, about: str, **more: Any) -> Row:
    """Return a tool's row. All of them only read, and bring what others have written."""
    parameters = {
        "type": "object", "properties": {required: {"type": "string", "description": about}, **more}, "required": [required],
        "additionalProperties": False,
    }  # fmt: skip
    return {
        "name": name, "alias": name, "title": title, "description": description, "parameters": parameters, "effect": "read", "outside": True,
    }  # fmt: skip


SEARCH = _tool(
    "web_search", "Search the web",
    "Search the web. Returns numbered results with an excerpt each. Open the ones that matter with open_page before you rely on them. "
    "Cite what you use by its number in square brackets, like [1].",
    "query", "What to search for, as one would type it into a search engine.",
)  # fmt: skip
OPEN = _tool(
    "open_page", "Open a page",
    "Read a web page or a PDF on the web as text. Cite it by its number in square brackets, like [1].",
    "url", "The page's address, as it was found or as the person gave it.", start=_START,
)  # fmt: skip
READ = _tool(
    "read_file", "Read an attachment",
    "Read the text of a file that is attached to this conversation, where you saw only its beginning.",
    "name", "The file's name.", start=_START,
)  # fmt: skip
KNOWLEDGE = _tool(
    "search_knowledge", "Search documents",
    "Search the documents that the person has chosen to answer by. Returns numbered passages. Cite what you use by its number in square brackets, like [1].",
    "query", "What to look for: a question, or words that stand in the documents, in their language.",
)  # fmt: skip
