"""Images and files that people attach to their messages."""

UP = """
CREATE TABLE files (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name text NOT NULL CONSTRAINT files_name CHECK (length(name) BETWEEN 1 AND 200 AND name !~ '[/\\\\[:cntrl:]]'),
    kind text NOT NULL CHECK (kind IN ('image', 'text', 'pdf')),
    media_type text NOT NULL,
    bytes bigint NOT NULL CONSTRAINT files_bytes CHECK (bytes > 0),
    digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    width integer,
    height integer,
    -- What a model reads of it; an image has none.
    text text,
    cut boolean NOT NULL DEFAULT false,
    store text NOT NULL CHECK (store IN ('postgres', 's3')),
    -- coming: its bytes are on their way into the store. erased: they are gone, the name is still told.
    state text NOT NULL DEFAULT 'coming' CHECK (state IN ('coming', 'kept', 'erased'))
);
CREATE INDEX files_of_user ON files (user_id);
CREATE INDEX files_by_age ON files (created_at);

CREATE TABLE file_contents (
    file_id uuid PRIMARY KEY REFERENCES files ON DELETE CASCADE,
    content bytea NOT NULL
);
-- Images and PDFs are compressed by themselves.
ALTER TABLE file_contents ALTER content SET STORAGE EXTERNAL;

-- Which messages have which files; an edited message has the files of the one before it.
CREATE TABLE attachments (
    message_id uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
    place smallint NOT NULL,
    file_id uuid NOT NULL CONSTRAINT attachments_file REFERENCES files ON DELETE CASCADE,
    PRIMARY KEY (message_id, place),
    CONSTRAINT attachments_once UNIQUE (message_id, file_id)
);
CREATE INDEX attachments_of_file ON attachments (file_id);

-- The same as the API tells it, beside the message: id, name, media_type, bytes and kind never change.
ALTER TABLE messages ADD attachments jsonb NOT NULL DEFAULT '[]';

-- Objects whose row is gone, whatever took it away: a worker erases them from the store.
CREATE TABLE objects_left (
    file_id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION files_leave_objects() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO objects_left (file_id) VALUES (OLD.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER files_gone AFTER DELETE ON files FOR EACH ROW WHEN (OLD.store = 's3') EXECUTE FUNCTION files_leave_objects();
CREATE TRIGGER files_erased AFTER UPDATE OF state ON files FOR EACH ROW
    WHEN (OLD.store = 's3' AND OLD.state <> 'erased' AND NEW.state = 'erased') EXECUTE FUNCTION files_leave_objects();
"""
