"""The tools that come with olamchat: search the web, open a page, read an attachment of the conversation."""
