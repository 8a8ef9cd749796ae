"""Where answers have their knowledge from: the pages that they opened, and the sources that their steps brought."""

UP = """
-- A page as an answer read it, so that a worker that takes over reads the same page, and so that its parts fit together.
CREATE TABLE web_pages (
    message_id uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
    -- As the model named it; final_url is where it was at last.
    url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
    final_url text NOT NULL CHECK (length(final_url) BETWEEN 1 AND 2000),
    title text NOT NULL,
    content text NOT NULL CHECK (content <> ''),
    cut boolean NOT NULL,
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (message_id, url)
);
-- Beside the result, so that nobody reads all results to list them: [{url, title}].
ALTER TABLE steps ADD sources jsonb NOT NULL DEFAULT '[]';
"""
