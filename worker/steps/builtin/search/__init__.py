"""web_search: one question, asked of the search engine that the administrator has set."""
