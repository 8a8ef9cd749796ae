"""What is written without spaces between words (Chinese, Japanese, Thai…) is found by an index of its letters, each alone and with the one after it.

Words are found sooner too: what waits to be put into their index is read with every search, and is kept short.
"""

# The letters are those of olamchat/db/searching.py; a test holds both together.
UP = r"""
ALTER TABLE messages ADD COLUMN letters integer[];

CREATE FUNCTION unspaced_letter(letter integer) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT letter BETWEEN x'0e00'::integer AND x'0eff'::integer OR letter BETWEEN x'1000'::integer AND x'109f'::integer
        OR letter BETWEEN x'1780'::integer AND x'17ff'::integer OR letter BETWEEN x'3040'::integer AND x'30ff'::integer
        OR letter BETWEEN x'3400'::integer AND x'4dbf'::integer OR letter BETWEEN x'4e00'::integer AND x'9fff'::integer
        OR letter BETWEEN x'f900'::integer AND x'faff'::integer
$$;

-- Each letter is its number, each pair of neighbours the two halves of one number of 32 bits; NULL for a text that has none.
CREATE FUNCTION unspaced_letters(content text) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT number) FROM (
        SELECT ascii(one) AS letter, ascii(lead(one) OVER (ORDER BY n)) AS after
        FROM string_to_table(left(content, 100000), NULL) WITH ORDINALITY AS letters (one, n)
    ) neighbours, LATERAL (
        SELECT letter AS number UNION ALL SELECT (letter << 16) | after WHERE unspaced_letter(after)
    ) numbers
    WHERE unspaced_letter(letter)
$$;

CREATE FUNCTION note_unspaced_letters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.letters := unspaced_letters(NEW.content);
    RETURN NEW;
END
$$;

-- Not while an answer is written: saving a partial text costs this index nothing, as it costs the one of words nothing.
CREATE TRIGGER messages_letters BEFORE INSERT OR UPDATE OF status, content ON messages FOR EACH ROW
    WHEN (NEW.status IN ('done', 'stopped', 'failed') AND NEW.content ~ '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]')
    EXECUTE FUNCTION note_unspaced_letters();

UPDATE messages SET letters = unspaced_letters(content)
WHERE status IN ('done', 'stopped', 'failed') AND content ~ '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]';

CREATE INDEX messages_by_letters ON messages USING gin (letters) WHERE letters IS NOT NULL;
ALTER INDEX messages_search SET (gin_pending_list_limit = 256);
ALTER INDEX messages_by_letters SET (gin_pending_list_limit = 256);
"""
