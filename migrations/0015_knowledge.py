"""Collections of documents that answers may cite.

What meaning is compared by needs the extension `vector`; migrations/vectors.py adds that where the database has it.
"""

UP = """
ALTER TABLE files DROP CONSTRAINT files_kind_check;
ALTER TABLE files ADD CONSTRAINT files_kind_check CHECK (kind IN ('image', 'text', 'pdf', 'document'));

CREATE TABLE collections (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name text NOT NULL CONSTRAINT collections_name CHECK (length(name) BETWEEN 1 AND 200),
    audience text NOT NULL DEFAULT 'owner' CHECK (audience IN ('owner', 'everyone')),
    -- It can be restored for a while; nobody reads it meanwhile.
    deleted_at timestamptz
);
CREATE INDEX collections_of_user ON collections (user_id);
CREATE INDEX collections_for_everyone ON collections (id) WHERE audience = 'everyone';
CREATE INDEX collections_deleted ON collections (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE documents (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    collection_id uuid NOT NULL REFERENCES collections ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    file_id uuid NOT NULL UNIQUE REFERENCES files ON DELETE CASCADE,
    -- Folders and the name, with slashes between them.
    path text NOT NULL CONSTRAINT documents_path CHECK (length(path) BETWEEN 1 AND 1000),
    state text NOT NULL DEFAULT 'coming' CHECK (state IN ('coming', 'waiting', 'running', 'ready', 'failed')),
    attempt integer NOT NULL DEFAULT 0,
    -- How often a worker died of it or the embedding engine failed it since it last got ahead.
    failures integer NOT NULL DEFAULT 0,
    worker text,
    queued_at timestamptz,
    not_before timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    -- Once it has been read: how many pages and chunks it has, and by which version of the readers they were cut.
    pages integer,
    chunks integer,
    cutting integer,
    language text NOT NULL DEFAULT 'simple',
    kept integer NOT NULL DEFAULT 0,
    embedded integer NOT NULL DEFAULT 0,
    space integer,
    -- All of its chunks are there: it is searched.
    searchable boolean NOT NULL DEFAULT false,
    cut boolean NOT NULL DEFAULT false,
    error jsonb,
    deleted_at timestamptz
);
CREATE INDEX documents_of_collection ON documents (collection_id, path);
CREATE INDEX documents_open ON documents (user_id, state, queued_at) WHERE state IN ('waiting', 'running');
CREATE INDEX documents_of_user ON documents (user_id, started_at);
CREATE INDEX documents_deleted ON documents (deleted_at) WHERE deleted_at IS NOT NULL;

-- Which model the embeddings of a chunk are from: those of two can't be compared.
CREATE TABLE embedding_spaces (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model text NOT NULL UNIQUE,
    dimensions integer NOT NULL
);

CREATE TABLE chunks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    collection_id uuid NOT NULL,
    number integer NOT NULL,
    page integer NOT NULL,
    -- Where in the page's text it stands, in characters.
    start integer NOT NULL,
    "end" integer NOT NULL,
    heading text NOT NULL,
    text text NOT NULL,
    words tsvector NOT NULL,
    space integer,
    CONSTRAINT chunks_once UNIQUE (document_id, number)
);
CREATE INDEX chunks_of_collection ON chunks (collection_id);
CREATE INDEX chunks_words ON chunks USING gin (words);

-- What an answer was given to cite. The text is kept: it outlives its document.
CREATE TABLE citations (
    message_id uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
    number integer NOT NULL,
    document_id uuid NOT NULL,
    chunk integer NOT NULL,
    path text NOT NULL,
    page integer NOT NULL,
    heading text NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (message_id, number),
    CONSTRAINT citations_once UNIQUE (message_id, document_id, chunk)
);
-- Passages that the answer had to cite when it called: what its steps bring from the web is numbered after them.
ALTER TABLE steps ADD COLUMN passages integer NOT NULL DEFAULT 0;
"""
