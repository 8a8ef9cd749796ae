"""What administrators decide: quotas of tokens, shares of the workers, and which models people see.

While it is applied older workers still end answers, which are then missing in `spent`: some seconds' worth.
"""

UP = """
-- What people took, by day (UTC), model and key (the nil id where none asked): it stays when messages are erased.
CREATE TABLE spent (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    day date NOT NULL,
    model text NOT NULL,
    key_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    answers integer NOT NULL,
    prompt_tokens bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    PRIMARY KEY (user_id, day, model, key_id)
);
CREATE INDEX spent_by_day ON spent (day);
INSERT INTO spent (user_id, day, model, answers, prompt_tokens, completion_tokens)
SELECT user_id, (finished_at AT TIME ZONE 'UTC')::date, model, count(*),
    coalesce(sum((usage->>'prompt_tokens')::bigint), 0), coalesce(sum((usage->>'completion_tokens')::bigint), 0)
FROM (
    SELECT c.user_id, m.finished_at, m.model, m.usage FROM messages m JOIN conversations c ON c.id = m.conversation_id
    WHERE m.role = 'assistant' AND m.usage IS NOT NULL AND m.model IS NOT NULL AND m.finished_at IS NOT NULL
    UNION ALL
    SELECT user_id, finished_at, model, usage FROM completions WHERE usage IS NOT NULL
) known GROUP BY 1, 2, 3;

-- {"day": tokens or null, "month": tokens or null}; a quota that is NULL is the role's, or for a key none.
ALTER TABLE users ADD quota jsonb CONSTRAINT users_quota CHECK (jsonb_typeof(quota) = 'object');
ALTER TABLE api_keys ADD quota jsonb CONSTRAINT api_keys_quota CHECK (jsonb_typeof(quota) = 'object'),
    ADD requests_per_minute integer CONSTRAINT api_keys_requests CHECK (requests_per_minute > 0);

ALTER TABLE turns ADD key_id uuid, ADD weight real NOT NULL DEFAULT 1 CONSTRAINT turns_weight CHECK (weight > 0);
-- When a person is next in line among those who have as little running: each turn taken moves it on, by less for a greater weight.
CREATE TABLE places (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    due timestamptz NOT NULL
);

-- What administrators say of models; one without a row is everybody's, as its engine offers it.
CREATE TABLE models (
    name text PRIMARY KEY CHECK (name <> ''),
    display_name text NOT NULL DEFAULT '',
    audience text NOT NULL DEFAULT 'everyone' CHECK (audience IN ('everyone', 'administrators', 'chosen', 'nobody')),
    options jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(options) = 'object'),
    position integer
);
CREATE TABLE model_people (
    model text NOT NULL REFERENCES models ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (model, user_id)
);
CREATE INDEX model_people_of_user ON model_people (user_id);
"""
