"""How words are looked for in a person's titles, messages and calls of tools, in one statement that needs no statistics of Postgres to be quick.

A word that is in many messages is in the newest conversations already, and reading the index for it would mean reading all of its places. A word that is in few
is found by the index alone. Which of both a word is nobody knows before: so the newest conversations are looked through as far as a bounded number of messages
goes, and where that did not fill the page the index is asked. What is written without spaces between words has an index of its letters.
"""

import re

from olamchat.db.rows import Row

# Where the words stand in a message, each between these two. A text's own marks of that kind are taken out.
BEGINS, ENDS = "\x02", "\x03"
# How many messages are looked through before the index is asked; a conversation counts for some even when it has none.
_NEAR_WORDS, _NEAR_LETTERS, _NEAR_EACH = 2_500, 800, 10
# Signs alone have no index: so many messages are looked through, and all titles.
_NEAR_SIGNS = 8_000
# How many of a person's newest calls of tools are looked through.
_NEAR_STEPS = 2_500
# Of so many words the rarest are looked up in the index; whether a message has the others too is seen in the message.
_WEIGHED = 8
_HEADLINE = f'StartSel="{BEGINS}",StopSel="{ENDS}",MaxFragments=1,MaxWords=22,MinWords=10'
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")

# The newest call of each conversation that has the words, beside the messages; {called} whether a call has what is looked for.
_BY_STEPS = """called AS (
    SELECT DISTINCT ON (c.updated_at, c.id) c.updated_at, c.id, s.message_id, s.said
    FROM (SELECT * FROM (SELECT * FROM step_words WHERE user_id = %(user_id)s ORDER BY created_at DESC LIMIT {steps} OFFSET 0) s WHERE {called} OFFSET 0) s
        JOIN messages m ON m.id = s.message_id JOIN conversations c ON c.id = m.conversation_id
    WHERE {mine}{older} ORDER BY c.updated_at DESC, c.id DESC, s.created_at DESC LIMIT %(limit)s + 1
)"""

