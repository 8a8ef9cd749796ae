"""Connections: what people have allowed olamchat to do for them at servers of tools that ask for OAuth.

Secrets are sealed with a key that only step workers have; nothing here opens them.
"""

UP = """
-- What a server's authorization server knows olamchat as, and where its endpoints are.
CREATE TABLE tool_clients (
    server_id uuid PRIMARY KEY REFERENCES tool_servers ON DELETE CASCADE,
    sealed text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE tool_connections (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    server_id uuid NOT NULL REFERENCES tool_servers ON DELETE CASCADE,
    -- asking: a step worker finds out where to send the person; asked: the person is there; finishing: the code is exchanged.
    state text NOT NULL CHECK (state IN ('asking', 'asked', 'finishing', 'connected', 'failed')),
    -- The page's way to the authorization server, and the digest of the state that it must come back with.
    address text NOT NULL DEFAULT '',
    returns_with text CONSTRAINT tool_connections_returns_with UNIQUE,
    -- The tokens, or the verifier while the person is asked.
    sealed text NOT NULL DEFAULT '',
    scope text NOT NULL DEFAULT '',
    problem jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    connected_at timestamptz,
    PRIMARY KEY (user_id, server_id)
);
CREATE INDEX tool_connections_of_server ON tool_connections (server_id);
"""
