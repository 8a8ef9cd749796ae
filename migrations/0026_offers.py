"""What servers of tools offer besides tools: prompts, and resources that can be attached."""

UP = """
-- {prompts, resources, templates} as they were listed last. Of a server that wants to know who asks, each connection has its own.
ALTER TABLE tool_servers ADD offers jsonb NOT NULL DEFAULT '{}';
ALTER TABLE tool_connections ADD offers jsonb NOT NULL DEFAULT '{}', ADD listed_at timestamptz;
"""
