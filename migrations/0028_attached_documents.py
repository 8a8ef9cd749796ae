"""Files of conversations that are read as documents are: each is a collection by itself, and an answer can wait for it to be read."""

UP = """
ALTER TABLE files DROP CONSTRAINT files_kind_check;
ALTER TABLE files ADD CONSTRAINT files_kind_check CHECK (kind IN ('image', 'text', 'pdf', 'office', 'document'));

-- Of a file that is attached to messages. Such a collection is in no list, and goes with its file.
ALTER TABLE collections ADD COLUMN file_id uuid CONSTRAINT collections_file UNIQUE REFERENCES files ON DELETE CASCADE;

-- The documents that a parked turn waits for; null where it waits for steps.
ALTER TABLE turns ADD COLUMN reads uuid[];
CREATE INDEX turns_reading ON turns (id) WHERE reads IS NOT NULL;
"""