# {mine} is the condition of the person's conversations, {older} that of those behind the cursor, {says} whether a message has what is looked for, {hits}
# the newest such message of each conversation by the index. OFFSET 0 keeps Postgres from merging a part with the one around it, MATERIALIZED and (SELECT …)
# from guessing by what is looked for.
_FOUND = """
WITH RECURSIVE asked AS MATERIALIZED (SELECT {words} AS words, lower(%(like)s) AS title), walked AS (
    SELECT 0::bigint AS looked, 0 AS found, coalesce(%(before)s::timestamptz, 'infinity') AS updated_at, %(before_id)s::uuid AS id,
        NULL::uuid AS message_id, false AS has
    UNION ALL
    SELECT w.looked + {each} + coalesce(m.n, 0), w.found + h.has::integer, c.updated_at, c.id, CASE WHEN m.says THEN m.id END, h.has
    FROM walked w, LATERAL (
            SELECT c.id, c.updated_at, c.title FROM conversations c WHERE {mine} AND (c.updated_at, c.id) < (w.updated_at, w.id)
            ORDER BY c.updated_at DESC, c.id DESC LIMIT 1) c
        LEFT JOIN LATERAL (
            SELECT m.id, m.n, m.says FROM (
                SELECT m.id, {says} AS says, row_number() OVER newest AS n, lead(m.id) OVER newest IS NULL AS last FROM (
                    SELECT * FROM messages m WHERE m.conversation_id = c.id ORDER BY m.created_at DESC, m.id DESC LIMIT {near}) m
                WINDOW newest AS (ORDER BY m.created_at DESC, m.id DESC)) m
            WHERE m.says OR m.last LIMIT 1) m ON true,
        LATERAL (SELECT coalesce(m.says, false) OR coalesce(lower(c.title) LIKE (SELECT title FROM asked), false) AS has) h
    WHERE w.looked < {near} AND w.found <= %(limit)s
), enough AS MATERIALIZED (SELECT max(looked) < {near} OR max(found) > %(limit)s AS yes FROM walked), {hits}, far AS (
    (SELECT c.updated_at, c.id, NULL::uuid AS message_id FROM conversations c
    WHERE {mine}{older} AND lower(c.title) LIKE (SELECT title FROM asked) ORDER BY c.updated_at DESC, c.id DESC LIMIT %(limit)s + 1)
    UNION ALL
    SELECT updated_at, id, message_id FROM walked WHERE has
    UNION ALL
    (SELECT c.updated_at, c.id, hits.message_id FROM hits, LATERAL (SELECT * FROM conversations c WHERE c.id = hits.conversation_id OFFSET 0) c
    WHERE {mine}{older} ORDER BY c.updated_at DESC, c.id DESC LIMIT %(limit)s + 1)
), {by_steps}, page AS MATERIALIZED (
    SELECT DISTINCT ON (updated_at, id) * FROM (
        SELECT updated_at, id, message_id, NULL::text AS said, 0 AS rank FROM walked WHERE has AND (SELECT yes FROM enough)
        UNION ALL
        (SELECT DISTINCT ON (updated_at, id) updated_at, id, message_id, NULL, 0 FROM far WHERE NOT (SELECT yes FROM enough)
        ORDER BY updated_at DESC, id DESC, message_id NULLS LAST)
        UNION ALL
        SELECT updated_at, id, message_id, said, 1 FROM called
    ) found ORDER BY updated_at DESC, id DESC, rank LIMIT %(limit)s + 1
)
SELECT c.*, p.message_id, {answering} AS answering, {snippet} AS snippet
FROM page p CROSS JOIN LATERAL (SELECT * FROM conversations c WHERE c.id = p.id OFFSET 0) c
    LEFT JOIN LATERAL (SELECT coalesce(p.said, m.content) AS content FROM messages m WHERE m.id = p.message_id OFFSET 0) m ON true
ORDER BY p.updated_at DESC, p.id DESC"""

# Words. Which of several is the rarest is learnt from messages here and there, a few out of each of some pages of the table.
_RAREST = """sampled AS MATERIALIZED (
    SELECT m.search FROM messages m WHERE m.ctid = ANY (ARRAY(
        SELECT ('(' || n * pages / 40 || ',' || line || ')')::tid
        FROM (SELECT pg_relation_size('messages') / current_setting('block_size')::int AS pages) size,
            generate_series(0, 39) n, generate_series(1, 5) line WHERE cardinality(%(each)s::text[]) > 1))
), weighed AS MATERIALIZED (
    SELECT word, (SELECT count(*) FROM sampled WHERE search @@ to_tsquery('simple', word)) AS seen FROM unnest(%(each)s::text[]) word
), rarest AS MATERIALIZED (
    SELECT to_tsquery('simple', string_agg(word, ' & ')) AS words, count(*) = %(number)s AS all_of_them
    FROM weighed WHERE seen = (SELECT min(seen) FROM weighed)
), """
_BY_WORDS = """hits AS MATERIALIZED (
    SELECT DISTINCT ON (m.conversation_id) m.conversation_id, m.id AS message_id FROM messages m
    WHERE m.search @@ (SELECT words FROM rarest) AND ((SELECT all_of_them FROM rarest) OR m.search @@ (SELECT words FROM asked))
    ORDER BY m.conversation_id, m.created_at DESC, m.id DESC)"""
# A single word is shown out of the text around its first place: taking all of a long text apart takes longer than all the rest.
_SHOWN_WORDS = """nullif(btrim(regexp_replace(ts_headline('simple', translate((
    SELECT CASE WHEN place > 0 THEN substring(m.content FROM greatest(1, place - 500) FOR 1200) ELSE left(m.content, 100000) END
    FROM regexp_instr(m.content, %(first)s, 1, 1, 0, 'i') place), %(marks)s, ''), (SELECT words FROM asked), %(headline)s), '\\s+', ' ', 'g')), '')"""

