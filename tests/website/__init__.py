"""A small real website, which also answers searches as SearXNG does: the other side of web_search and open_page."""
