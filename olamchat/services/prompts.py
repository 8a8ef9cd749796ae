"""The prompt library: texts that are called by a name at the beginning of a message."""

from olamchat.db.together.shelf import prompts as shelf
from olamchat.services.library import Library

prompts = Library(shelf)