# Text without spaces between its words, by its letters (migration 0008). For signs alone there is no index.
_BY_LETTERS = """hits AS MATERIALIZED (
    SELECT DISTINCT ON (m.conversation_id) m.conversation_id, m.id AS message_id FROM messages m
    WHERE m.letters @> (SELECT %(letters)s::text[]) AND {says} ORDER BY m.conversation_id, m.created_at DESC, m.id DESC)"""
_BY_SIGNS = "hits AS (SELECT NULL::uuid AS conversation_id, NULL::uuid AS message_id WHERE false)"
_SHOWN_TEXT = """nullif(btrim(regexp_replace(regexp_replace(
    substring(translate(m.content, %(marks)s, '') FROM greatest(1, position(lower(%(words)s) IN lower(m.content)) - 40) FOR 160),
    '\\s+', ' ', 'g'), %(pattern)s, %(marked)s, 'gi')), '')"""


def listed(words: str, *, mine: str, older: str, answering: str) -> tuple[str, Row]:
    """Return the statement that lists up to `limit` + 1 conversations that have the words, the latest used first, and its values.

    Conditions on a conversation `c`: whether it is `mine`, whether it is `older` than the cursor (before, before_id), whether it is `answering`.
    Its columns are those of a conversation with `answering`, `message_id` and `snippet`.
    """
    values: Row = {"like": f"%{_escaped(words)}%", "marks": BEGINS + ENDS}
    parts = {
        "mine": mine,
        "older": older,
        "answering": answering,
        "each": str(_NEAR_EACH),
        "by_steps": _BY_STEPS,
        "steps": str(_NEAR_STEPS),
    }
    if found := [] if _UNSPACED.search(words) else list(dict.fromkeys(_WORD.findall(words))):
        return _put(_FOUND, **parts, **_FOR_WORDS), values | _words(found)
    letters = _letters(words)
    parts |= _FOR_LETTERS if letters else _FOR_SIGNS
    return _put(_FOUND, **parts, says=_has(words), called=_has(words, "s.said"), snippet=_SHOWN_TEXT, words="NULL"), values | {
        "letters": letters,
        **_text(words),
    }


_FOR_WORDS = {
    "words": "to_tsquery('simple', %(query)s)", "says": "m.search @@ (SELECT words FROM asked)",
    "called": "s.words @@ (SELECT words FROM asked)", "hits": _RAREST + _BY_WORDS, "snippet": _SHOWN_WORDS, "near": str(_NEAR_WORDS),
}  # fmt: skip
_FOR_LETTERS = {"hits": _BY_LETTERS, "near": str(_NEAR_LETTERS)}
_FOR_SIGNS = {"hits": _BY_SIGNS, "near": str(_NEAR_SIGNS)}


_OUTER = ("hits", "by_steps")


def _put(statement: str, **parts: str) -> str:
    """Put the parts where they belong; the outer ones have some of the others in them."""
    for name in sorted(parts, key=_OUTER.__contains__, reverse=True):
        statement = statement.replace(f"{{{name}}}", parts[name])
    return statement


def _words(found: list[str]) -> Row:
    each = [f"'{word}':*" for word in found]
    first = rf"\m{found[0]}" if len(found) == 1 else None
    return {"query": " & ".join(each), "each": each[:_WEIGHED], "number": len(each), "first": first, "headline": _HEADLINE}


def _text(words: str) -> Row:
    return {"words": words, "pattern": re.escape(" ".join(words.split())), "marked": f"{BEGINS}\\&{ENDS}"}


def _has(words: str, text: str = "m.content") -> str:
    """Return how a text is asked for the text; case costs as much as all the rest, and most writing without spaces has none."""
    return f"{text} {'LIKE' if words.lower() == words.upper() else 'ILIKE'} %(like)s"


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _letters(words: str) -> list[str]:
    """Return the letters of unspaced writing, as the index knows them."""
    return sorted(set("".join(_UNSPACED.findall(words))))
