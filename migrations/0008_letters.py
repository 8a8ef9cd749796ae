"""What is written without spaces between words (Chinese, Japanese, Thai…) is found by an index of its letters.

Words are found sooner too: what waits to be put into their index is read with every search, and is kept short.
"""

# The letters are those of olamchat/db/searching.py; a test holds both together. None while an answer is written: saving a partial text costs this
# index nothing, as it costs the one of words nothing.
UP = r"""
ALTER TABLE messages ADD COLUMN letters text[] GENERATED ALWAYS AS (
    CASE WHEN status IN ('done', 'stopped', 'failed') AND content ~ '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]'
    THEN string_to_array(regexp_replace(left(content, 100000), '[^\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+', '', 'g'), NULL) END
) STORED;
CREATE INDEX messages_by_letters ON messages USING gin (letters) WHERE letters IS NOT NULL;
ALTER INDEX messages_search SET (gin_pending_list_limit = 256);
ALTER INDEX messages_by_letters SET (gin_pending_list_limit = 256);
"""
